//! Shows what a decoder is asked, and what it answers: the stream comes in pieces, and
//! no piece ends where a frame does.
//!
//!     cargo xtask run message-framing pieces

use std::io;

use bytes::BytesMut;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

fn main() -> io::Result<()> {
    // ANCHOR: story
    let mut frames = LengthDelimitedCodec::builder()
        .length_field_type::<u16>()
        .new_codec();
    let mut buffer = BytesMut::new();

    for piece in [&b"\0"[..], b"\x03re", b"d\0\x05green\0\x04bl", b"ue"] {
        println!("piece: {}", piece.escape_ascii());
        buffer.extend_from_slice(piece);
        while let Some(message) = frames.decode(&mut buffer)? {
            println!("    message: {}", message.escape_ascii());
        }
        println!("    no more yet");
    }
    // ANCHOR_END: story
    Ok(())
}
