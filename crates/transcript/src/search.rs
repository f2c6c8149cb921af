//! All ways to fill the placeholders of one line, in bounded time.
//!
//! From the last piece to the first we note every place of the line from which
//! the pieces to its right can be matched; then, from the first to the last,
//! each placeholder takes the end that it likes best among those from which the
//! rest works out. Neither pass looks at a place of the line twice for a piece,
//! so the work grows with places times pieces, never faster.

use crate::{
    bits::Bits,
    chars::{Chars, readable},
    decimal::Decimal,
    fit::{Filling, Ranges},
    kinds::{Kind, Kinds},
    page::{Page, Piece, Place},
    reach::{Ends, Runs},
    walk::{GaveUp, Trail},
};

/// One line of output, between the text it begins and ends with, and the pieces for it.
pub(crate) struct Search<'s> {
    pub(crate) page: &'s Page,
    pub(crate) pieces: &'s [Piece],
    pub(crate) chars: &'s Chars<'s>,
    pub(crate) runs: &'s Runs,
    pub(crate) ranges: Ranges,
}

/// What the automata of the page's own kinds remember.
pub(crate) struct Trails {
    trails: Vec<Option<Trail>>,
    /// How many bytes may still be tried.
    tries: usize,
}

impl Trails {
    pub(crate) fn new(kinds: &Kinds) -> Self {
        Self {
            trails: (0..kinds.count_own()).map(|_| None).collect(),
            tries: TRIES,
        }
    }
}

/// How many bytes of texts are tried, one text by one, where a kind has no
/// automaton. Few lines are so long that this rules out one that fits.
const TRIES: usize = 4_000_000;

impl Search<'_> {
    /// The filling that the language asks for, if the line fits at all.
    pub(crate) fn run(&self, trails: &mut Trails) -> Option<Filling> {
        trails.tries = TRIES;
        let places = self.places(trails)?;
        let mut filling = Filling::new();
        let mut at = 0;
        for (nth, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Place(place) => {
                    let end =
                        self.best_end(at, self.page.place(*place), &places[nth + 1], trails)?;
                    filling.push(at..end);
                    at = end;
                }
                literal => at += self.page.literal(*literal).map_or(0, <[u8]>::len),
            }
        }
        Some(filling)
    }

    /// For each piece, and the end, the places from which the rest of the line
    /// can be matched; `None` where the line's beginning is not among them.
    fn places(&self, trails: &mut Trails) -> Option<Vec<Bits>> {
        let len = self.chars.len();
        let mut last = Bits::new(len + 1);
        last.set(len);
        let mut all = vec![last];
        for piece in self.pieces.iter().rev() {
            let after = all.last()?;
            let before = match piece {
                Piece::Place(place) => self.begins(self.page.place(*place), after, trails),
                literal => self.literal_begins(self.page.literal(*literal)?, after),
            };
            before.first_from(0)?;
            all.push(before);
        }
        all.reverse();
        all[0].get(0).then_some(all)
    }

    fn text(&self) -> &[u8] {
        self.chars.spelled()
    }

    fn literal_begins(&self, literal: &[u8], after: &Bits) -> Bits {
        let mut begins = Bits::new(self.chars.len() + 1);
        for end in after.iter().filter(|end| *end >= literal.len()) {
            let begin = end - literal.len();
            if &self.text()[begin..end] == literal && self.chars.is_place(begin) {
                begins.set(begin);
            }
        }
        begins
    }

    fn begins(&self, place: &Place, after: &Bits, trails: &mut Trails) -> Bits {
        if let Kind::Own(own) = place.kind {
            return self.own_begins(own, after, trails);
        }
        let next = next_members(after, self.chars.len());
        let mut begins = Bits::new(self.chars.len() + 1);
        for at in (0..self.chars.len()).filter(|at| self.chars.is_place(*at)) {
            let fits = if place.kind == Kind::Ip {
                self.has_ip_end(at, after)
            } else {
                let ends = self.ends(at, place);
                ends.stretches
                    .iter()
                    .flatten()
                    .any(|(first, last)| next[*first] as usize <= *last)
            };
            if fits {
                begins.set(at);
            }
        }
        begins
    }

    /// The end that a placeholder likes best: for `any` the first, else the last.
    fn best_end(
        &self,
        at: usize,
        place: &Place,
        after: &Bits,
        trails: &mut Trails,
    ) -> Option<usize> {
        match place.kind {
            Kind::Any => after.first_from(at + 1),
            Kind::Own(own) => self.own_longest(own, at, after, trails),
            Kind::Ip => {
                let ends = self.runs.ip(self.text(), at);
                (1..=64)
                    .rev()
                    .filter(|len| ends >> (len - 1) & 1 == 1)
                    .map(|len| at + len)
                    .find(|end| after.get(*end))
            }
            _ => {
                let ends = self.ends(at, place);
                let stretches = ends.stretches.iter().flatten();
                stretches
                    .filter_map(|(first, last)| after.last_in(*first, *last))
                    .max()
            }
        }
    }

    fn has_ip_end(&self, at: usize, after: &Bits) -> bool {
        let ends = self.runs.ip(self.text(), at);
        ends != 0
            && (1..=64)
                .filter(|len| ends >> (len - 1) & 1 == 1)
                .any(|len| after.get(at + len))
    }

    /// Where a text may end, the bounds of its range included.
    fn ends(&self, at: usize, place: &Place) -> Ends {
        let mut ends = self.runs.ends(self.text(), at, place.kind);
        let Some(range) = self
            .page
            .range(place)
            .filter(|_| self.ranges == Ranges::Hold)
        else {
            return ends;
        };
        if place.kind == Kind::Duration {
            let holds = |end: &(usize, usize)| range.holds(&self.text()[at..end.1], Kind::Duration);
            ends.stretches = ends.stretches.map(|end| end.filter(holds));
            return ends;
        }
        // Digit by digit a number moves away from zero, so those inside the
        // bounds stand together, behind those too near and before those too far.
        let digits = Digits::new(self.text(), self.runs, at);
        let (low, high) = (
            |end| range.is_high_enough(&digits.number(end)),
            |end| range.is_low_enough(&digits.number(end)),
        );
        for stretch in &mut ends.stretches {
            *stretch = stretch.and_then(|(first, last)| {
                let (first, end) = if digits.negative {
                    (
                        partition(first, last + 1, |end| !high(end)),
                        partition(first, last + 1, low),
                    )
                } else {
                    (
                        partition(first, last + 1, |end| !low(end)),
                        partition(first, last + 1, high),
                    )
                };
                (first < end).then(|| (first, end - 1))
            });
        }
        ends
    }
}

