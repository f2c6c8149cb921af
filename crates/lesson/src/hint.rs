//! The hints for a challenge, one file a challenge.

use std::ops::Range;

use crate::markdown::{self, Markdown, What};
use crate::place::{Lines, byte_order_mark};

/// One hint: a section of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Its heading, as the file writes it.
    pub title: String,
    /// What follows the heading, in Markdown, without blank lines around it.
    pub text: String,
    /// The line of its heading, counted from 1.
    pub line: usize,
}

/// Where all hints are, from the lesson's folder.
pub(crate) const FOLDER: &str = "challenges/hints";

/// Where the hints for a challenge are, from the lesson's folder.
#[must_use]
pub fn file(challenge: &str) -> String {
    format!("{FOLDER}/{challenge}.md")
}

/// Reads a file of hints: one for each heading of the second level.
pub(crate) fn read(text: &str) -> Vec<Hint> {
    let lines = Lines::of(text);
    let markdown = markdown_of(text);
    let headings: Vec<Range<usize>> = headings(&markdown).cloned().collect();
    let ends = headings.iter().skip(1).map(|next| next.start);
    headings
        .iter()
        .zip(ends.chain([text.len()]))
        .map(|(heading, end)| {
            let below: Vec<&str> = text[heading.end..end].lines().collect();
            Hint {
                title: title(&text[heading.clone()]),
                text: below.join("\n").trim().to_owned(),
                line: lines.number(heading.start),
            }
        })
        .collect()
}

/// The Markdown of a file of hints.
pub(crate) fn markdown_of(text: &str) -> Markdown {
    markdown::read(text, byte_order_mark(text))
}

/// Where in such a file the headings of its hints are.
pub(crate) fn headings(markdown: &Markdown) -> impl Iterator<Item = &Range<usize>> {
    let is_hint = |what: &What| matches!(what, What::Heading { first_level, .. } if !first_level);
    let hints = markdown
        .elements
        .iter()
        .filter(move |one| is_hint(&one.what));
    hints.map(|one| &one.span)
}

/// What a heading says, without the signs that make it one: `#` around it, or a line below.
fn title(heading: &str) -> String {
    let heading = heading.trim();
    if let Some((lines, _underline)) = heading.rsplit_once('\n') {
        let lines: Vec<&str> = lines.lines().map(str::trim).collect();
        return lines.join(" ");
    }
    let title = heading.trim_start_matches('#');
    let open = title.trim_end_matches('#');
    let is_closed = open.is_empty() || open.ends_with([' ', '\t']);
    let title = if is_closed { open } else { title };
    title.trim().to_owned()
}
