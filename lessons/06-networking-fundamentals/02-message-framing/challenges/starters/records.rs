//! Connects to a server, and shall take apart the records that come, and print the
//! content of each on a line. So far it takes what has come for a record: the rest is
//! yours to write.
//!
//! ```text
//! records ADDR
//! ```

use std::{env, io, net::SocketAddr, process::ExitCode};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::net::TcpStream;
use tokio_util::codec::{Decoder, FramedRead};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args().nth(1).and_then(|addr| addr.parse().ok()) else {
        eprintln!("usage: records ADDR");
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

async fn run(addr: SocketAddr) -> io::Result<()> {
    let stream = TcpStream::connect(addr).await?;
    let mut records = FramedRead::new(stream, Records);
    while let Some(content) = records.next().await {
        // Yours: a content need not be text, and may hold the end of a line.
        println!("{}", String::from_utf8_lossy(&content?));
    }
    Ok(())
}

struct Records;

impl Decoder for Records {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        if buffer.is_empty() {
            return Ok(None);
        }
        // Yours: how long is the content, is all of it here, and does its checksum fit?
        Ok(Some(buffer.split().freeze()))
    }

    // Yours: what is left at the end of the stream was cut off. What does the
    // `decode_eof` that every decoder has make of that?
}
