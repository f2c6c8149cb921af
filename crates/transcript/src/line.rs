//! The lines of a transcript, for those who show them to a reader.

use crate::{
    page::{Page, Piece, What},
    tag, write,
};

/// One line of a transcript, as a reader understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// The name in the tag with which the line begins, in whatever order the
    /// transcript is: `client` for `[client] Connected`.
    pub tag: Option<&'t str>,
    /// Whether it stands for any number of lines: `...`, or `[client] ...`. What it
    /// is written with is then its only part.
    pub elides: bool,
    /// What it consists of, from the left; the tag is part of the first one.
    pub parts: Vec<Part<'t>>,
}

/// A part of a line: text, or what stands for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'t> {
    /// As a reader should see it: the text without the escapes of the language, or the
    /// placeholder as the page writes it.
    pub text: String,
    /// What it stands for, if it is no text.
    pub placeholder: Option<Placeholder<'t>>,
}

/// `<kind:name range>`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder<'t> {
    /// What it stands for: `port`.
    pub kind: &'t str,
    /// The name that it shares with others.
    pub name: Option<&'t str>,
    /// Its bounds, as the page writes them: `30..=40`.
    pub range: Option<&'t str>,
}

/// The lines of a page, without the blank ones at its very end.
pub(crate) fn lines(page: &Page) -> impl Iterator<Item = Line<'_>> {
    (0..page.len()).map(|number| line(page, number))
}

fn line(page: &Page, number: u32) -> Line<'_> {
    let source = page.source(number);
    let elides = page.line(number).what == What::Elision;
    let parts = if elides {
        vec![Part {
            text: source.to_owned(),
            placeholder: None,
        }]
    } else {
        page.pieces(number)
            .iter()
            .map(|piece| part(page, *piece))
            .collect()
    };
    Line {
        tag: tag::speaker(source.as_bytes()),
        elides,
        parts,
    }
}

fn part(page: &Page, piece: Piece) -> Part<'_> {
    let Piece::Place(place) = piece else {
        return Part {
            text: page.literal(piece).map(write::readable).unwrap_or_default(),
            placeholder: None,
        };
    };
    let place = page.place(place);
    let written = &page.text[place.span.range()];
    let bounds = written.trim_end_matches('>').split_once(' ');
    Part {
        text: written.to_owned(),
        placeholder: Some(Placeholder {
            kind: page.kinds.word(place.kind),
            name: place
                .name
                .map(|name| page.names[name as usize].word.as_str()),
            range: bounds.map(|(_, range)| range),
        }),
    }
}
