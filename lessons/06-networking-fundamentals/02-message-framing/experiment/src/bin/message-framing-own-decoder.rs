//! Shows a decoder of one's own for lines: a line that is too long is an answer and no
//! error, and one that was cut off is told about.
//!
//!     cargo xtask run message-framing own-decoder

use std::io::{self, ErrorKind};
use std::mem;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio_util::codec::{Decoder, FramedRead};

/// The longest line, in bytes, its ending not counted.
const LONGEST: usize = 5;

#[tokio::main]
async fn main() {
    // ANCHOR: story
    let stream = &b"red\nultramarine\nblue\ngre"[..];
    let mut lines = FramedRead::new(stream, Lines::default());
    while let Some(line) = lines.next().await {
        match line {
            Ok(Line::Whole(line)) => println!("line: {}", line.escape_ascii()),
            Ok(Line::TooLong) => println!("a line that is too long"),
            Err(error) => println!("error {:?}", error.kind()),
        }
    }
    // ANCHOR_END: story
}

// ANCHOR: decoder
#[derive(Default)]
struct Lines {
    /// So many bytes were looked at before, and none of them ends the line.
    searched: usize,
    /// What comes belongs to a line that was too long.
    skipping: bool,
}

enum Line {
    Whole(Bytes),
    TooLong,
}

impl Decoder for Lines {
    type Item = Line;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Line>> {
        let unsearched = &buffer[self.searched..];
        if let Some(place) = unsearched.iter().position(|&byte| byte == b'\n') {
            let end = mem::take(&mut self.searched) + place;
            let line = buffer.split_to(end + 1).freeze();
            if mem::take(&mut self.skipping) {
                return self.decode(buffer);
            }
            if end > LONGEST {
                return Ok(Some(Line::TooLong));
            }
            return Ok(Some(Line::Whole(line.slice(..end))));
        }
        if self.skipping || buffer.len() > LONGEST {
            buffer.clear();
            self.searched = 0;
            let is_told = mem::replace(&mut self.skipping, true);
            return Ok((!is_told).then_some(Line::TooLong));
        }
        self.searched = buffer.len();
        Ok(None)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<Line>> {
        match self.decode(buffer)? {
            None if !buffer.is_empty() => Err(ErrorKind::UnexpectedEof.into()),
            line => Ok(line),
        }
    }
}
// ANCHOR_END: decoder
