//! Shows what four bytes from a stranger cost, with a limit and without.
//!
//!     cargo xtask run message-framing claims

use std::{future::ready, io};

use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio_util::codec::{AnyDelimiterCodec, FramedRead, LengthDelimitedCodec, LinesCodec};

#[tokio::main]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    println!("--- the limit that it comes with ---\n");
    let codec = LengthDelimitedCodec::new();
    println!("limit: {} bytes", codec.max_frame_length());
    claim(8_000_000, codec).await?;

    println!("\n--- a limit of our own ---\n");
    let codec = LengthDelimitedCodec::builder()
        .max_frame_length(1024)
        .new_codec();
    println!("limit: {} bytes", codec.max_frame_length());
    claim(8_000_000, codec).await?;

    println!("\n--- and with delimiters ---\n");
    let lines = LinesCodec::new();
    println!("LinesCodec: {} bytes", lines.max_length());
    let parts = AnyDelimiterCodec::default();
    println!("AnyDelimiterCodec: {} bytes", parts.max_length());
    // ANCHOR_END: story
    Ok(())
}

// ANCHOR: claim
/// Sends a length and nothing else, and looks at what the receiver does.
async fn claim(length: u32, codec: LengthDelimitedCodec) -> io::Result<()> {
    let (mut sender, receiver) = tokio::io::duplex(64);
    sender.write_all(&length.to_be_bytes()).await?;

    let mut frames = FramedRead::new(receiver, codec);
    tokio::select! {
        biased;
        frame = frames.next() => println!("{frame:?}"),
        () = ready(()) => println!("waits for the message"),
    }
    println!(
        "room in the buffer: {} bytes",
        frames.read_buffer().capacity()
    );
    Ok(())
}
// ANCHOR_END: claim
