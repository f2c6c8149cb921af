//! Sequence numbers without their wrap-around. A TCP sequence number has 32 bits and
//! begins anywhere (RFC 9293, section 3.4); here it counts from 0, in 64 bits.

/// One side's numbers: a number of the header, what it stands for, and so on for
/// all numbers within 2 GiB of it, which is more than TCP lets be under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    /// The number of the header that stands for 0: the SYN's.
    first: u32,
    /// The number of the header that was reached, and what it stands for.
    raw: u32,
    reached: i64,
}

impl Sequence {
    /// The numbers of a side whose SYN has the number `first`.
    pub(crate) fn from(first: u32) -> Self {
        Self {
            first,
            raw: first.wrapping_add(1),
            reached: 1,
        }
    }

    /// The number of the header that stands for 0.
    pub(crate) fn first(self) -> u32 {
        self.first
    }

    /// The number after the last one that was seen.
    pub(crate) fn reached(self) -> i64 {
        self.reached
    }

    /// Where a number of the header stands.
    pub(crate) fn relative(self, raw: u32) -> i64 {
        self.reached + i64::from(raw.wrapping_sub(self.raw).cast_signed())
    }

    /// Takes note that the number `raw` was reached. What is behind changes nothing.
    pub(crate) fn advance(&mut self, raw: u32) {
        let reached = self.relative(raw);
        if reached > self.reached {
            self.raw = raw;
            self.reached = reached;
        }
    }

    /// How far a number of the header is from those that were seen.
    pub(crate) fn distance(self, raw: u32) -> u64 {
        let relative = self.relative(raw);
        relative.abs_diff(relative.clamp(0, self.reached))
    }
}
