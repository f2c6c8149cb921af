//! Connects to a server, and prints every line that comes, however it is cut.
//!
//! ```text
//! lines ADDR
//! ```
//!
//! Try it with `printf 'red\ngreen\r\nblue' | nc -N -l 127.0.0.1 7000` in another
//! terminal: the last line was cut off.

use std::{
    env,
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    process::ExitCode,
};

use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpStream,
};

/// A line has at most so many bytes, its ending not counted.
const LONGEST_LINE: usize = 65_536;
/// The longer one of the two endings, `\n` and `\r\n`.
const LONGEST_ENDING: usize = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = parse_args() else {
        eprintln!("usage: lines ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lines: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse_args() -> Option<SocketAddr> {
    env::args_os().nth(1)?.to_str()?.parse().ok()
}

async fn run(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr).await?;
    // One for the whole stream: what it has read in advance is in it only.
    let mut reader = BufReader::new(stream);
    let mut out = io::stdout();
    while let Some(mut line) = next_line(&mut reader).await? {
        line.push(b'\n');
        // Rust's standard output keeps nothing back behind a `\n`.
        out.write_all(&line)?;
    }
    Ok(())
}

/// Reads the next line, and gives it without its ending. `None` is the end of the
/// stream.
async fn next_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    // Whatever comes, never more is kept than the longest line needs.
    let mut reader = reader.take((LONGEST_LINE + LONGEST_ENDING) as u64);
    reader.read_until(b'\n', &mut line).await?;

    if line.is_empty() {
        return Ok(None);
    }
    if line.pop_if(|last| *last == b'\n').is_some() {
        line.pop_if(|last| *last == b'\r');
    } else if reader.limit() > 0 {
        return Err(io::Error::new(
            ErrorKind::UnexpectedEof,
            "the last line was cut off",
        ));
    }
    if line.len() > LONGEST_LINE {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            format!("a line is longer than {LONGEST_LINE} bytes"),
        ));
    }
    Ok(Some(line))
}
