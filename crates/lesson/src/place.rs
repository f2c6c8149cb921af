//! Places in a page: from bytes to what a person looks for, a line and a column.

use std::ops::Range;

/// Lines longer than this are cut around what is meant, in characters.
const LONGEST_EXCERPT: usize = 120;

/// How much of a long line is shown before what is meant, in characters.
const EXCERPT_BEFORE: usize = 40;

/// A place in a file, with the line that stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// The line on which the span begins, counted from 1.
    pub line: usize,
    /// Its column there, counted from 1, in characters.
    pub column: usize,
    /// That line, or the part of it around the span where it is long.
    pub excerpt: String,
    /// The part of `excerpt` that is meant, in bytes.
    pub marked: Range<usize>,
}

impl Place {
    /// The place of these bytes of `source`.
    #[must_use]
    pub fn of(source: &str, span: Range<usize>) -> Self {
        place(source, &Lines::of(source), span)
    }
}

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(
            std::iter::once(0)
                .chain(newlines.map(|(at, _)| at + 1))
                .collect(),
        )
    }

    /// The line of a byte, counted from 1.
    pub(crate) fn number(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    /// The first byte of the line of a byte.
    pub(crate) fn start(&self, at: usize) -> usize {
        self.0[self.number(at) - 1]
    }
}

pub(crate) fn place(source: &str, lines: &Lines, span: Range<usize>) -> Place {
    let start = source.floor_char_boundary(span.start);
    let end = source.floor_char_boundary(span.end).max(start);
    let line_start = lines.start(start);
    let mark = match line_start {
        0 => byte_order_mark(source),
        _ => 0,
    };
    let line_start = line_start + mark.min(start - line_start);
    let rest = &source[line_start..];
    let line = rest.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let marked = (start - line_start).min(line.len())..(end - line_start).min(line.len());
    let (excerpt, shown) = cut(line, marked.clone());
    Place {
        span: start..end,
        line: lines.number(start),
        column: line[..marked.start].chars().count() + 1,
        excerpt,
        marked: shown,
    }
}

/// The length of the byte order mark with which a text begins, if it does: no editor counts it.
pub(crate) fn byte_order_mark(source: &str) -> usize {
    let mark = '\u{feff}';
    if source.starts_with(mark) {
        mark.len_utf8()
    } else {
        0
    }
}

/// Cuts a long line around what is marked in it; `…` stands for what is left out.
fn cut(line: &str, marked: Range<usize>) -> (String, Range<usize>) {
    if line.chars().nth(LONGEST_EXCERPT).is_none() {
        return (line.to_owned(), marked);
    }
    let from = line[..marked.start]
        .char_indices()
        .rev()
        .nth(EXCERPT_BEFORE)
        .map_or(0, |(at, _)| at);
    let to = line[from..]
        .char_indices()
        .nth(LONGEST_EXCERPT)
        .map_or(line.len(), |(at, _)| from + at);
    let before = if from > 0 { "…" } else { "" };
    let after = if to < line.len() { "…" } else { "" };
    let shift = |at: usize| at.min(to) - from + before.len();
    let shown = shift(marked.start)..shift(marked.end);
    (format!("{before}{}{after}", &line[from..to]), shown)
}
