//! A stream whose pieces are known, so that each run reads the same.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf};

// ANCHOR: source
/// A stream that comes in pieces, as one from a network does.
pub(crate) struct Source {
    pieces: VecDeque<&'static [u8]>,
    asked: u32,
}

impl AsyncRead for Source {
    /// Called each time the reader wants more, and never else.
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.asked += 1;
        if let Some(piece) = self.pieces.pop_front() {
            let (fits, rest) = piece.split_at(piece.len().min(buffer.remaining()));
            buffer.put_slice(fits);
            if !rest.is_empty() {
                self.pieces.push_front(rest);
            }
        }
        // Where no piece was left, nothing is in the buffer: that is the end.
        Poll::Ready(Ok(()))
    }
}
// ANCHOR_END: source

impl Source {
    /// Three lines, 15 bytes, cut where no line ends.
    pub(crate) fn new() -> Self {
        Self {
            pieces: [&b"red\ngr"[..], b"een\nbl", b"ue\n"].into(),
            asked: 0,
        }
    }

    /// How often a reader has asked so far.
    pub(crate) fn asked(&self) -> u32 {
        self.asked
    }
}
