//! What a program printed, as bytes, and never more of it than the budget.

use std::borrow::Cow;

/// How much of the end of a stream is kept beyond the budget, in bytes.
const TAIL: usize = 64 << 10;

/// What a program printed on one stream, as bytes.
///
/// Within the budget `head` is everything. Beyond it the middle is dropped: the
/// head and the last bytes are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The stream from its beginning.
    pub head: Vec<u8>,
    /// The end of a stream that was too long; empty for any other.
    pub tail: Vec<u8>,
    /// How many bytes between head and tail were dropped.
    pub dropped: u64,
}

impl Output {
    /// What was kept: the head, then the tail.
    #[must_use]
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.tail.is_empty() {
            Cow::Borrowed(&self.head)
        } else {
            Cow::Owned([self.head.as_slice(), self.tail.as_slice()].concat())
        }
    }

    /// What was kept, as text; what is not UTF-8 is shown as U+FFFD.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.bytes() {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// Whether nothing was dropped.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.dropped == 0
    }

    /// Takes in `bytes`, of which the first `room` still fit the budget.
    pub(crate) fn push(&mut self, bytes: &[u8], room: usize) {
        let (fit, excess) = bytes.split_at(room.min(bytes.len()));
        self.head.extend_from_slice(fit);
        self.tail.extend_from_slice(excess);
        // Cut seldom, so that a flood is not copied again for each piece of it.
        if self.tail.len() > 2 * TAIL {
            self.cut_tail();
        }
    }

    /// Brings the tail down to its size, once the stream is over.
    pub(crate) fn close(&mut self) {
        if self.tail.len() > TAIL {
            self.cut_tail();
        }
    }

    fn cut_tail(&mut self) {
        let excess = self.tail.len() - TAIL;
        self.tail.drain(..excess);
        self.dropped += excess as u64;
    }
}