/// The number that begins somewhere in a line, seen up to any of its digits
/// without a look at all of them.
struct Digits<'t> {
    text: &'t [u8],
    negative: bool,
    /// Where its first digit is that is not zero.
    significant: usize,
    /// Where its whole part ends.
    whole: usize,
    /// How many zeros its fraction begins with.
    zeros: usize,
}

impl<'t> Digits<'t> {
    fn new(text: &'t [u8], runs: &Runs, at: usize) -> Self {
        let negative = text.get(at) == Some(&b'-');
        let digits = at + usize::from(negative);
        let whole = runs.digits(digits);
        let fraction = (whole + 1).min(text.len());
        Self {
            text,
            negative,
            significant: runs.zeros(digits),
            whole,
            zeros: runs.zeros(fraction) - fraction,
        }
    }

    fn number(&self, end: usize) -> Decimal<'t> {
        let whole = &self.text[self.significant.min(end)..self.whole.min(end)];
        let fraction = self.text.get(self.whole + 1..end).unwrap_or_default();
        Decimal::from_parts(self.negative, whole, fraction, self.zeros)
    }
}

/// Kinds of the page's own.
impl Search<'_> {
    fn own_begins(&self, own: u16, after: &Bits, trails: &mut Trails) -> Bits {
        let walked = self.with_trail(own, trails, |walker, trail| {
            walker.begins(trail, self.chars, after)
        });
        walked.unwrap_or_else(|_| {
            let mut begins = Bits::new(self.chars.len() + 1);
            for at in (0..self.chars.len()).filter(|at| self.chars.is_place(*at)) {
                if self
                    .try_ends(own, at, after.iter(), &mut trails.tries)
                    .is_some()
                {
                    begins.set(at);
                }
            }
            begins
        })
    }

    fn own_longest(&self, own: u16, at: usize, after: &Bits, trails: &mut Trails) -> Option<usize> {
        let walked = self.with_trail(own, trails, |walker, trail| {
            walker.longest(trail, self.chars, at, after)
        });
        walked.unwrap_or_else(|_| {
            let ends: Vec<usize> = after.iter().collect();
            self.try_ends(own, at, ends.into_iter().rev(), &mut trails.tries)
        })
    }

    fn with_trail<T>(
        &self,
        own: u16,
        trails: &mut Trails,
        walk: impl Fn(&crate::walk::Walker, &mut Trail) -> Result<T, GaveUp>,
    ) -> Result<T, GaveUp> {
        let walker = self.page.kinds.own(own).walker.as_ref().ok_or(GaveUp)?;
        let slot = &mut trails.trails[usize::from(own)];
        let result = walk(walker, slot.get_or_insert_with(|| walker.trail()));
        if result.is_err() {
            *slot = None;
        }
        result
    }

    /// The first of these ends to which a text of this kind reaches, one by one.
    fn try_ends(
        &self,
        own: u16,
        at: usize,
        ends: impl Iterator<Item = usize>,
        tries: &mut usize,
    ) -> Option<usize> {
        let whole = &self.page.kinds.own(own).whole;
        for end in ends.filter(|end| *end > at) {
            *tries = tries.checked_sub(end - at)?;
            if whole.is_match(&readable(&self.text()[at..end])) {
                return Some(end);
            }
        }
        None
    }
}

/// The first place in `from..to` at which the condition no longer holds, which
/// holds up to some place and not from there on. Near places are found fastest.
fn partition(from: usize, to: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (from, to);
    let mut stride = 1;
    while low + stride < to {
        if !holds(low + stride - 1) {
            high = low + stride - 1;
            break;
        }
        low += stride;
        stride *= 2;
    }
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// For each place, the next member of the set from there on.
fn next_members(set: &Bits, len: usize) -> Vec<u32> {
    let mut next = vec![u32::MAX; len + 2];
    for at in (0..=len).rev() {
        next[at] = if set.get(at) {
            u32::try_from(at).unwrap_or(u32::MAX)
        } else {
            next[at + 1]
        };
    }
    next
}
