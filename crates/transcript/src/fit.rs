//! Does this line of output fit that expected line?
//!
//! Most lines are decided by a look at their text before and after the
//! placeholders. The next few by letting each placeholder take what it wants
//! most. Only what is left is searched, in [`search`](crate::search), with a
//! bound on the work.

use std::ops::Range;

use memchr::memmem;

use crate::{
    chars::{Chars, is_place},
    fill,
    kinds::Kind,
    page::{Page, Piece, Place, What},
    reach::{self, Runs},
    search::{self, Trails},
};

/// What a line's placeholders stand for, in their order: bytes of the line.
pub(crate) type Filling = Vec<Range<usize>>;

/// Holds lines of output against lines of one page, and remembers what makes
/// the next one cheaper.
pub(crate) struct Fitter<'p> {
    page: &'p Page,
    trails: Trails,
    filling: Filling,
    /// How many pieces have been looked for at how many places, since somebody asked.
    effort: usize,
    /// Whether bounds of ranges count; they do, but for explaining a mismatch.
    pub(crate) ranges: Ranges,
}

/// Whether the ranges of placeholders count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ranges {
    Hold,
    Ignored,
}

impl<'p> Fitter<'p> {
    pub(crate) fn new(page: &'p Page) -> Self {
        Self {
            page,
            trails: Trails::new(&page.kinds),
            filling: Filling::new(),
            effort: 0,
            ranges: Ranges::Hold,
        }
    }

    /// How much searching there was since the last time this was asked.
    pub(crate) fn take_effort(&mut self) -> usize {
        std::mem::take(&mut self.effort)
    }

    /// Whether the text fits the line. An elision fits no line: it is no line.
    pub(crate) fn fits(&mut self, line: u32, text: &[u8]) -> bool {
        if self.page.line(line).what != What::Line {
            return false;
        }
        let pieces = self.page.pieces(line);
        match pieces {
            [] => text.is_empty(),
            [Piece::Place(place)] => self.is_filled_by(*place, text),
            [piece] => self.page.literal(*piece) == Some(text),
            _ => self.fits_pieces(pieces, text),
        }
    }

    /// What the placeholders of the line stand for in a text that fits it.
    pub(crate) fn fill(&mut self, line: u32, text: &[u8]) -> Option<&[Range<usize>]> {
        self.filling.clear();
        if !self.fits(line, text) {
            return None;
        }
        let pieces = self.page.pieces(line);
        match pieces {
            [] => {}
            [Piece::Place(_)] => self.filling.push(0..text.len()),
            _ if self.filling.is_empty() => self.fill_the_only(pieces, text),
            _ => {}
        }
        Some(&self.filling)
    }

    /// Where a line has one placeholder at most, what is left of the text is its filling.
    fn fill_the_only(&mut self, pieces: &[Piece], text: &[u8]) {
        let Some(at) = pieces
            .iter()
            .position(|piece| matches!(piece, Piece::Place(_)))
        else {
            return;
        };
        let length = |pieces: &[Piece]| {
            let literals = pieces.iter().filter_map(|piece| self.page.literal(*piece));
            literals.map(<[u8]>::len).sum::<usize>()
        };
        let (before, after) = (length(&pieces[..at]), length(&pieces[at..]));
        self.filling.push(before..text.len() - after);
    }

    fn fits_pieces(&mut self, pieces: &[Piece], text: &[u8]) -> bool {
        let Some((from, to, pieces)) = self.within_ends(pieces, text) else {
            return false;
        };
        match pieces {
            [Piece::Place(place)] => self.is_filled_by(*place, &text[from..to]),
            _ => {
                self.fits_greedily(pieces, text, from, to)
                    || self.fits_somehow(pieces, text, from, to)
            }
        }
    }

