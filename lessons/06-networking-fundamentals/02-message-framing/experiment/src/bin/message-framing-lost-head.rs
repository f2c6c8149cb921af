//! Shows a decoder that takes the length before the message is there: right for a
//! frame in one piece, wrong for the same frame in two.
//!
//!     cargo xtask run message-framing lost-head

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use tokio_util::codec::Decoder;

fn main() -> io::Result<()> {
    // ANCHOR: story
    for pieces in [&[&b"\x05green\x03red"[..]][..], &[b"\x05gre", b"en\x03red"]] {
        let mut buffer = BytesMut::new();
        for piece in pieces {
            println!("piece: {}", piece.escape_ascii());
            buffer.extend_from_slice(piece);
            while let Some(message) = Forgetful.decode(&mut buffer)? {
                println!("    message: {}", message.escape_ascii());
            }
        }
    }
    // ANCHOR_END: story
    Ok(())
}

// ANCHOR: decoder
/// Frames with a length of one byte.
struct Forgetful;

impl Decoder for Forgetful {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        if buffer.is_empty() {
            return Ok(None);
        }
        let length = buffer.get_u8().into();
        if buffer.len() < length {
            // Wrong: the length has been taken, and nobody remembers it.
            return Ok(None);
        }
        Ok(Some(buffer.split_to(length).freeze()))
    }
}
// ANCHOR_END: decoder
