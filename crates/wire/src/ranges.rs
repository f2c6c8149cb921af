//! Which numbers of a sequence were seen.

use std::{collections::BTreeMap, ops::Range};

/// A set of whole numbers, kept as ranges that neither touch nor overlap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranges(BTreeMap<i64, i64>);

impl Ranges {
    /// Adds a range. Says whether anything of it is new.
    pub(crate) fn insert(&mut self, range: Range<i64>) -> bool {
        if range.is_empty() || self.holds(&range) {
            return false;
        }
        let mut joined = range;
        while let Some((&start, &end)) = self.0.range(..=joined.end).next_back() {
            if end < joined.start {
                break;
            }
            self.0.remove(&start);
            joined = joined.start.min(start)..joined.end.max(end);
        }
        self.0.insert(joined.start, joined.end);
        true
    }

    /// How many numbers of `range` are in the set.
    pub(crate) fn count(&self, range: Range<i64>) -> u64 {
        self.within(range)
            .map(|part| part.start.abs_diff(part.end))
            .sum()
    }

    /// The first number of `range` that is in the set.
    pub(crate) fn first(&self, range: Range<i64>) -> Option<i64> {
        self.within(range).next().map(|part| part.start)
    }

    fn holds(&self, range: &Range<i64>) -> bool {
        self.before(range.start)
            .is_some_and(|held| held.end >= range.end)
    }

    /// The last range that begins at or before `number`.
    fn before(&self, number: i64) -> Option<Range<i64>> {
        self.0
            .range(..=number)
            .next_back()
            .map(|(&start, &end)| start..end)
    }

    /// What the set and `range` have in common, in order.
    fn within(&self, range: Range<i64>) -> impl Iterator<Item = Range<i64>> {
        let first = self
            .before(range.start)
            .map_or(range.start, |held| held.start);
        let last = range.end.max(first);
        self.0
            .range(first..last)
            .map(move |(&start, &end)| start.max(range.start)..end.min(range.end))
            .filter(|part| !part.is_empty())
    }
}
