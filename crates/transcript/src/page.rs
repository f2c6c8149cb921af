//! A transcript as it is held in memory.
//!
//! Pages may be long, so nothing here is allocated a line: text is a place in
//! the page, lines are places among the pieces.

use std::ops::Range;

use crate::{Kinds, Order, Problem, kinds::Kind, range};

/// A stretch of bytes; four bytes a place are enough for any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// A span of a text that is known to be no longer than [`u32::MAX`].
    pub(crate) fn new(range: Range<usize>) -> Self {
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: place(range.start),
            end: place(range.end),
        }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A part of an expected line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece {
    /// Text as it stands in the page.
    Plain(Span),
    /// Text that the page writes with escapes, by its place in [`Page::cooked`].
    Cooked(Span),
    /// A placeholder, by its place in [`Page::places`].
    Place(u32),
}

/// What an expected line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// One line.
    Line,
    /// One line that no output has: it spells a character as bytes.
    Impossible,
    /// Any number of lines; of one speaker where the line has one.
    Elision,
}

/// One line of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Where it stands in the page, without trailing blanks.
    pub(crate) span: Span,
    /// The first of its pieces; they go on to the next line's first.
    pub(crate) first_piece: u32,
    /// Who speaks it, by the place in [`Page::speakers`].
    pub(crate) speaker: Option<u32>,
    pub(crate) what: What,
    /// Whether one of its placeholders has a name.
    pub(crate) has_names: bool,
}

/// `<kind:name range>` in the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
    /// By its place in [`Page::names`].
    pub(crate) name: Option<u32>,
    /// By its place in [`Page::ranges`].
    pub(crate) range: Option<u32>,
}

/// A name, and what it was first used for.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) word: String,
    pub(crate) kind: Kind,
    /// Its first placeholder.
    pub(crate) first: Span,
}

/// A whole page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) order: Order,
    pub(crate) kinds: Kinds,
    pub(crate) cooked: Vec<u8>,
    /// Without the blank lines at the very end.
    pub(crate) lines: Vec<Line>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) places: Vec<Place>,
    pub(crate) ranges: Vec<range::Range>,
    pub(crate) names: Vec<Name>,
    pub(crate) speakers: Vec<String>,
    pub(crate) warnings: Vec<Problem>,
}

impl Page {
    pub(crate) fn line(&self, line: u32) -> &Line {
        &self.lines[line as usize]
    }

    /// How many lines there are; no page has more than four bytes can count.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn pieces(&self, line: u32) -> &[Piece] {
        let first = self.line(line).first_piece as usize;
        let next = self.lines.get(line as usize + 1);
        &self.pieces[first..next.map_or(self.pieces.len(), |next| next.first_piece as usize)]
    }

    /// The text of a piece that is no placeholder.
    pub(crate) fn literal(&self, piece: Piece) -> Option<&[u8]> {
        match piece {
            Piece::Plain(span) => Some(&self.text.as_bytes()[span.range()]),
            Piece::Cooked(span) => Some(&self.cooked[span.range()]),
            Piece::Place(_) => None,
        }
    }

    /// The placeholders of a line, from the left.
    pub(crate) fn line_places(&self, line: u32) -> impl Iterator<Item = &Place> {
        self.line_place_numbers(line).map(|place| self.place(place))
    }

    /// The same, by their places among all placeholders.
    pub(crate) fn line_place_numbers(&self, line: u32) -> impl Iterator<Item = u32> {
        self.pieces(line).iter().filter_map(|piece| match piece {
            Piece::Place(place) => Some(*place),
            Piece::Plain(_) | Piece::Cooked(_) => None,
        })
    }

    pub(crate) fn place(&self, place: u32) -> &Place {
        &self.places[place as usize]
    }

    pub(crate) fn range(&self, place: &Place) -> Option<&range::Range> {
        place.range.map(|range| &self.ranges[range as usize])
    }

    /// The line as the page writes it, without trailing blanks.
    pub(crate) fn source(&self, line: u32) -> &str {
        &self.text[self.line(line).span.range()]
    }

    /// The name of a placeholder with its kind: `port:server`.
    pub(crate) fn full_name(&self, name: u32) -> String {
        let name = &self.names[name as usize];
        format!("{}:{}", self.kinds.word(name.kind), name.word)
    }

    /// The kind's word and the name's, which other pages share.
    pub(crate) fn name_key(&self, name: u32) -> (&str, &str) {
        let name = &self.names[name as usize];
        (self.kinds.word(name.kind), &name.word)
    }
}
