//! A server and its clients, which speak in frames: the length of a message, and then
//! the message. One client does it right, one claims too much, and one is cut off.
//!
//! Run it with
//!
//!     cargo xtask run message-framing
//!
//! Each scene is over when the server is done with its client.

mod frames;

use std::io::{self, ErrorKind};

use futures_util::{SinkExt, StreamExt};
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::codec::Framed;

use frames::Frames;

// ANCHOR: story
#[tokio::main]
async fn main() -> io::Result<()> {
    println!("=== Three messages in one write ===\n");
    let (client, server) = loopback::pair().await?;
    tokio::try_join!(talk(client), serve(server))?;

    println!("\n=== A length that claims too much ===\n");
    let (client, server) = loopback::pair().await?;
    tokio::try_join!(claim(client), serve(server))?;

    println!("\n=== A message that is cut off ===\n");
    let (client, server) = loopback::pair().await?;
    tokio::try_join!(break_off(client), serve(server))?;
    Ok(())
}
// ANCHOR_END: story

// ANCHOR: serve
/// Answers every message with its size, until the stream ends or cannot be understood.
async fn serve(socket: TcpStream) -> io::Result<()> {
    let mut messages = Framed::new(socket, Frames);
    loop {
        match messages.next().await {
            Some(Ok(message)) => {
                let size = format!("{} bytes", message.len());
                println!("[server] {size}: {}", message.escape_ascii());
                messages.send(size.as_bytes()).await?;
            }
            Some(Err(error)) => {
                println!("[server] {error}: hanging up");
                return Ok(());
            }
            None => {
                println!("[server] the end, between two messages");
                return Ok(());
            }
        }
    }
}
// ANCHOR_END: serve

// ANCHOR: talk
/// Sends messages of all kinds without waiting for an answer, and then hears them all.
async fn talk(socket: TcpStream) -> io::Result<()> {
    let mut messages = Framed::new(socket, Frames);
    for message in ["Hello", "", "roses are red,\nviolets are blue"] {
        messages.feed(message.as_bytes()).await?;
    }
    println!(
        "[client] frames: {}",
        messages.write_buffer().escape_ascii()
    );
    messages.flush().await?;

    for _ in 0..3 {
        let answer = messages.next().await.ok_or(ErrorKind::UnexpectedEof)??;
        println!("[client] answer: {}", answer.escape_ascii());
    }
    messages.close().await
}
// ANCHOR_END: talk

// ANCHOR: mischief
/// Claims 65,535 bytes, and waits for what comes of it.
async fn claim(mut socket: TcpStream) -> io::Result<()> {
    let length = u16::MAX.to_be_bytes();
    println!("[client] frame: {}, and no more", length.escape_ascii());
    socket.write_all(&length).await?;

    let n = socket.read(&mut [0; 1024]).await?;
    println!("[client] read {n} bytes: the end");
    Ok(())
}

/// Means to send "pay 1000", which is 8 bytes, and dies on the way.
async fn break_off(mut socket: TcpStream) -> io::Result<()> {
    let begun = b"\0\x08pay 100";
    println!("[client] frame: {}, and dies", begun.escape_ascii());
    socket.write_all(begun).await
}
// ANCHOR_END: mischief
