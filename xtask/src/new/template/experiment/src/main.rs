//! One connection: a client says a word, and a server hears it.
//!
//! Run it with
//!
//!     cargo xtask run {{id}}

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    println!("[server] Listening on {addr}");

    let mut client = TcpStream::connect(addr).await?;
    client.write_all(b"hello").await?;
    client.shutdown().await?;
    println!("[client] Said hello, and nothing more");

    let (mut connection, _) = listener.accept().await?;
    let mut heard = String::new();
    connection.read_to_string(&mut heard).await?;
    println!("[server] Heard {heard}, and the end");
    // ANCHOR_END: story
    Ok(())
}
