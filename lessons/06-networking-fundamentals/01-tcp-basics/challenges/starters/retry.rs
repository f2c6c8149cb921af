//! Connects to a server, says hello and prints the answer. Where the connection is
//! refused it shall try again, with exponential backoff and full jitter: that is
//! yours to write.
//!
//! ```text
//! retry [--seed N] ADDR
//! ```

use std::{env, io, net::SocketAddr, process::ExitCode};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Yours: `--seed N` in front of the address makes the waits repeatable.
    let Some(addr) = env::args().nth(1).and_then(|addr| addr.parse().ok()) else {
        eprintln!("usage: retry [--seed N] ADDR");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("retry: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(addr: SocketAddr) -> io::Result<()> {
    let mut stream = connect(addr).await?;
    stream.write_all(b"hello\n").await?;
    let mut answer = String::new();
    // Yours: what if the server closes without an answer?
    BufReader::new(stream).read_line(&mut answer).await?;
    print!("{answer}");
    Ok(())
}

/// Connects once.
async fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    // Yours: try again where it is refused, and print each attempt and each wait.
    let stream = TcpStream::connect(addr).await?;
    println!("attempt 1: connected");
    Ok(stream)
}
