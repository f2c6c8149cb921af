//! Shows the same messages read by three codecs, the last message cut off.
//!
//!     cargo xtask run message-framing codecs

use std::fmt::Debug;

use futures_util::StreamExt;
use tokio_util::codec::{AnyDelimiterCodec, Decoder, FramedRead, LengthDelimitedCodec, LinesCodec};

#[tokio::main]
async fn main() {
    // ANCHOR: story
    println!("--- LinesCodec ---\n");
    let lines = LinesCodec::new_with_max_length(5);
    read(b"red\r\ngreen\nblu", lines).await;

    println!("\n--- AnyDelimiterCodec ---\n");
    // Any byte of the first list ends a message. The second is what it writes.
    let parts = AnyDelimiterCodec::new_with_max_length(b"\r\n".to_vec(), b"\n".to_vec(), 5);
    read(b"red\r\ngreen\nblu", parts).await;

    println!("\n--- LengthDelimitedCodec ---\n");
    let frames = LengthDelimitedCodec::builder()
        .length_field_type::<u8>()
        .max_frame_length(5)
        .new_codec();
    read(b"\x03red\x05green\x04blu", frames).await;
    // ANCHOR_END: story
}

/// Prints all that the codec finds in the stream.
async fn read<C>(stream: &[u8], codec: C)
where
    C: Decoder<Item: Debug, Error: Debug>,
{
    let mut messages = FramedRead::new(stream, codec);
    while let Some(message) = messages.next().await {
        println!("{message:?}");
    }
}
