//! Sequence numbers without their wrap-around. A TCP sequence number has 32 bits and
//! begins anywhere (RFC 9293, section 3.4); here it counts from 0, in 64 bits.

/// One side's numbers: a number of the header, what it stands for, and so on for
/// all numbers within 2 GiB of it, which is more than TCP lets be under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    /// The number of the header that stands for 0.
    first: u32,
    raw: u32,
    relative: i64,
}

impl Sequence {
    /// Numbers that begin with `raw`, as 0.
    pub(crate) fn from(raw: u32) -> Self {
        Self {
            first: raw,
            raw,
            relative: 0,
        }
    }

    /// The number of the header that stands for 0.
    pub(crate) fn first(self) -> u32 {
        self.first
    }

    /// Where a number of the header stands.
    pub(crate) fn relative(self, raw: u32) -> i64 {
        self.relative + i64::from(raw.wrapping_sub(self.raw).cast_signed())
    }

    /// How far the numbers have come.
    pub(crate) fn reached(self) -> i64 {
        self.relative
    }

    /// Takes note that the number `raw` was reached. What is behind changes nothing.
    pub(crate) fn advance(&mut self, raw: u32) {
        let relative = self.relative(raw);
        if relative > self.relative {
            *self = Self {
                raw,
                relative,
                ..*self
            };
        }
    }

    /// How far a number of the header is from the one that was reached.
    pub(crate) fn distance(self, raw: u32) -> u64 {
        self.relative(raw).abs_diff(self.relative)
    }
}
