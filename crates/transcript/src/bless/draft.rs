//! The new text of a page, line by line.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    runs::counterparts,
    vary::{Known, Part, Vary, written},
};
use crate::{
    Comparison, Order, Transcript,
    align::Row,
    fit::Fitter,
    page::Page,
    report::tokens::{Likeness, likeness},
    tag, write,
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
    let text = settle_elisions(transcript, &comparisons[base], text);
    settle_names(transcript, runs, text)
}

struct Draft<'d> {
    transcript: &'d Transcript,
    comparisons: &'d [Comparison<'d>],
    base: usize,
    /// For each run, which of its lines is which of the base's.
    counterparts: Vec<Vec<Option<u32>>>,
    /// For each run, which of its lines each line of the page matched.
    matched: Vec<HashMap<u32, u32>>,
    names: Vec<Known>,
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

    fn page(&self) -> &'d Page {
        &self.transcript.page
    }

    fn text(&self) -> String {
        let source = self.transcript.text();
        let ending = ending(source);
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
                let degree = |actual: &u32| self.likeness(self.base, line, *actual).degree;
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
                fitter.fits(line, self.comparisons[self.base].actual(*actual))
                    && self.same_voice(line, *actual)
            };
            if let Some(place) = free.iter().position(fits) {
                moved.insert(free.swap_remove(place), line);
            }
        }
        moved
    }

    fn likeness(&self, run: usize, line: u32, actual: u32) -> Likeness {
        likeness(self.page(), line, self.comparisons[run].actual(actual))
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

    /// A line from the runs; `before` is the line of the page that it replaces.
    fn new_line(&self, actual: u32, before: Option<u32>) -> String {
        let runs: Vec<(usize, u32)> = (0..self.comparisons.len())
            .filter_map(|run| Some((run, self.counterparts[run][actual as usize]?)))
            .collect();
        let variants: Vec<&[u8]> = runs
            .iter()
            .map(|(run, line)| self.comparisons[*run].actual(*line))
            .collect();
        let kinds = &self.page().kinds;
        let base = self.comparisons[self.base].actual(actual);
        let mut tries = Vec::new();
        if let Some(line) = before {
            tries.push(self.page().source(line).to_owned());
            tries.push(written(&self.keeping_places(line, &runs, &variants), kinds));
        }
        tries.push(written(&self.parts(&runs, &variants), kinds));
        let literal = write::line(base, kinds);
        let fitting = tries
            .into_iter()
            .find(|text| self.fits_all(text, &variants));
        fitting.unwrap_or(literal)
    }

    /// The parts of a line, whose tag is left as it is where speakers count.
    fn parts(&self, runs: &[(usize, u32)], variants: &[&[u8]]) -> Vec<Part> {
        let names = self.names_of(runs);
        let vary = Vary {
            kinds: &self.page().kinds,
            names: &names,
        };
        let tag = self.tag_len(variants[0]);
        let rest: Vec<&[u8]> = variants
            .iter()
            .map(|variant| &variant[tag.min(variant.len())..])
            .collect();
        let mut parts = vec![Part::Text(variants[0][..tag].to_vec())];
        parts.extend(vary.parts(&rest, &variants[0][..tag]));
        parts
    }

    fn tag_len(&self, line: &[u8]) -> usize {
        match tag::speaker(line) {
            Some(name) if self.page().order == Order::Speakers => tag::length(name),
            _ => 0,
        }
    }

    fn names_of(&self, runs: &[(usize, u32)]) -> Vec<Known> {
        let texts = |known: &Known| {
            runs.iter()
                .map(|(run, _)| known.texts[*run].clone())
                .collect()
        };
        let of_runs = |known: &Known| Known {
            texts: texts(known),
            ..known.clone()
        };
        self.names.iter().map(of_runs).collect()
    }

    /// A changed line, with those placeholders of the old one that still stand
    /// for something in every run.
    fn keeping_places(&self, line: u32, runs: &[(usize, u32)], variants: &[&[u8]]) -> Vec<Part> {
        let page = self.page();
        let likenesses: Vec<Likeness> = runs
            .iter()
            .map(|(run, actual)| self.likeness(*run, line, *actual))
            .collect();
        let filled = |likeness: &Likeness| {
            likeness
                .filled
                .iter()
                .map(|(place, _)| *place)
                .collect::<BTreeSet<usize>>()
        };
        let kept = likenesses
            .iter()
            .map(filled)
            .reduce(|a, b| &a & &b)
            .unwrap_or_default();
        let names = self.names_of(runs);
        let vary = Vary {
            kinds: &page.kinds,
            names: &names,
        };
        let mut parts = Vec::new();
        let tag = self.tag_len(variants[0]);
        let mut ends = vec![tag; variants.len()];
        parts.push(Part::Text(variants[0][..tag].to_vec()));
        for (nth, place) in page
            .line_places(line)
            .enumerate()
            .filter(|(nth, _)| kept.contains(nth))
        {
            let spans = likenesses
                .iter()
                .filter_map(|likeness| likeness.filled.iter().find(|(place, _)| *place == nth));
            let spans: Vec<_> = spans.map(|(_, span)| span.clone()).collect();
            if spans.iter().zip(&ends).any(|(span, end)| span.start < *end) {
                continue;
            }
            let between: Vec<&[u8]> = variants
                .iter()
                .zip(&spans)
                .zip(&ends)
                .map(|((text, span), end)| &text[*end..span.start])
                .collect();
            parts.extend(vary.parts(&between, &variants[0][..ends[0]]));
            parts.push(Part::Place(page.text[place.span.range()].to_owned()));
            ends = spans.iter().map(|span| span.end).collect();
        }
        let rest: Vec<&[u8]> = variants
            .iter()
            .zip(&ends)
            .map(|(text, end)| &text[*end..])
            .collect();
        parts.extend(vary.parts(&rest, &variants[0][..ends[0]]));
        parts
    }

    /// Whether a line as it is written fits what every run has.
    fn fits_all(&self, text: &str, variants: &[&[u8]]) -> bool {
        let Ok(line) = Transcript::parse(text, self.page().order, &self.page().kinds) else {
            return false;
        };
        let spoken =
            |text: &[u8]| self.page().order == Order::Speakers && tag::speaker(text).is_some();
        let is_line = line.page.lines.len() == 1;
        let mut fitter = Fitter::new(&line.page);
        is_line
            && variants.iter().all(|variant| {
                fitter.fits(0, variant) && spoken(variant) == line.page.line(0).speaker.is_some()
            })
    }
}

