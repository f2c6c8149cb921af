//! Connects to a server, and takes apart the frames that come, however they are cut.
//! A frame is a length, four bytes, the most significant first, and then so many
//! bytes of content.
//!
//! ```text
//! frames ADDR
//! ```
//!
//! Try it with `printf '\0\0\0\2hi\0\0\0\5hel' | nc -N -l 127.0.0.1 7000` in another
//! terminal: the second frame was cut off.

use std::{
    env,
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    process::ExitCode,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, BufReader},
    net::TcpStream,
};

/// A frame has at most so many bytes of content.
const LONGEST_CONTENT: u32 = 1_048_576;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = parse_args() else {
        eprintln!("usage: frames ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("frames: {addr}: {error}");
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
    let mut number = 0;
    while let Some(content) = next_frame(&mut reader).await? {
        number += 1;
        let length = content.len();
        let sum: u64 = content.iter().map(|&byte| u64::from(byte)).sum();
        // Rust's standard output keeps nothing back behind a `\n`.
        writeln!(out, "frame {number}: {length} bytes, sum {sum}")?;
    }
    Ok(())
}

/// Reads the next frame, and gives its content. `None` is the end of the stream.
async fn next_frame(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let Some(length) = next_length(reader).await? else {
        return Ok(None);
    };
    if length > LONGEST_CONTENT {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            format!("a frame claims {length} bytes, and {LONGEST_CONTENT} are allowed"),
        ));
    }
    // Only now: no memory is put aside because a length says so.
    let mut content = vec![0; length as usize];
    read_exact(reader, &mut content).await?;
    Ok(Some(content))
}

/// Reads the length that a frame begins with.
async fn next_length(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<u32>> {
    let mut length = [0; 4];
    // The stream may end before the first byte, and before no other one.
    let (first, rest) = length.split_at_mut(1);
    if reader.read(first).await? == 0 {
        return Ok(None);
    }
    read_exact(reader, rest).await?;
    Ok(Some(u32::from_be_bytes(length)))
}

/// Fills the buffer with a part of a frame, before whose end the stream must not end.
async fn read_exact(reader: &mut (impl AsyncRead + Unpin), part: &mut [u8]) -> io::Result<()> {
    match reader.read_exact(part).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(io::Error::new(error.kind(), "the last frame was cut off"))
        }
        Err(error) => Err(error),
    }
}
