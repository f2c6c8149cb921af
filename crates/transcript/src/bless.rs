//! Brings a transcript up to date with what its program prints.
//!
//! A line that matched stays as its author wrote it. What is new comes from the
//! run, with what varies between the runs replaced by placeholders.

mod draft;
mod line;
mod runs;
mod settle;
mod vary;

use std::collections::BTreeMap;

use crate::{Transcript, page::Page};

/// Brings a transcript up to date with what its program prints, in several runs.
///
/// Lines that match keep their text, placeholders, ranges and elisions, wherever
/// other lines have come or gone around them. A new or changed line is taken
/// from the run; what differs between the runs becomes a placeholder, and a
/// value that a name already stands for becomes that name.
///
/// ```
/// use transcript::{Kinds, Order, Transcript, bless};
///
/// let page = Transcript::parse("on <port:server>\nbye\n", Order::Total, &Kinds::default())?;
/// let runs: [&[u8]; 2] = [
///     b"on 4000\nto :4000 in 12ms\nbye\n",
///     b"on 4001\nto :4001 in 1.5ms\nbye\n",
/// ];
/// let blessed = bless(&page, &runs);
/// assert_eq!(blessed.text, "on <port:server>\nto :<port:server> in <duration>\nbye\n");
/// assert!(blessed.lost.is_empty());
/// # Ok::<(), transcript::PageError>(())
/// ```
#[must_use]
pub fn bless(transcript: &Transcript, runs: &[&[u8]]) -> Blessed {
    bless_knowing(transcript, runs, &[])
}

/// As [`bless`], where other transcripts of the same runs have names, too: for
/// each run, what they stand for, as [`Names::agree`](crate::Names::agree) gives it.
#[must_use]
pub fn bless_knowing(
    transcript: &Transcript,
    runs: &[&[u8]],
    known: &[BTreeMap<String, String>],
) -> Blessed {
    let text = draft::text(transcript, runs, known);
    let parsed = Transcript::parse(&text, transcript.order(), &transcript.page.kinds);
    let Ok(new) = parsed else {
        // Every line has been parsed on its own; this is for what we did not foresee.
        return Blessed {
            text: transcript.text().to_owned(),
            lost: Vec::new(),
            unsettled: (0..runs.len()).collect(),
        };
    };
    let settles = |nth: &usize| !new.compare(runs[*nth]).matches();
    Blessed {
        lost: lost(&transcript.page, &new.page),
        unsettled: (0..runs.len()).filter(settles).collect(),
        text,
    }
}

/// A transcript brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The text to write into the page, with the line endings that it had.
    pub text: String,
    /// The placeholders, as the page wrote them, that the new text no longer has.
    pub lost: Vec<String>,
    /// The runs, by their place, that the new text does not match: more differs
    /// between the runs than values.
    pub unsettled: Vec<usize>,
}

/// What the old page had and the new one has less often.
fn lost(old: &Page, new: &Page) -> Vec<String> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for place in placeholders(new) {
        *left.entry(place).or_default() += 1;
    }
    let mut lost = Vec::new();
    for place in placeholders(old) {
        match left.get_mut(place) {
            Some(count) if *count > 0 => *count -= 1,
            _ => lost.push(place.to_owned()),
        }
    }
    lost
}

fn placeholders(page: &Page) -> impl Iterator<Item = &str> {
    page.places
        .iter()
        .map(|place| &page.text[place.span.range()])
}
