//! Which removed line and which added line are about the same.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use super::{
    Medium,
    entries::{Entry, cue},
    tokens::{Likeness, likeness},
};
use crate::{
    Comparison, Order,
    fit::{Fitter, Ranges},
    patience::Patience,
    tag,
    write::{readable, visible},
};

/// How many removed and added lines are looked at, each.
const MOST: usize = 200;

/// How much of two lines has to be alike, of 1000, for them to be a pair.
const ALIKE: usize = 450;

/// How much work goes into finding what is alike.
const PATIENCE: usize = 10_000_000;

/// What is known of lines that differ.
#[derive(Default)]
pub(super) struct Pairs {
    /// For the place of a removed entry, its pair's place, and what is alike.
    pub(super) of_removed: HashMap<usize, (usize, Likeness)>,
    /// Places of added entries that have a pair.
    pub(super) added: HashSet<usize>,
    /// For the place of a removed entry, what became of it.
    pub(super) moved: HashMap<usize, String>,
}

/// Finds the pairs among entries that differ.
pub(super) fn pairs(comparison: &Comparison<'_>, entries: &[Entry], medium: Medium) -> Pairs {
    let mut pairs = Pairs::default();
    let removed = || {
        (0..entries.len())
            .filter(|at| matches!(entries[*at], Entry::Removed { .. }))
            .take(MOST)
    };
    let added: Vec<usize> = (0..entries.len())
        .filter(|at| matches!(entries[*at], Entry::Added { .. }))
        .take(MOST)
        .collect();
    let mut patience = Patience::new(PATIENCE);
    let page = &comparison.transcript.page;
    let mut fitter = Fitter::new(page);
    for removed in removed() {
        let Entry::Removed { line } = entries[removed] else {
            continue;
        };
        let elsewhere = added.iter().copied().find(|added| match entries[*added] {
            Entry::Added { actual } => {
                let text = comparison.actual(actual);
                !pairs.added.contains(added)
                    && patience.spend(text.len() * page.pieces(line).len())
                    && fitter.fits(line, text)
            }
            _ => false,
        });
        if let Some(added) = elsewhere {
            pairs.moved.insert(
                removed,
                moved(comparison, entries, [removed, added], medium),
            );
            pairs.added.insert(added);
        }
    }
    for run in runs(entries) {
        pair_run(comparison, entries, run, &mut pairs, &mut patience);
    }
    // A line that has moved has no pair beside it.
    pairs
        .added
        .retain(|added| pairs.of_removed.values().any(|(pair, _)| pair == added));
    pairs
}

/// Stretches of entries that differ.
fn runs(entries: &[Entry]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + entries[at..].iter().position(|entry| entry.differs())?;
        at = start
            + entries[start..]
                .iter()
                .take_while(|entry| entry.differs())
                .count();
        Some(start..at)
    })
}

fn pair_run(
    comparison: &Comparison<'_>,
    entries: &[Entry],
    run: Range<usize>,
    pairs: &mut Pairs,
    patience: &mut Patience,
) {
    let is_free =
        |at: &usize| matches!(entries[*at], Entry::Added { .. }) && !pairs.added.contains(at);
    let mut free: Vec<usize> = run.clone().filter(is_free).take(MOST).collect();
    for removed in run.take(2 * MOST) {
        let Entry::Removed { line } = entries[removed] else {
            continue;
        };
        if pairs.moved.contains_key(&removed) {
            continue;
        }
        let actual = |added: &usize| match entries[*added] {
            Entry::Added { actual } => Some(actual),
            _ => None,
        };
        let candidates: Vec<u32> = free.iter().filter_map(actual).collect();
        if let Some((nth, likeness)) = most_alike(comparison, line, &candidates, patience) {
            // Pairs do not cross.
            let added = free[nth];
            free.drain(..=nth);
            pairs.added.insert(added);
            pairs.of_removed.insert(removed, (added, likeness));
        }
    }
}

