//! Shows what comes after a message that is too long: with a delimiter the next
//! message, with a length the same error again.
//!
//!     cargo xtask run message-framing after-an-error

use futures_util::StreamExt;
use tokio_util::codec::{AnyDelimiterCodec, FramedRead, LengthDelimitedCodec, LinesCodec};

#[tokio::main]
async fn main() {
    // ANCHOR: story
    println!("--- LinesCodec ---\n");
    let stream = &b"red\nultramarine\nblue\n"[..];
    let mut lines = FramedRead::new(stream, LinesCodec::new_with_max_length(5));
    for _ in 0..5 {
        println!("{:?}", lines.next().await);
    }

    println!("\n--- AnyDelimiterCodec ---\n");
    let stream = &b"red;ultramarine;blue;"[..];
    let codec = AnyDelimiterCodec::new_with_max_length(b";".to_vec(), b";".to_vec(), 5);
    let mut parts = FramedRead::new(stream, codec);
    for _ in 0..5 {
        println!("{:?}", parts.next().await);
    }

    println!("\n--- LengthDelimitedCodec ---\n");
    let stream = &b"\0\x03red\xff\xffgreen\0\x04blue"[..];
    let codec = LengthDelimitedCodec::builder()
        .length_field_type::<u16>()
        .max_frame_length(5)
        .new_codec();
    let mut frames = FramedRead::new(stream, codec);
    for _ in 0..5 {
        println!("{:?}", frames.next().await);
    }
    // ANCHOR_END: story
}
