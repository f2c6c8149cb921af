//! A set of places in a line.

/// A set of small numbers, one bit each.
#[derive(Clone, Debug)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// An empty set of numbers below `len`.
    pub(crate) fn new(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
        }
    }

    pub(crate) fn set(&mut self, place: usize) {
        self.words[place / 64] |= 1 << (place % 64);
    }

    pub(crate) fn get(&self, place: usize) -> bool {
        self.words[place / 64] >> (place % 64) & 1 == 1
    }

    /// The members, in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(nth, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(nth * 64 + bit)
            })
        })
    }

    /// The largest member in `low..=high`.
    pub(crate) fn last_in(&self, low: usize, high: usize) -> Option<usize> {
        (low..=high).rev().find(|place| self.get(*place))
    }

    /// The smallest member that is not below `low`.
    pub(crate) fn first_from(&self, low: usize) -> Option<usize> {
        let mut nth = low / 64;
        let mut word = self.words.get(nth)? & (u64::MAX << (low % 64));
        while word == 0 {
            nth += 1;
            word = *self.words.get(nth)?;
        }
        Some(nth * 64 + word.trailing_zeros() as usize)
    }
}
