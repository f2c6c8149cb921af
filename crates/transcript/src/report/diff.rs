//! The difference of two texts: hunks of lines, with the lines around them.

use std::{collections::HashSet, ops::Range};

use super::{
    Line, Report, ReportHeader, Role, count,
    entries::{Entry, entries},
    pairs::{Pairs, broken_ranges, pairs},
    show::{Blanks, Shown},
};
use crate::{Comparison, align::Row, fit::Fitter};

/// How many lines that match are shown around one that does not.
const CONTEXT: usize = 3;

/// Tells what differs, in so many lines at most; nothing where nothing does.
pub(super) fn diff(comparison: &Comparison<'_>, header: &ReportHeader<'_>, most: usize) -> Report {
    let mut report = Report::default();
    if comparison.shape_matches() {
        return report;
    }
    let rows = &comparison.alignment.rows;
    let entries = entries(rows);
    let mut telling = Telling {
        comparison,
        header,
        pairs: pairs(comparison, &entries, header.medium),
        entries: &entries,
        told: HashSet::new(),
        fitter: Fitter::new(&comparison.transcript.page),
        width: number_width(comparison, header),
    };
    report.push(telling.heading());
    report.push(telling.columns());
    let ending = telling.ending(rows);
    let room = most.saturating_sub(3 + ending.len());
    let (lines, left_out) = telling.hunks(room);
    report.lines.extend(lines);
    if left_out > 0 {
        let what = count(left_out, "more line is left out", "more lines are left out");
        report.push(Line::new(Role::Aside, format!("… {what}")));
    }
    report.lines.extend(ending);
    report
}

fn number_width(comparison: &Comparison<'_>, header: &ReportHeader<'_>) -> usize {
    let last = header
        .page_line(comparison.transcript.page.len())
        .max(comparison.output.len() as usize);
    last.to_string().len().max("output".len() - 1)
}

struct Telling<'t> {
    comparison: &'t Comparison<'t>,
    header: &'t ReportHeader<'t>,
    entries: &'t [Entry],
    pairs: Pairs,
    /// Places of added entries that have been told before their turn.
    told: HashSet<usize>,
    fitter: Fitter<'t>,
    width: usize,
}

