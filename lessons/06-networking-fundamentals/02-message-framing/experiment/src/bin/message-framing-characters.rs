//! Shows a length that counts characters, where the receiver counts bytes: one message
//! is wrong, and all others are lost.
//!
//!     cargo xtask run message-framing characters

use bytes::{BufMut, BytesMut};
use futures_util::StreamExt;
use tokio_util::codec::{FramedRead, LengthDelimitedCodec};

#[tokio::main]
async fn main() {
    // ANCHOR: story
    let mut sent = BytesMut::new();
    for message in ["tea", "café", "milk"] {
        let characters = u16::try_from(message.chars().count());
        sent.put_u16(characters.unwrap_or(u16::MAX));
        sent.put_slice(message.as_bytes());
    }
    println!("sent: {}", sent.escape_ascii());

    let codec = LengthDelimitedCodec::builder()
        .length_field_type::<u16>()
        .max_frame_length(1024)
        .new_codec();
    let mut frames = FramedRead::new(&sent[..], codec);
    while let Some(message) = frames.next().await {
        println!("{message:?}");
    }
    // ANCHOR_END: story
}
