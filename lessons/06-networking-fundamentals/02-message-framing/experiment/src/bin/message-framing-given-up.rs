//! Shows a read that is given up in the middle of a frame. With `read_exact` the bytes
//! that it had taken are lost; a `Framed` keeps them.
//!
//!     cargo xtask run message-framing given-up

use std::{future::ready, io};

use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};

#[tokio::main]
async fn main() -> io::Result<()> {
    // ANCHOR: read-exact
    let (mut sender, mut receiver) = tokio::io::duplex(64);
    sender.write_all(b"\x05gre").await?;
    tokio::select! {
        biased;
        message = read_frame(&mut receiver) => println!("read_exact: {message:?}"),
        () = ready(()) => println!("read_exact: given up"),
    }
    sender.write_all(b"en\x03red").await?;
    drop(sender);
    println!("read_exact: {:?}", read_frame(&mut receiver).await);
    // ANCHOR_END: read-exact

    // ANCHOR: framed
    let (mut sender, receiver) = tokio::io::duplex(64);
    let codec = LengthDelimitedCodec::builder()
        .length_field_type::<u8>()
        .new_codec();
    let mut frames = FramedRead::new(receiver, codec);
    sender.write_all(b"\x05gre").await?;
    tokio::select! {
        biased;
        message = frames.next() => println!("Framed: {message:?}"),
        () = ready(()) => println!("Framed: given up"),
    }
    sender.write_all(b"en\x03red").await?;
    println!("Framed: {:?}", frames.next().await);
    // ANCHOR_END: framed
    Ok(())
}

// ANCHOR: read-frame
/// Reads a frame with a length of one byte.
async fn read_frame(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = reader.read_u8().await?;
    let mut message = vec![0; length.into()];
    reader.read_exact(&mut message).await?;
    Ok(message)
}
// ANCHOR_END: read-frame
