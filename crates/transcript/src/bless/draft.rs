//! The new text of a page, line by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    line::names,
    runs::{PATIENCE, counterparts},
    settle,
    vary::Known,
};
use crate::{
    Comparison, Order, Transcript,
    align::Row,
    fit::Fitter,
    page::Page,
    patience::Patience,
    report::tokens::{Likeness, likeness},
    tag,
};

/// How much of a line has to be alike for it to be the same line, changed.
const ALIKE: usize = 450;

/// How many new lines are looked at to find what a line has become.
const NEAR: usize = 50;

/// The text that the page should have.
pub(super) fn text(
    transcript: &Transcript,
    runs: &[&[u8]],
    known: &[BTreeMap<String, String>],
) -> String {
    let comparisons: Vec<Comparison<'_>> = runs.iter().map(|run| transcript.compare(run)).collect();
    if comparisons.iter().all(Comparison::matches) {
        return transcript.text().to_owned();
    }
    // The run that differs least from the page keeps most of it.
    let Some(base) = (0..runs.len()).min_by_key(|run| comparisons[*run].differences()) else {
        return transcript.text().to_owned();
    };
    let draft = Draft::new(transcript, &comparisons, base, known);
    let text = draft.text();
    let text = settle::elisions(transcript, &comparisons[base], text);
    settle::names(transcript, runs, text)
}

pub(super) struct Draft<'d> {
    transcript: &'d Transcript,
    pub(super) comparisons: &'d [Comparison<'d>],
    pub(super) base: usize,
    /// For each run, which of its lines is which of the base's.
    pub(super) counterparts: Vec<Vec<Option<u32>>>,
    /// For each run, which of its lines each line of the page matched.
    matched: Vec<HashMap<u32, u32>>,
    pub(super) names: Vec<Known>,
}

impl<'d> Draft<'d> {
    fn new(
        transcript: &'d Transcript,
        comparisons: &'d [Comparison<'d>],
        base: usize,
        known: &[BTreeMap<String, String>],
    ) -> Self {
        let output = &comparisons[base].output;
        let counterparts = comparisons.iter().enumerate().map(|(nth, comparison)| {
            if nth == base {
                (0..output.len()).map(Some).collect()
            } else {
                counterparts(transcript, output, comparison.output.text())
            }
        });
        Self {
            transcript,
            comparisons,
            base,
            counterparts: counterparts.collect(),
            matched: comparisons.iter().map(matched).collect(),
            names: names(transcript, comparisons, known),
        }
    }

    pub(super) fn page(&self) -> &'d Page {
        &self.transcript.page
    }

    fn text(&self) -> String {
        let source = self.transcript.text();
        let ending = settle::ending(source);
        let rows = &self.comparisons[self.base].alignment.rows;
        let changed = self.changed(rows);
        let mut lines: Vec<String> = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(match *row {
                Row::Matched { line, actual } if !self.is_settled(line, actual) => {
                    self.new_line(actual, Some(line))
                }
                Row::Matched { line, .. } | Row::Elision { line } => {
                    raw_line(source, self.page(), line).to_owned()
                }
                Row::Added { actual } => self.new_line(actual, changed.get(&actual).copied()),
                Row::Removed { .. } | Row::Elided { .. } => continue,
            });
        }
        let mut text = String::new();
        for line in &lines {
            text.push_str(line);
            text.push_str(ending);
        }
        text + blank_end(source, self.page())
    }

    /// Whether a line that matched the base matches the other runs, too, as far
    /// as they have it.
    fn is_settled(&self, line: u32, actual: u32) -> bool {
        (0..self.comparisons.len()).all(|run| {
            let counterpart = self.counterparts[run][actual as usize];
            self.matched[run].contains_key(&line) || counterpart.is_none()
        })
    }

    /// For lines that are new, the line of the page that they were before.
    fn changed(&self, rows: &[Row]) -> HashMap<u32, u32> {
        let mut changed = self.moved(rows);
        let mut patience = Patience::new(PATIENCE);
        let moved: BTreeSet<u32> = changed.values().copied().collect();
        for run in rows
            .chunk_by(|a, b| a.differs() && b.differs())
            .filter(|run| run[0].differs())
        {
            let mut added: Vec<u32> = run.iter().filter_map(|row| added(*row)).collect();
            added.retain(|actual| !changed.contains_key(actual));
            for row in run {
                let Row::Removed { line } = *row else {
                    continue;
                };
                if moved.contains(&line) {
                    continue;
                }
                let mut degree = |actual: &u32| {
                    self.likeness(self.base, line, *actual, &mut patience)
                        .degree
                };
                let is_it =
                    |actual: &u32| self.same_voice(line, *actual) && degree(actual) >= ALIKE;
                if let Some(place) = added.iter().take(NEAR).position(is_it) {
                    changed.insert(added[place], line);
                    added.drain(..=place);
                }
            }
        }
        changed
    }

    /// Lines that the output has elsewhere: they keep their placeholders.
    fn moved(&self, rows: &[Row]) -> HashMap<u32, u32> {
        let page = self.page();
        let mut fitter = Fitter::new(page);
        let mut patience = Patience::new(PATIENCE);
        let mut free: Vec<u32> = rows.iter().filter_map(|row| added(*row)).collect();
        let mut moved = HashMap::new();
        for row in rows {
            let Row::Removed { line } = *row else {
                continue;
            };
            if page.line_places(line).next().is_none() {
                continue;
            }
            let fits = |actual: &u32| {
                let text = self.comparisons[self.base].actual(*actual);
                patience.spend(text.len() * page.pieces(line).len() + 1)
                    && fitter.fits(line, text)
                    && self.same_voice(line, *actual)
            };
            if let Some(place) = free.iter().position(fits) {
                moved.insert(free.swap_remove(place), line);
            }
        }
        moved
    }

    pub(super) fn likeness(
        &self,
        run: usize,
        line: u32,
        actual: u32,
        patience: &mut Patience,
    ) -> Likeness {
        likeness(
            self.page(),
            line,
            self.comparisons[run].actual(actual),
            patience,
        )
    }

    fn same_voice(&self, line: u32, actual: u32) -> bool {
        let page = self.page();
        let speaker = page
            .line(line)
            .speaker
            .map(|speaker| page.speakers[speaker as usize].as_str());
        page.order == Order::Total
            || speaker == tag::speaker(self.comparisons[self.base].actual(actual))
    }
}

fn added(row: Row) -> Option<u32> {
    match row {
        Row::Added { actual } => Some(actual),
        _ => None,
    }
}

fn matched(comparison: &Comparison<'_>) -> HashMap<u32, u32> {
    let pair = |row: &Row| match *row {
        Row::Matched { line, actual } => Some((line, actual)),
        _ => None,
    };
    comparison.alignment.rows.iter().filter_map(pair).collect()
}

/// A line as it stands in the page, with its trailing blanks, without its ending.
fn raw_line<'t>(source: &'t str, page: &Page, line: u32) -> &'t str {
    let rest = &source[page.line(line).span.start as usize..];
    rest.lines().next().unwrap_or_default()
}

/// The blank lines at the end of the page, as they are.
fn blank_end<'t>(source: &'t str, page: &Page) -> &'t str {
    let after = page.lines.last().map_or(0, |line| line.span.end as usize);
    match source[after..].split_once('\n') {
        Some((_, blank)) => blank,
        None => "",
    }
}
