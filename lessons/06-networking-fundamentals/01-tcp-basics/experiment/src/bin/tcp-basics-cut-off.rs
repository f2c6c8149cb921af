//! Shows a message that was cut off by the end of the stream, and who notices.
//!
//!     cargo xtask run tcp-basics cut-off

use std::io;

use futures_util::StreamExt;
use harness::event::Event;
use harness::loopback;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

#[tokio::main]
async fn main() -> Result<(), LinesCodecError> {
    // ANCHOR: story
    // The sender meant to write "pay 1000\n", and died on the way.
    let socket = receive(b"pay 100").await?;
    let mut lines = FramedRead::new(socket, LinesCodec::new_with_max_length(1024));
    if let Some(line) = lines.next().await {
        println!("LinesCodec: {:?}", line?);
    }

    let socket = receive(b"pay 100").await?;
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line).await?;
    let whole = line.ends_with('\n');
    println!("read_line: {line:?}, whole: {whole}");

    // The same with the length in front: nine bytes were announced.
    let mut socket = receive(b"\x09pay 100").await?;
    let length = socket.read_u8().await?;
    let mut message = vec![0; length.into()];
    match socket.read_exact(&mut message).await {
        Ok(_) => println!("read_exact: {message:?}"),
        Err(error) => println!("read_exact: {}", Event::Error(error.kind())),
    }
    // ANCHOR_END: story
    Ok(())
}

/// A connection on which `bytes` come, and then the end of the stream.
async fn receive(bytes: &[u8]) -> io::Result<TcpStream> {
    let (client, mut server) = loopback::pair().await?;
    server.write_all(bytes).await?;
    drop(server);
    Ok(client)
}
