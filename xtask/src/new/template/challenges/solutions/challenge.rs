//! Connects to a server, says hello, and prints the answer.
//!
//! ```text
//! {{challenge}} ADDR
//! ```
//!
//! Try it with `printf 'good morning\n' | nc -N -l 127.0.0.1 7000` in another
//! terminal.

use std::{
    env,
    io::{self, ErrorKind},
    process::ExitCode,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args().nth(1) else {
        eprintln!("usage: {{challenge}} ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    match ask(&addr).await {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{{challenge}}: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says hello, and gives the line that the server answers, without its ending.
async fn ask(addr: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(b"hello\n").await?;
    // It reads until the line is whole, however many reads that takes.
    let answer = BufReader::new(stream).lines().next_line().await?;
    answer.ok_or_else(|| ErrorKind::UnexpectedEof.into())
}
