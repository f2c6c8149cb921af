//! The text and the placeholders of one line.

use std::ops::Range;

use memchr::memchr;

use super::{Parser, place};
use crate::{
    Severity,
    angle::{self, Angle},
    kinds::Kind,
    page::{Piece, Place, Span},
    range, tag,
};

/// Reads a line's text and placeholders; says whether no output can have it.
pub(super) fn read(parser: &mut Parser<'_>, start: usize, end: usize) -> bool {
    let mut reading = Reading {
        line: start..end,
        literal: Literal {
            start,
            cooked: None,
        },
        bytes: None,
        impossible: false,
        parser,
    };
    reading.read_head();
    let mut at = start;
    while let Some(open) = memchr(b'<', &reading.bytes()[at..end]) {
        at = reading.read_bracket(at + open);
    }
    reading.flush(end);
    reading.impossible
}

/// One line while it is read.
struct Reading<'r, 't> {
    parser: &'r mut Parser<'t>,
    line: Range<usize>,
    literal: Literal,
    bytes: Option<Bytes>,
    impossible: bool,
}

/// A stretch of text of a line while it is read: as it stands in the page until
/// the first escape, from there on in [`Page::cooked`].
struct Literal {
    start: usize,
    cooked: Option<usize>,
}

/// Consecutive `<byte …>`.
#[derive(Clone, Copy)]
struct Bytes {
    /// Where the first one stands in the page.
    start: usize,
    /// Where the last one ends.
    end: usize,
    /// Where they begin among the cooked text.
    cooked: usize,
}

impl<'t> Reading<'_, 't> {
    fn text(&self) -> &'t str {
        self.parser.text
    }

    fn bytes(&self) -> &'t [u8] {
        self.parser.text.as_bytes()
    }

    /// A backslash at the beginning of a line takes the meaning away from a tag
    /// or an elision.
    fn read_head(&mut self) {
        let line = &self.text()[self.line.clone()];
        let Some(escape) = escape_at_head(line) else {
            return;
        };
        let at = self.line.start + escape;
        self.cook(at);
        self.literal.start = at + 1;
        let tag = tag::speaker(&line.as_bytes()[escape + 1..]);
        if let Some(name) = tag.filter(|_| escape == 0) {
            self.parser.warn_of_escaped_tag(self.line.clone(), name);
        }
    }

    /// Reads what the bracket begins; gives where to read on.
    fn read_bracket(&mut self, open: usize) -> usize {
        if self.is_escaped(open) {
            return open + 1;
        }
        let Some(close) = closing(self.bytes(), open + 1, self.line.end) else {
            return open + 1;
        };
        let span = open..close + 1;
        match angle::read(&self.text()[open + 1..close], &self.parser.page.kinds) {
            Angle::Text => {}
            Angle::Doubtful(doubt) => self.parser.note(Severity::Warning, span, doubt),
            Angle::Wrong(doubt) => self.parser.note(Severity::Error, span, doubt),
            Angle::Byte(byte) => self.add_byte(span, byte),
            Angle::Place { kind, name, range } => self.add_place(span, kind, name, range),
        }
        close + 1
    }

    /// Reads the backslashes before a bracket, from the left: two are one
    /// backslash, and one takes the bracket's meaning away.
    fn is_escaped(&mut self, open: usize) -> bool {
        let before = &self.bytes()[self.literal.start.min(open)..open];
        let backslashes = before
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        if backslashes > 0 {
            self.cook(open - backslashes);
            let cooked = &mut self.parser.page.cooked;
            cooked.extend(std::iter::repeat_n(b'\\', backslashes / 2));
            self.literal.start = open;
        }
        backslashes % 2 == 1
    }

    fn add_byte(&mut self, span: Range<usize>, byte: u8) {
        self.cook(span.start);
        self.literal.start = span.end;
        let before = self.bytes.filter(|before| before.end == span.start);
        let run = Bytes {
            start: before.map_or(span.start, |before| before.start),
            end: span.end,
            cooked: before.map_or(self.parser.page.cooked.len(), |before| before.cooked),
        };
        self.bytes = Some(run);
        self.parser.page.cooked.push(byte);
        if self.bytes()[span.end..self.line.end].starts_with(b"<byte ") {
            return;
        }
        if let Some(text) = readable_text(&self.parser.page.cooked[run.cooked..]) {
            self.parser.warn_of_text_in_bytes(run.start..run.end, &text);
            self.impossible = true;
        }
    }

    fn add_place(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        name: Option<&'t str>,
        range: Option<range::Range>,
    ) {
        self.flush(span.start);
        self.literal = Literal {
            start: span.end,
            cooked: None,
        };
        let name = name.map(|name| self.parser.name(name, kind, span.clone()));
        let page = &mut self.parser.page;
        let range = range.map(|range| {
            page.ranges.push(range);
            place(page.ranges.len() - 1)
        });
        page.pieces.push(Piece::Place(place(page.places.len())));
        page.places.push(Place {
            span: Span::new(span),
            kind,
            name,
            range,
        });
    }

    /// Copies what the literal has so far, up to `to`.
    fn cook(&mut self, to: usize) {
        let cooked = &mut self.parser.page.cooked;
        self.literal.cooked.get_or_insert(cooked.len());
        cooked.extend_from_slice(&self.parser.text.as_bytes()[self.literal.start..to]);
    }

    fn flush(&mut self, to: usize) {
        if self.literal.cooked.is_some() {
            self.cook(to);
        }
        let page = &mut self.parser.page;
        match self.literal.cooked {
            Some(from) => page
                .pieces
                .push(Piece::Cooked(Span::new(from..page.cooked.len()))),
            None if self.literal.start < to => page
                .pieces
                .push(Piece::Plain(Span::new(self.literal.start..to))),
            None => {}
        }
    }
}

/// Where the backslash is that takes the meaning away from the line's beginning.
fn escape_at_head(line: &str) -> Option<usize> {
    if line.starts_with("\\[") || line == "\\..." {
        return Some(0);
    }
    let name = tag::speaker(line.as_bytes()).filter(|_| line.ends_with(" \\..."))?;
    (line.len() == tag::length(name) + " \\...".len()).then(|| tag::length(name) + 1)
}

/// The `>` that closes what begins at `at`, if no other `<` comes before it.
fn closing(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let found = at + memchr::memchr2(b'<', b'>', &bytes[at..end])?;
    (bytes[found] == b'>').then_some(found)
}

/// What there is in bytes that is text after all, or never reaches a comparison.
fn readable_text(bytes: &[u8]) -> Option<String> {
    if bytes.contains(&b'\n') {
        return Some("the end of a line".to_owned());
    }
    if bytes.contains(&0x1b) {
        return Some("the beginning of an escape sequence, which is not compared".to_owned());
    }
    let mut characters = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
    let text = characters.find(|character| !character.is_control() || *character == '\t')?;
    Some(format!("the character {text:?}"))
}
