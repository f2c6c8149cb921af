//! Shows a server's end as its client sees it: one that finishes, and five that die.
//! The server is a process of its own: this program, started once more.
//!
//!     cargo xtask run tcp-basics crash

use std::env;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::process::{self, Stdio};

use harness::arrival::arrived;
use harness::event::Event;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Interest};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

#[tokio::main]
async fn main() -> io::Result<()> {
    match env::args().nth(1) {
        Some(end) => server(&end).await,
        None => client().await,
    }
}

// ANCHOR: client
async fn client() -> io::Result<()> {
    for end in ["finish", "exit", "panic", "abort", "unread input"] {
        let (mut server, mut socket) = connect_to_server(end).await?;
        socket.write_all(b"bye\n").await?;
        let event = Event::of_read(&socket.read(&mut [0; 1]).await);
        println!("[client] {end}: {event}");
        server.wait().await?;
    }

    let (mut server, mut socket) = connect_to_server("SIGKILL").await?;
    let address = socket.peer_addr()?;
    server.kill().await?;
    let event = Event::of_read(&socket.read(&mut [0; 1]).await);
    println!("[client] SIGKILL: {event}");

    println!("\n--- And afterwards ---\n");
    let first = socket.write(b"still there?\n").await;
    println!("[client] first write: {}", outcome(&first));
    // What comes back is a reset. Only then does this side know.
    socket.ready(Interest::ERROR).await?;
    let second = socket.write(b"still there?\n").await;
    println!("[client] second write: {}", outcome(&second));
    let again = TcpStream::connect(address).await;
    println!("[client] connecting again: {}", outcome(&again));
    Ok(())
}
// ANCHOR_END: client

// ANCHOR: server
/// Greets one client, waits until it has sent four bytes, and ends.
async fn server(end: &str) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let (mut client, _) = listener.accept().await?;
    client.write_all(b"hello\n").await?;

    if end == "unread input" {
        // The bytes are here, and nobody reads them.
        arrived(&client, 4).await?;
        process::exit(1);
    }
    client.read_exact(&mut [0; 4]).await?;
    match end {
        "exit" => process::exit(1),
        "abort" => process::abort(),
        "panic" => panics(),
        _ => Ok(()),
    }
}
// ANCHOR_END: server

#[expect(
    clippy::panic,
    reason = "this is one of the ends that the program shows"
)]
fn panics() -> ! {
    panic!("a bug in the server");
}

/// Starts this program as a server, connects to it, and hears its greeting: from
/// then on the server has accepted us.
async fn connect_to_server(end: &str) -> io::Result<(Child, TcpStream)> {
    let mut server = Command::new(env::current_exe()?)
        .arg(end)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let output = server.stdout.take().ok_or(ErrorKind::BrokenPipe)?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).await?;
    let address: SocketAddr = line.trim_end().parse().map_err(io::Error::other)?;

    let mut socket = TcpStream::connect(address).await?;
    socket.read_exact(&mut [0; 6]).await?;
    Ok((server, socket))
}

/// `Ok`, or which error.
fn outcome<T>(result: &io::Result<T>) -> String {
    match result {
        Ok(_) => "Ok".to_owned(),
        Err(error) => Event::Error(error.kind()).to_string(),
    }
}
