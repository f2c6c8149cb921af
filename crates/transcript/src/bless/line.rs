//! One new line of a page, from what the runs have.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use super::{
    draft::Draft,
    runs::PATIENCE,
    vary::{Known, Part, Vary, written},
};
use crate::{
    Comparison, Order, Transcript, fit::Fitter, patience::Patience, report::tokens::Likeness, tag,
    write,
};

impl Draft<'_> {
    /// A line from the runs; `before` is the line of the page that it replaces.
    pub(super) fn new_line(&self, actual: u32, before: Option<u32>) -> String {
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
            .map(|(run, actual)| self.likeness(*run, line, *actual, &mut Patience::new(PATIENCE)))
            .collect();
        let names = self.names_of(runs);
        let vary = Vary {
            kinds: &page.kinds,
            names: &names,
        };
        let tag = self.tag_len(variants[0]);
        let mut ends = vec![tag; variants.len()];
        let mut parts = vec![Part::Text(variants[0][..tag].to_vec())];
        for (nth, place) in page.line_places(line).enumerate() {
            let Some(spans) = filled_everywhere(&likenesses, nth, &ends) else {
                continue;
            };
            let before = variants.iter().zip(&ends).zip(&spans);
            let before: Vec<&[u8]> = before
                .map(|((text, end), span)| &text[*end..span.start])
                .collect();
            parts.extend(vary.parts(&before, &variants[0][..ends[0]]));
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

/// What a placeholder stands for in each run, if it does in all of them, behind
/// these ends.
fn filled_everywhere(
    likenesses: &[Likeness],
    nth: usize,
    ends: &[usize],
) -> Option<Vec<Range<usize>>> {
    let filled = |(likeness, end): (&Likeness, &usize)| {
        let (_, span) = likeness.filled.iter().find(|(place, _)| *place == nth)?;
        (span.start >= *end).then(|| span.clone())
    };
    likenesses.iter().zip(ends).map(filled).collect()
}

/// The names that stand for one text in every run, by what they stand for.
pub(super) fn names(
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
