//! How a message is put on the stream, and found there again.

use std::io::{self, ErrorKind};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio_util::codec::{Decoder, Encoder};

/// How many bytes the length takes.
const HEAD: usize = 2;
/// The longest message, in bytes.
const LONGEST: usize = 1024;

/// A frame is a length, two bytes, the most significant first, and then a message of
/// so many bytes.
pub(crate) struct Frames;

// ANCHOR: decoder
impl Decoder for Frames {
    type Item = Bytes;
    type Error = io::Error;

    /// Is asked again and again, each time with all that has come and was not taken.
    /// Takes one whole frame, or nothing.
    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let Some(&head) = buffer.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let length = u16::from_be_bytes(head).into();
        check(length)?;
        if buffer.len() < HEAD + length {
            return Ok(None);
        }
        buffer.advance(HEAD);
        Ok(Some(buffer.split_to(length).freeze()))
    }

    /// Is asked when the stream has ended. What is left then was cut off.
    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let frame = self.decode(buffer)?;
        if frame.is_none() && !buffer.is_empty() {
            let what = format!("cut off after {} bytes of a frame", buffer.len());
            return Err(io::Error::new(ErrorKind::UnexpectedEof, what));
        }
        Ok(frame)
    }
}
// ANCHOR_END: decoder

// ANCHOR: encoder
impl Encoder<&[u8]> for Frames {
    type Error = io::Error;

    fn encode(&mut self, message: &[u8], buffer: &mut BytesMut) -> io::Result<()> {
        check(message.len())?;
        buffer.put_uint(message.len() as u64, HEAD);
        buffer.put_slice(message);
        Ok(())
    }
}
// ANCHOR_END: encoder

// ANCHOR: check
/// The limit, for both directions. A length that passes fits into two bytes.
fn check(length: usize) -> io::Result<()> {
    if length > LONGEST {
        let what = format!("a message of {length} bytes, and {LONGEST} are allowed");
        return Err(io::Error::new(ErrorKind::InvalidData, what));
    }
    Ok(())
}
// ANCHOR_END: check