/// Which of these lines of output is most like a line of the page, and how much.
fn most_alike(
    comparison: &Comparison<'_>,
    line: u32,
    candidates: &[u32],
    patience: &mut Patience,
) -> Option<(usize, Likeness)> {
    let page = &comparison.transcript.page;
    let mut fitter = Fitter::new(page);
    fitter.ranges = Ranges::Ignored;
    let mut best: Option<(usize, Likeness)> = None;
    for (nth, actual) in candidates.iter().enumerate() {
        if !may_pair(comparison, line, *actual) {
            continue;
        }
        let text = comparison.actual(*actual);
        let mut likeness = likeness(page, line, text, patience);
        if patience.spend(text.len() * page.pieces(line).len()) && fitter.fits(line, text) {
            // Nothing but a bound is broken.
            likeness.degree = 1000;
        }
        let least = best.as_ref().map_or(ALIKE, |(_, best)| best.degree + 1);
        if likeness.degree >= least {
            best = Some((nth, likeness));
        }
    }
    best
}

/// Where speakers count, what one says is not compared with what another says.
fn may_pair(comparison: &Comparison<'_>, line: u32, actual: u32) -> bool {
    let page = &comparison.transcript.page;
    if page.order == Order::Total {
        return true;
    }
    let said = tag::speaker(comparison.actual(actual));
    let expected = page
        .line(line)
        .speaker
        .map(|speaker| page.speakers[speaker as usize].as_str());
    said == expected
}

/// Says where the output has a line that is not where the page has it.
fn moved(
    comparison: &Comparison<'_>,
    entries: &[Entry],
    [removed, added]: [usize; 2],
    medium: Medium,
) -> String {
    let medium = medium.noun();
    let page = &comparison.transcript.page;
    let (Entry::Removed { line }, Entry::Added { actual }) = (entries[removed], entries[added])
    else {
        return String::new();
    };
    let number = actual as usize + 1;
    let Some(speaker) = page.line(line).speaker else {
        let when = if added < removed {
            "too early"
        } else {
            "too late"
        };
        return format!("the {medium} has this line {when}, as its line {number}");
    };
    let name = &page.speakers[speaker as usize];
    let (from, to) = (removed.min(added), removed.max(added));
    let walls = || {
        entries[from..to]
            .iter()
            .filter_map(|entry| cue(page, *entry))
    };
    let wall = walls()
        .find(|cue| !page.source(*cue).is_empty())
        .or(walls().next());
    match wall {
        Some(cue) => {
            let side = if added < removed { "before" } else { "after" };
            let cue = match page.source(cue) {
                "" => "a blank line".to_owned(),
                text => format!("`{}`", visible(text)),
            };
            format!(
                "[{name}] says this on the wrong side of a cue: line {number} of the {medium}, {side} {cue}"
            )
        }
        None => format!("[{name}] says this in another order: line {number} of the {medium}"),
    }
}

/// What is wrong with a pair besides its text: bounds that are broken.
pub(super) fn broken_ranges(
    comparison: &Comparison<'_>,
    line: u32,
    actual: u32,
    likeness: &Likeness,
) -> Vec<String> {
    let page = &comparison.transcript.page;
    let text = comparison.actual(actual);
    let mut fitter = Fitter::new(page);
    fitter.ranges = Ranges::Ignored;
    let filling: Vec<(usize, Range<usize>)> = match fitter.fill(line, text) {
        Some(filling) => filling.iter().cloned().enumerate().collect(),
        None => likeness.filled.clone(),
    };
    let places: Vec<_> = page.line_places(line).collect();
    let mut broken = Vec::new();
    for (nth, span) in filling {
        let place = places[nth];
        let value = &text[span];
        let bound = page
            .range(place)
            .and_then(|range| range.broken(value, place.kind));
        if let Some(bound) = bound {
            let value = visible(&readable(value));
            let place = &page.text[place.span.range()];
            broken.push(format!("`{place}`: {value} {bound}"));
        }
    }
    broken
}