    /// What is left between the text that the line begins and ends with.
    fn within_ends<'l>(
        &self,
        mut pieces: &'l [Piece],
        text: &[u8],
    ) -> Option<(usize, usize, &'l [Piece])> {
        let (mut from, mut to) = (0, text.len());
        if let Some(literal) = pieces.first().and_then(|piece| self.page.literal(*piece)) {
            if !text.starts_with(literal) {
                return None;
            }
            from = literal.len();
            pieces = &pieces[1..];
        }
        if let Some(literal) = pieces.last().and_then(|piece| self.page.literal(*piece)) {
            if !text[from..].ends_with(literal) {
                return None;
            }
            to -= literal.len();
            pieces = &pieces[..pieces.len() - 1];
        }
        (is_place(text, from) && is_place(text, to)).then_some((from, to, pieces))
    }

    fn is_filled_by(&self, place: u32, text: &[u8]) -> bool {
        let place = self.page.place(place);
        fill::is_of_kind(text, place.kind, &self.page.kinds) && self.in_range(place, text)
    }

    fn in_range(&self, place: &Place, text: &[u8]) -> bool {
        match self.page.range(place) {
            Some(range) if self.ranges == Ranges::Hold => range.holds(text, place.kind),
            _ => true,
        }
    }

    /// Lets each placeholder, from the left, take what it wants most. Where
    /// that fits it is the filling that the language asks for.
    fn fits_greedily(&mut self, pieces: &[Piece], text: &[u8], from: usize, to: usize) -> bool {
        self.filling.clear();
        let fits = self.take_greedily(pieces, text, from, to).is_some();
        if !fits {
            self.filling.clear();
        }
        fits
    }

    fn take_greedily(
        &mut self,
        pieces: &[Piece],
        text: &[u8],
        from: usize,
        to: usize,
    ) -> Option<()> {
        let mut at = from;
        for (nth, piece) in pieces.iter().enumerate() {
            let Piece::Place(place) = piece else {
                let literal = self.page.literal(*piece)?;
                at = text[at..to]
                    .starts_with(literal)
                    .then_some(at + literal.len())?;
                continue;
            };
            let place = self.page.place(*place);
            let following = pieces.get(nth + 1).map(|piece| self.page.literal(*piece));
            let end = match (place.kind, following) {
                (_, None) => to,
                (Kind::Any, Some(Some(literal))) => {
                    let found = memmem::find(text.get(at + 1..to)?, literal)?;
                    at + 1 + found
                }
                (Kind::Any | Kind::Own(_), _) => return None,
                (kind, _) => reach::most(&text[..to], at, kind)?,
            };
            let filled = &text[at..end];
            if !is_place(text, end)
                || !fill::is_of_kind(filled, place.kind, &self.page.kinds)
                || !self.in_range(place, filled)
            {
                return None;
            }
            self.filling.push(at..end);
            at = end;
        }
        (at == to).then_some(())
    }

    /// Searches all fillings, unless the text between the placeholders rules them out.
    fn fits_somehow(&mut self, pieces: &[Piece], text: &[u8], from: usize, to: usize) -> bool {
        if !self.has_literals_in_order(pieces, &text[from..to]) {
            return false;
        }
        self.effort += pieces.len() * (to - from);
        let chars = Chars::new(&text[from..to]);
        let runs = Runs::new(&text[from..to], &chars);
        let search = search::Search {
            page: self.page,
            pieces,
            chars: &chars,
            runs: &runs,
            ranges: self.ranges,
        };
        let Some(filling) = search.run(&mut self.trails) else {
            return false;
        };
        self.filling.extend(
            filling
                .into_iter()
                .map(|filled| filled.start + from..filled.end + from),
        );
        true
    }

    fn has_literals_in_order(&self, pieces: &[Piece], text: &[u8]) -> bool {
        let mut at = 0;
        for piece in pieces {
            at = match self.page.literal(*piece) {
                None => at + 1,
                Some(literal) => {
                    match text.get(at..).and_then(|rest| memmem::find(rest, literal)) {
                        Some(found) => at + found + literal.len(),
                        None => return false,
                    }
                }
            };
        }
        at <= text.len()
    }
}
