//! Shows a connection that begins with a line and goes on with frames. What was read
//! in advance goes from one codec to the next.
//!
//!     cargo xtask run message-framing switch

use std::io;

use futures_util::StreamExt;
use tokio_util::codec::{FramedRead, LengthDelimitedCodec, LinesCodec};

#[tokio::main]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    let stream = &b"frames from here on\n\x03red\x05green"[..];
    let mut lines = FramedRead::new(stream, LinesCodec::new_with_max_length(64));
    println!("{:?}", lines.next().await);
    println!("read in advance: {} bytes", lines.read_buffer().len());

    let mut frames = lines.map_decoder(|_| {
        LengthDelimitedCodec::builder()
            .length_field_type::<u8>()
            .new_codec()
    });
    while let Some(message) = frames.next().await {
        println!("{:?}", message?);
    }
    // ANCHOR_END: story
    Ok(())
}