impl Telling<'_> {
    fn heading(&self) -> Line {
        let first = self
            .entries
            .iter()
            .position(|entry| entry.differs())
            .unwrap_or(0);
        let line_of = |entry: &Entry| match entry {
            Entry::Same { line, .. } | Entry::Removed { line } | Entry::Elision { line, .. } => {
                Some(*line)
            }
            Entry::Added { .. } => None,
        };
        let before = self.entries[..first].iter().rev().find_map(line_of);
        let line = line_of(&self.entries[first]).or(before).unwrap_or(0);
        let ReportHeader {
            page,
            program,
            medium,
            ..
        } = self.header;
        Line::new(
            Role::Heading,
            format!(
                "{page}:{}: {program} {} something else",
                self.header.page_line(line),
                medium.verb()
            ),
        )
    }

    fn columns(&self) -> Line {
        Line::new(
            Role::Aside,
            self.numbers("page", self.header.medium.noun())
                .trim_end()
                .to_owned(),
        )
    }

    fn numbers(&self, page: &str, output: &str) -> String {
        let width = self.width;
        format!("{page:>width$} {output:>wide$} ", wide = width + 1)
    }

    fn prefix(&self, page: Option<u32>, output: Option<u32>, sign: char) -> String {
        let page = page.map_or(String::new(), |line| {
            self.header.page_line(line).to_string()
        });
        let output = output.map_or(String::new(), |line| (line as usize + 1).to_string());
        format!("{}{sign} ", self.numbers(&page, &output))
    }

    /// The lines of all hunks, and how many entries there was no room for.
    fn hunks(&mut self, room: usize) -> (Vec<Line>, usize) {
        let mut lines: Vec<Line> = Vec::new();
        let mut height = 0;
        let mut end = 0;
        let hunks = hunks(self.entries);
        for (nth, hunk) in hunks.iter().enumerate() {
            let mut next = Vec::new();
            if hunk.start > end {
                next.push(self.skipped(hunk.start - end));
            }
            for at in hunk.clone() {
                self.tell(at, &mut next);
                let grown: usize = next.iter().map(Line::height).sum();
                if height + grown > room {
                    let left: usize = hunks[nth + 1..].iter().map(Range::len).sum();
                    return (lines, left + hunk.end - at);
                }
                height += grown;
                lines.append(&mut next);
            }
            end = hunk.end;
        }
        if end < self.entries.len() && height < room {
            lines.push(self.skipped(self.entries.len() - end));
        }
        (lines, 0)
    }

    fn skipped(&self, number: usize) -> Line {
        let what = count(number, "line that matches", "lines that match");
        Line::new(Role::Aside, format!("{}  … {what}", self.numbers("", "")))
    }

    /// Appends the lines for one entry, and for its pair.
    fn tell(&mut self, at: usize, lines: &mut Vec<Line>) {
        match self.entries[at] {
            Entry::Same { line, actual } => lines.push(self.same(line, actual)),
            Entry::Elision { line, first, count } => lines.push(self.elision(line, first, count)),
            Entry::Removed { line } => {
                if let Some((added, _)) = self.pairs.of_removed.get(&at) {
                    let added = *added;
                    self.added_before(at, added, lines);
                    self.pair(at, line, added, lines);
                } else {
                    lines.push(self.removed(line, &[], Blanks::AsTheyAre));
                    if let Some(moved) = self.pairs.moved.get(&at) {
                        lines.push(self.note(moved));
                    }
                }
            }
            Entry::Added { .. } if self.pairs.added.contains(&at) || self.told.contains(&at) => {}
            Entry::Added { actual } => lines.push(self.added(actual, &[], Blanks::AsTheyAre)),
        }
    }

    /// Tells the lines without a pair that the output has before the pair of a
    /// removed line, so that its lines stand in its order.
    fn added_before(&mut self, removed: usize, pair: usize, lines: &mut Vec<Line>) {
        for at in removed..pair {
            if let Entry::Added { actual } = self.entries[at]
                && !self.pairs.added.contains(&at)
                && self.told.insert(at)
            {
                lines.push(self.added(actual, &[], Blanks::AsTheyAre));
            }
        }
    }

    fn same(&mut self, line: u32, actual: u32) -> Line {
        let text = self.comparison.actual(actual);
        let filled = self.fitter.fill(line, text).unwrap_or_default().to_vec();
        let shown = Shown {
            text,
            marked: &filled,
            role: Role::Context,
            marked_role: Role::Filled,
            blanks: Blanks::AsTheyAre,
        };
        shown_line(self.prefix(Some(line), Some(actual), ' '), &shown)
    }

    fn elision(&self, line: u32, first: u32, taken: u32) -> Line {
        let page = &self.comparison.transcript.page;
        let mut shown = Line::new(
            Role::Aside,
            self.prefix(Some(line), (taken > 0).then_some(first), ' '),
        );
        shown
            .spans
            .push((Role::Context, page.source(line).to_owned()));
        let what = count(taken as usize, "line", "lines");
        shown.spans.push((Role::Aside, format!("  ({what})")));
        shown
    }

    fn removed(&self, line: u32, marked: &[Range<usize>], blanks: Blanks) -> Line {
        let shown = Shown {
            text: self.comparison.transcript.page.source(line).as_bytes(),
            marked,
            role: Role::Removed,
            marked_role: Role::RemovedPart,
            blanks,
        };
        shown_line(self.prefix(Some(line), None, '-'), &shown)
    }

    fn added(&self, actual: u32, marked: &[Range<usize>], blanks: Blanks) -> Line {
        let shown = Shown {
            text: self.comparison.actual(actual),
            marked,
            role: Role::Added,
            marked_role: Role::AddedPart,
            blanks,
        };
        shown_line(self.prefix(None, Some(actual), '+'), &shown)
    }

    fn pair(&self, removed: usize, line: u32, added: usize, lines: &mut Vec<Line>) {
        let Some((_, likeness)) = self.pairs.of_removed.get(&removed) else {
            return;
        };
        let Entry::Added { actual } = self.entries[added] else {
            return;
        };
        let source = self.comparison.transcript.page.source(line).as_bytes();
        let text = self.comparison.actual(actual);
        let is_blank = |text: &[u8], ranges: &[Range<usize>]| {
            ranges.iter().all(|range| {
                std::str::from_utf8(&text[range.clone()]).is_ok_and(|text| text.trim().is_empty())
            })
        };
        let broken = broken_ranges(self.comparison, line, actual, likeness);
        let only_blanks = broken.is_empty()
            && is_blank(source, &likeness.page_differs)
            && is_blank(text, &likeness.output_differs);
        let blanks = if only_blanks {
            Blanks::Drawn
        } else {
            Blanks::AsTheyAre
        };
        lines.push(self.removed(line, &likeness.page_differs, blanks));
        lines.push(self.added(actual, &likeness.output_differs, blanks));
        if only_blanks {
            lines.push(self.note("only white space differs"));
        }
        lines.extend(broken.iter().map(|broken| self.note(broken)));
    }

    fn note(&self, text: &str) -> Line {
        let mut line = Line::new(Role::Aside, format!("{}= ", self.numbers("", "")));
        line.spans.push((Role::Note, text.to_owned()));
        line
    }

    /// What there is to say of the whole.
    fn ending(&self, rows: &[Row]) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(end) = self.missing_tail(rows) {
            lines.push(self.note(&end));
        }
        let removed = rows
            .iter()
            .filter(|row| matches!(row, Row::Removed { .. }))
            .count();
        let added = rows
            .iter()
            .filter(|row| matches!(row, Row::Added { .. }))
            .count();
        let missing = count(
            removed,
            "line of the page is missing",
            "lines of the page are missing",
        );
        let noun = self.header.medium.noun();
        let new = count(
            added,
            &format!("line of the {noun} is not in the page"),
            &format!("lines of the {noun} are not in the page"),
        );
        let sum = match (removed, added) {
            (_, 0) => missing,
            (0, _) => new,
            _ => format!("{missing}, {new}"),
        };
        lines.push(Line::new(Role::Heading, sum));
        if !self.comparison.alignment.is_minimal {
            let text = "The texts differ too much for the shortest difference: this one is held by lines that are unique.";
            lines.push(Line::new(Role::Note, text));
        }
        lines
    }

    fn missing_tail(&self, rows: &[Row]) -> Option<String> {
        let is_removed = |row: &Row| matches!(row, Row::Removed { .. });
        let nothing_added = !rows.iter().any(|row| matches!(row, Row::Added { .. }));
        let tail = rows.iter().rev().take_while(|row| is_removed(row)).count();
        if tail == 0 || !nothing_added {
            return None;
        }
        Some(match self.comparison.output.len() {
            0 => format!("the {} is empty", self.header.medium.noun()),
            lines => format!(
                "the {} ends after its line {lines}",
                self.header.medium.noun()
            ),
        })
    }
}

fn shown_line(prefix: String, shown: &Shown<'_>) -> Line {
    let mut line = Line::new(Role::Aside, prefix);
    line.spans.extend(shown.spans());
    line
}

/// Stretches of entries to show: those that differ, and those around them.
fn hunks(entries: &[Entry]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for at in (0..entries.len()).filter(|at| entries[*at].differs()) {
        let (start, end) = (
            at.saturating_sub(CONTEXT),
            (at + 1 + CONTEXT).min(entries.len()),
        );
        match hunks.last_mut() {
            Some(hunk) if hunk.end >= start => hunk.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}
