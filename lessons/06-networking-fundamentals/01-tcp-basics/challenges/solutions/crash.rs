//! Connects to a server that is about to fail, and prints what its socket tells it,
//! one event a line.
//!
//! ```text
//! crash 127.0.0.1:7000
//! ```
//!
//! Try it against `nc -l 127.0.0.1 7000`: type a line there, then press Ctrl-C, or
//! do nothing at all for two seconds.

use std::{
    env,
    io::{self, ErrorKind},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A server that is gone without a word is told from a slow one by nothing but
/// patience: after this silence it counts as gone.
const SILENCE: Duration = Duration::from_secs(2);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let argument = env::args_os().nth(1).unwrap_or_default();
    let Ok(addr) = argument.to_string_lossy().parse() else {
        eprintln!("usage: crash ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    // When this returns the socket is closed, however it went.
    let outcome = watch(addr).await;
    if let Err(error) = &outcome {
        println!("error {:?}", error.kind());
    }
    println!("close");
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Connects, asks once whether the server is still there, and reads until its stream is
/// over.
async fn watch(addr: SocketAddr) -> io::Result<()> {
    let mut stream = in_time(TcpStream::connect(addr)).await?;
    println!("connect");
    let mut received = 0;
    let outcome = converse(&mut stream, &mut received).await;
    if received > 0 {
        println!("data {received} bytes");
    }
    outcome?;
    println!("end");
    Ok(())
}

/// Counts in `received` what has come, also where it fails.
async fn converse(stream: &mut TcpStream, received: &mut usize) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let read = in_time(stream.read(&mut buffer)).await?;
        if read == 0 {
            return Ok(());
        }
        let is_first = *received == 0;
        *received += read;
        if is_first {
            in_time(stream.write_all(b"still there?\n")).await?;
        }
    }
}

/// What comes of `future`, unless it takes longer than a server may be silent.
async fn in_time<T>(future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match timeout(SILENCE, future).await {
        Ok(outcome) => outcome,
        Err(_) => Err(ErrorKind::TimedOut.into()),
    }
}
