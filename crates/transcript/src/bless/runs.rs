//! Which line of one run is which line of another.
//!
//! The first run is written as a page in which every number is any text, and
//! the others are held against it: so lines that differ in values only find
//! each other, whatever else has come in between.

use crate::{
    Kinds, Order, Transcript, align::Row, output::Output, patience::Patience,
    report::tokens::likeness, tag, write,
};

/// How much work goes into finding what is alike.
pub(super) const PATIENCE: usize = 100_000_000;

/// For each line of the first run its counterpart in another, if it has one.
pub(super) fn counterparts(
    transcript: &Transcript,
    first: &Output<'_>,
    other: &[u8],
) -> Vec<Option<u32>> {
    let mut counterparts = vec![None; first.len() as usize];
    let text: String = (0..first.len())
        .map(|line| skeleton(transcript, first.line(line)) + "\n")
        .collect();
    let Ok(page) = Transcript::parse(&text, transcript.order(), &Kinds::default()) else {
        return counterparts;
    };
    let comparison = page.compare(other);
    let mut patience = Patience::new(PATIENCE);
    let mut missing: Vec<u32> = Vec::new();
    let mut new: Vec<u32> = Vec::new();
    for row in &comparison.alignment.rows {
        match *row {
            Row::Matched { line, actual } => {
                pair_rest(
                    &page,
                    &comparison.output,
                    (&mut missing, &mut new),
                    &mut counterparts,
                    &mut patience,
                );
                counterparts[line as usize] = Some(actual);
            }
            Row::Removed { line } => missing.push(line),
            Row::Added { actual } => new.push(actual),
            Row::Elision { .. } | Row::Elided { .. } => {}
        }
    }
    pair_rest(
        &page,
        &comparison.output,
        (&mut missing, &mut new),
        &mut counterparts,
        &mut patience,
    );
    counterparts
}

/// Lines between two that are matched: those that are much alike are the same.
fn pair_rest(
    page: &Transcript,
    output: &Output<'_>,
    (missing, new): (&mut Vec<u32>, &mut Vec<u32>),
    counterparts: &mut [Option<u32>],
    patience: &mut Patience,
) {
    const ALIKE: usize = 500;
    const MOST: usize = 100;
    let voice = |line: u32| {
        page.page
            .line(line)
            .speaker
            .map(|speaker| page.page.speakers[speaker as usize].as_str())
    };
    let may_pair = |line, actual| {
        page.order() == Order::Total || voice(line) == tag::speaker(output.line(actual))
    };
    let mut from = 0;
    for line in missing.drain(..).take(MOST) {
        let found = new[from..].iter().take(MOST).position(|actual| {
            may_pair(line, *actual)
                && likeness(&page.page, line, output.line(*actual), patience).degree >= ALIKE
        });
        if let Some(found) = found {
            counterparts[line as usize] = Some(new[from + found]);
            from += found + 1;
        }
    }
    new.clear();
}

/// A line with its numbers, and what they are part of, as `<any>`.
fn skeleton(transcript: &Transcript, line: &[u8]) -> String {
    let kinds = Kinds::default();
    let head = match tag::speaker(line) {
        Some(name) if transcript.order() == Order::Speakers => tag::length(name),
        _ => 0,
    };
    let mut skeleton = Vec::new();
    let mut had_digit = false;
    for word in line[head..].split_inclusive(|byte| is_boundary(*byte)) {
        let (word, boundary) = match word.split_last() {
            Some((last, word)) if is_boundary(*last) => (word, Some(*last)),
            _ => (word, None),
        };
        if word.iter().any(u8::is_ascii_digit) {
            skeleton.push(Part::Any);
            had_digit = true;
        } else {
            skeleton.push(Part::Text(word));
        }
        skeleton.extend(boundary.map(|byte| Part::Byte([byte])));
    }
    if !had_digit {
        return write::line(line, &kinds);
    }
    let mut written = vec![Part::Text(&line[..head])];
    written.extend(skeleton);
    join(&written, &kinds)
}

enum Part<'l> {
    Text(&'l [u8]),
    Byte([u8; 1]),
    Any,
}

fn join(parts: &[Part<'_>], kinds: &Kinds) -> String {
    let mut written = String::new();
    let mut literal = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => literal.extend_from_slice(text),
            Part::Byte(byte) => literal.extend_from_slice(byte),
            Part::Any => {
                written.push_str(&write::text_before(&literal, kinds));
                written.push_str("<any>");
                literal.clear();
            }
        }
    }
    written.push_str(&write::text(&literal, kinds));
    write::as_line(written)
}

fn is_boundary(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'('
            | b')'
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b','
            | b';'
            | b'='
            | b'"'
            | b'\''
            | b'`'
    )
}
