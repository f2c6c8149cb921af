//! Connects to a server, takes apart the records that come, and prints the content of
//! each on a line.
//!
//! ```text
//! records ADDR
//! ```
//!
//! Try it with `printf '\2hi\1\73\0\322\5hel' | nc -N -l 127.0.0.1 7000` in another
//! terminal: the second record was cut off.

use std::{
    env,
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    process::ExitCode,
};

use bytes::{Buf, Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder, FramedRead};

/// A content has at most so many bytes.
const LONGEST_CONTENT: usize = 1_048_576;
/// A length has at most so many bytes.
const LONGEST_LENGTH: usize = 3;
/// A checksum has so many bytes.
const CHECKSUM: usize = 4;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = parse_args() else {
        eprintln!("usage: records ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("records: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse_args() -> Option<SocketAddr> {
    env::args_os().nth(1)?.to_str()?.parse().ok()
}

async fn run(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr).await?;
    let mut records = FramedRead::new(stream, Records);
    let mut out = io::stdout();
    while let Some(content) = records.next().await {
        // Rust's standard output keeps nothing back behind a `\n`.
        out.write_all(&line(&content?))?;
    }
    Ok(())
}

/// The content as a line. A line is always one content: no `\n` is left in it.
fn line(content: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(content.len() + 1);
    for &byte in content {
        match byte {
            b'\\' => line.extend_from_slice(br"\\"),
            b'\n' => line.extend_from_slice(br"\n"),
            _ => line.push(byte),
        }
    }
    line.push(b'\n');
    line
}

/// A record is a length, a content of so many bytes, and the content's checksum.
struct Records;

impl Decoder for Records {
    type Item = Bytes;
    type Error = io::Error;

    /// Takes a whole record, or nothing.
    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let Some((length, head)) = parse_length(buffer)? else {
            return Ok(None);
        };
        if buffer.len() < head + length + CHECKSUM {
            return Ok(None);
        }
        buffer.advance(head);
        let content = buffer.split_to(length).freeze();
        if buffer.get_u32() != adler32(&content) {
            return Err(wrong("a checksum does not fit its content"));
        }
        Ok(Some(content))
    }

    /// What is left at the end of the stream was cut off.
    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let content = self.decode(buffer)?;
        if content.is_none() && !buffer.is_empty() {
            let what = "the last record was cut off";
            return Err(io::Error::new(ErrorKind::UnexpectedEof, what));
        }
        Ok(content)
    }
}

/// The length with which a record begins, and how many bytes it takes itself. `None`
/// where more have to come.
fn parse_length(record: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let mut length = 0;
    for (place, &byte) in record.iter().take(LONGEST_LENGTH).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 != 0 {
            continue;
        }
        if byte == 0 && place > 0 {
            return Err(wrong("a length is longer than it has to be"));
        }
        if length > LONGEST_CONTENT {
            return Err(wrong("a record is too long"));
        }
        return Ok(Some((length, place + 1)));
    }
    if record.len() >= LONGEST_LENGTH {
        return Err(wrong("a length has more than three bytes"));
    }
    Ok(None)
}

/// As in RFC 1950.
fn adler32(content: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut a, mut b) = (1, 0);
    for &byte in content {
        a = (a + u32::from(byte)) % MODULUS;
        b = (b + a) % MODULUS;
    }
    b << 16 | a
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
