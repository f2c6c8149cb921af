//! Text as a report shows it: nothing controls the terminal, long lines are
//! cut, and white space is seen where it is what differs.

use std::ops::Range;

use crate::{
    report::Role,
    write::{code_point, push_visible, readable},
};

/// The most characters of one line.
const MOST_CHARACTERS: usize = 500;

/// How many characters are kept before the difference when a line is cut.
const BEFORE: usize = 100;

/// Whether white space in the marked stretches is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blanks {
    AsTheyAre,
    Drawn,
}

/// A text with stretches marked, on its way into a report.
pub(super) struct Shown<'t> {
    pub(super) text: &'t [u8],
    /// Bytes of the text, in order, none overlapping.
    pub(super) marked: &'t [Range<usize>],
    pub(super) role: Role,
    pub(super) marked_role: Role,
    pub(super) blanks: Blanks,
}

impl Shown<'_> {
    /// The stretches to show.
    pub(super) fn spans(&self) -> Vec<(Role, String)> {
        let mut spans: Vec<(Role, String)> = Vec::new();
        let mut at = 0;
        for range in self.marked {
            spans.push((self.role, self.show(at..range.start, Blanks::AsTheyAre)));
            spans.push((self.marked_role, self.show(range.clone(), self.blanks)));
            at = range.end;
        }
        spans.push((self.role, self.show(at..self.text.len(), Blanks::AsTheyAre)));
        spans.retain(|(_, text)| !text.is_empty());
        cut(spans, self.marked_role)
    }

    fn show(&self, range: Range<usize>, blanks: Blanks) -> String {
        let mut shown = String::new();
        for character in readable(&self.text[range]).chars() {
            match (blanks, character) {
                (Blanks::Drawn, ' ') => shown.push('·'),
                (Blanks::Drawn, '\t') => shown.push('→'),
                (Blanks::Drawn, blank) if blank.is_whitespace() => {
                    shown.push_str(&code_point(blank));
                }
                (_, character) => push_visible(&mut shown, character),
            }
        }
        shown
    }
}

/// Cuts a long line to what stands around its first marked stretch.
fn cut(spans: Vec<(Role, String)>, marked: Role) -> Vec<(Role, String)> {
    let length = |text: &str| text.chars().count();
    let total: usize = spans.iter().map(|(_, text)| length(text)).sum();
    if total <= MOST_CHARACTERS {
        return spans;
    }
    let before: usize = spans
        .iter()
        .take_while(|(role, _)| *role != marked)
        .map(|(_, text)| length(text))
        .sum();
    let has_marks = before < total;
    let start = if has_marks {
        before.saturating_sub(BEFORE).min(total - MOST_CHARACTERS)
    } else {
        0
    };
    let end = start + MOST_CHARACTERS;
    let mut kept = Vec::with_capacity(spans.len() + 2);
    if start > 0 {
        kept.push((Role::Aside, "…".to_owned()));
    }
    let mut at = 0;
    for (role, text) in spans {
        let len = length(&text);
        let (from, to) = (start.saturating_sub(at), end.saturating_sub(at).min(len));
        if from < to {
            kept.push((role, text.chars().skip(from).take(to - from).collect()));
        }
        at += len;
    }
    if end < total {
        kept.push((Role::Aside, format!("… {} more", total - end)));
    }
    kept
}
