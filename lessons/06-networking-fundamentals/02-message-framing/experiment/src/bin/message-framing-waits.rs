//! Shows that after an error `Framed` waits for more to come, although the next
//! message is in its buffer already.
//!
//!     cargo xtask run message-framing waits

use std::{future::ready, io};

use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio_util::codec::{FramedRead, LinesCodec};

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut client, server) = tokio::io::duplex(64);
    let mut lines = FramedRead::new(server, LinesCodec::new_with_max_length(5));

    // ANCHOR: story
    client.write_all(b"ultramarine\nblue\n").await?;
    println!("[server] {:?}", lines.next().await);
    println!("[server] {:?}", lines.next().await);

    let unread = lines.read_buffer().escape_ascii();
    println!("[server] in the buffer: {unread}");
    tokio::select! {
        biased;
        line = lines.next() => println!("[server] {line:?}"),
        () = ready(()) => println!("[server] waits for more"),
    }

    println!("[client] sends more");
    client.write_all(b"red\n").await?;
    println!("[server] {:?}", lines.next().await);
    // ANCHOR_END: story
    Ok(())
}