/// How the page ends its lines.
fn ending(source: &str) -> &'static str {
    if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
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

/// The names that stand for one text in every run, by what they stand for.
fn names(
    transcript: &Transcript,
    comparisons: &[Comparison<'_>],
    known: &[BTreeMap<String, String>],
) -> Vec<Known> {
    let page = &transcript.page;
    let mut names: BTreeMap<(String, crate::kinds::Kind), Vec<BTreeSet<Vec<u8>>>> = BTreeMap::new();
    for (run, comparison) in comparisons.iter().enumerate() {
        for binding in &comparison.bindings {
            let key = (
                page.full_name(binding.name),
                page.names[binding.name as usize].kind,
            );
            let texts = names
                .entry(key)
                .or_insert_with(|| vec![BTreeSet::new(); comparisons.len()]);
            texts[run].insert(binding.bytes(&comparison.output).to_vec());
        }
        for (name, text) in known.get(run).into_iter().flatten() {
            let Some(kind) = name
                .split_once(':')
                .and_then(|(kind, _)| page.kinds.find(kind))
            else {
                continue;
            };
            let texts = names
                .entry((name.clone(), kind))
                .or_insert_with(|| vec![BTreeSet::new(); comparisons.len()]);
            texts[run].insert(text.clone().into_bytes());
        }
    }
    let one_text = |((name, kind), texts): ((String, _), Vec<BTreeSet<Vec<u8>>>)| {
        let single = |texts: BTreeSet<Vec<u8>>| {
            (texts.len() == 1)
                .then(|| texts.into_iter().next())
                .flatten()
        };
        Some(Known {
            place: format!("<{name}>"),
            kind,
            texts: texts.into_iter().map(single).collect::<Option<Vec<_>>>()?,
        })
    };
    names.into_iter().filter_map(one_text).collect()
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

/// A page of elisions alone promises nothing: the lines that they took are
/// written out.
fn settle_elisions(transcript: &Transcript, base: &Comparison<'_>, text: String) -> String {
    let page = &transcript.page;
    if Transcript::parse(&text, page.order, &page.kinds).is_ok() {
        return text;
    }
    let lines =
        (0..base.output.len()).map(|line| write::line(base.actual(line), &page.kinds) + "\n");
    lines.collect()
}

/// Takes a name away where it would stand for a second text, in any run.
fn settle_names(transcript: &Transcript, runs: &[&[u8]], mut text: String) -> String {
    let page = &transcript.page;
    loop {
        let Ok(new) = Transcript::parse(&text, page.order, &page.kinds) else {
            return text;
        };
        let Some(place) = runs.iter().find_map(|run| second_text(&new.compare(run))) else {
            return text;
        };
        let place = new.page.place(place);
        let source = &text[place.span.range()];
        let range = source.split_once(' ').map_or(">", |(_, range)| range);
        let blank = if range == ">" { "" } else { " " };
        let unnamed = format!("<{}{blank}{range}", page.kinds.word(place.kind));
        text.replace_range(place.span.range(), &unnamed);
    }
}

/// A placeholder whose name stands for another text than it did before.
fn second_text(comparison: &Comparison<'_>) -> Option<u32> {
    let mut known: HashMap<u32, &[u8]> = HashMap::new();
    let broken = comparison.bindings.iter().find(|binding| {
        let bytes = binding.bytes(&comparison.output);
        *known.entry(binding.name).or_insert(bytes) != bytes
    })?;
    Some(broken.place)
}
