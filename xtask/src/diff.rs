//! Two texts, and the lines in which they differ.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

const TAKEN: Style = AnsiColor::Red.on_default();
const GIVEN: Style = AnsiColor::Green.on_default();
const FAINT: Style = Style::new().dimmed();

/// How many lines around a difference are shown.
const CONTEXT: usize = 3;

/// The differences between two texts, with colours: `-` before a line of `old`
/// alone, `+` before one of `new` alone, and before each the line's number.
/// The first line of `old` has the number `first`.
#[must_use]
pub fn lines(old: &str, new: &str, first: usize) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = String::new();
    for (nth, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if nth > 0 {
            let _ = writeln!(text, "{FAINT}     ⋮{FAINT:#}");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (style, sign) = match change.tag() {
                ChangeTag::Equal => (Style::new(), ' '),
                ChangeTag::Delete => (TAKEN, '-'),
                ChangeTag::Insert => (GIVEN, '+'),
            };
            let number = change
                .old_index()
                .map_or_else(String::new, |index| (index + first).to_string());
            let line = visible(change.value().trim_end_matches(['\r', '\n']));
            let _ = writeln!(
                text,
                "{FAINT}{number:>5}{FAINT:#} {style}{sign} {line}{style:#}"
            );
        }
    }
    text
}

/// A line as a terminal may have it: control characters are shown, not sent.
#[must_use]
pub fn visible(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for c in line.chars() {
        if c == '\t' || !(c.is_control() || is_direction(c)) {
            text.push(c);
        } else {
            text.extend(c.escape_default());
        }
    }
    text
}

/// Does this character change the direction in which text runs?
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
