//! Two lines that do not fit each other, word by word: what is alike?
//!
//! Placeholders are words that stand for several: `<addr>` is alike to
//! `127.0.0.1:80`.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::{
    fill,
    page::{Page, Piece, Place},
    patience::Patience,
};

/// What is alike in an expected line and a line of output.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likeness {
    /// Stretches of the expected line, as the page writes it, that differ.
    pub(crate) page_differs: Vec<Range<usize>>,
    /// Stretches of the output that differ.
    pub(crate) output_differs: Vec<Range<usize>>,
    /// Placeholders that stand for something, by their place among those of
    /// the line, and for what.
    pub(crate) filled: Vec<(usize, Range<usize>)>,
    /// From 0, nothing alike, to 1000.
    pub(crate) degree: usize,
}

/// Lines with more words than this are compared at their ends only.
const MOST_TOKENS: usize = 300;

/// A word of the page.
struct Expected<'p> {
    /// Where it stands in the line as the page writes it.
    source: Range<usize>,
    what: What<'p>,
}

enum What<'p> {
    Text(&'p [u8]),
    /// Its number in the line, and itself.
    Place(usize, &'p Place),
}

/// Compares an expected line with a line of output. Without patience nothing is alike.
pub(crate) fn likeness(page: &Page, line: u32, output: &[u8], patience: &mut Patience) -> Likeness {
    if !patience.spend(4 * (page.source(line).len() + output.len())) {
        return Likeness::default();
    }
    let expected = expected_tokens(page, line);
    let actual = tokens(output);
    let same = |(expected, actual): &(&Expected<'_>, &Range<usize>)| {
        is_same(expected, &output[(*actual).clone()])
    };
    let head = expected.iter().zip(&actual).take_while(same).count();
    let (middle, actual_middle) = (&expected[head..], &actual[head..]);
    let tail = middle
        .iter()
        .rev()
        .zip(actual_middle.iter().rev())
        .take_while(same)
        .count();
    let middle = Middle {
        page,
        output,
        expected: &middle[..middle.len() - tail],
        actual: &actual_middle[..actual_middle.len() - tail],
    };
    let mut alike = middle.align(patience);
    for alike in &mut alike {
        alike.0 += head;
        alike.1 = alike.1.start + head..alike.1.end + head;
    }
    alike.splice(0..0, (0..head).map(|at| (at, at..at + 1)));
    alike.extend((0..tail).rev().map(|back| {
        let at = actual.len() - 1 - back;
        (expected.len() - 1 - back, at..at + 1)
    }));
    conclude((page.source(line), &expected), (output, &actual), &alike)
}

fn conclude(
    (source, expected): (&str, &[Expected<'_>]),
    (output, actual): (&[u8], &[Range<usize>]),
    alike: &[(usize, Range<usize>)],
) -> Likeness {
    let mut likeness = Likeness::default();
    let mut is_expected = vec![false; expected.len()];
    let mut is_actual = vec![false; actual.len()];
    for (nth, range) in alike {
        is_expected[*nth] = true;
        is_actual[range.clone()].fill(true);
        if let What::Place(place, _) = expected[*nth].what {
            likeness
                .filled
                .push((place, actual[range.start].start..actual[range.end - 1].end));
        }
    }
    let sources = || expected.iter().map(|expected| expected.source.clone());
    let words = sources().map(|range| &source.as_bytes()[range]);
    let said = actual.iter().map(|range| &output[range.clone()]);
    let (same, all) = add(weigh(words, &is_expected), weigh(said, &is_actual));
    likeness.degree = (same * 1000).checked_div(all).unwrap_or(1000);
    likeness.page_differs = differing(sources(), &is_expected);
    likeness.output_differs = differing(actual.iter().cloned(), &is_actual);
    likeness
}

fn add(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

/// How many characters are alike, and how many there are.
fn weigh<'t>(words: impl Iterator<Item = &'t [u8]>, alike: &[bool]) -> (usize, usize) {
    let characters = |word: &[u8]| word.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    words.zip(alike).fold((0, 0), |(same, all), (word, alike)| {
        let weight = characters(word);
        (same + if *alike { weight } else { 0 }, all + weight)
    })
}

/// The stretches that are not alike, neighbours joined.
fn differing(ranges: impl Iterator<Item = Range<usize>>, alike: &[bool]) -> Vec<Range<usize>> {
    let mut differing: Vec<Range<usize>> = Vec::new();
    for (range, _) in ranges.zip(alike).filter(|(_, alike)| !**alike) {
        match differing.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => differing.push(range),
        }
    }
    differing
}

fn is_same(expected: &Expected<'_>, actual: &[u8]) -> bool {
    matches!(expected.what, What::Text(text) if text == actual)
}

/// What is left between the ends that are the same.
struct Middle<'m> {
    page: &'m Page,
    output: &'m [u8],
    expected: &'m [Expected<'m>],
    actual: &'m [Range<usize>],
}

impl Middle<'_> {
    /// The heaviest alignment: words of the page, and what each is alike to.
    fn align(&self, patience: &mut Patience) -> Vec<(usize, Range<usize>)> {
        let (rows, columns) = (self.expected.len(), self.actual.len());
        let places = self
            .expected
            .iter()
            .filter(|expected| matches!(expected.what, What::Place(..)))
            .count();
        let work = (rows + 4 * MOST_TOKENS_A_PLACE * places) * columns;
        if rows.max(columns) > MOST_TOKENS || !patience.spend(work) {
            return Vec::new();
        }
        // The weight of the best alignment of what is left, and its first step.
        let mut best = vec![vec![(0, Step::Stop); columns + 1]; rows + 1];
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                let mut choice = (best[row + 1][column].0, Step::SkipExpected);
                if best[row][column + 1].0 > choice.0 {
                    choice = (best[row][column + 1].0, Step::SkipActual);
                }
                self.each_take(row, column, |weight, taken| {
                    let weight = weight + best[row + 1][column + taken].0;
                    if weight > choice.0 {
                        choice = (weight, Step::Take(taken));
                    }
                });
                best[row][column] = choice;
            }
        }
        self.trace(&best)
    }

    fn trace(&self, best: &[Vec<(usize, Step)>]) -> Vec<(usize, Range<usize>)> {
        let mut alike = Vec::new();
        let (mut row, mut column) = (0, 0);
        while row < self.expected.len() && column < self.actual.len() {
            match best[row][column].1 {
                Step::SkipActual => column += 1,
                Step::SkipExpected | Step::Stop => row += 1,
                Step::Take(taken) => {
                    alike.push((row, column..column + taken));
                    (row, column) = (row + 1, column + taken);
                }
            }
        }
        alike
    }

    /// Calls back with what a word of the page may be alike to, from this word
    /// of the output on: a weight, and how many words.
    fn each_take(&self, row: usize, column: usize, mut take: impl FnMut(usize, usize)) {
        match self.expected[row].what {
            What::Text(text) if text == &self.output[self.actual[column].clone()] => {
                let is_word = text.iter().any(u8::is_ascii_alphanumeric);
                take(if is_word { 4 + text.len() } else { 1 }, 1);
            }
            What::Text(_) => {}
            What::Place(_, place) => {
                let most = (self.actual.len() - column).min(MOST_TOKENS_A_PLACE);
                for taken in (1..=most).filter(|taken| self.stands_for(place, column, *taken)) {
                    take(5, taken);
                }
            }
        }
    }

    fn stands_for(&self, place: &Place, column: usize, taken: usize) -> bool {
        let text = &self.output[self.actual[column].start..self.actual[column + taken - 1].end];
        fill::is_of_kind(text, place.kind, &self.page.kinds)
            && self
                .page
                .range(place)
                .is_none_or(|range| range.holds(text, place.kind))
    }
}

/// How many words of output a placeholder is tried on.
const MOST_TOKENS_A_PLACE: usize = 24;

#[derive(Clone, Copy)]
enum Step {
    Stop,
    SkipExpected,
    SkipActual,
    Take(usize),
}

fn expected_tokens(page: &Page, line: u32) -> Vec<Expected<'_>> {
    let start = page.line(line).span.start as usize;
    let mut expected = Vec::new();
    let mut places = 0;
    // Where the next piece stands in the page; escapes are not in the pieces.
    let mut at = 0;
    let pieces = page.pieces(line);
    for (nth, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Place(place) => {
                let place = page.place(place);
                let source = place.span.range();
                at = source.end - start;
                expected.push(Expected {
                    source: source.start - start..at,
                    what: What::Place(places, place),
                });
                places += 1;
            }
            Piece::Plain(span) => {
                let from = span.start as usize - start;
                let text = page.literal(*piece).unwrap_or_default();
                expected.extend(tokens(text).into_iter().map(|token| Expected {
                    source: from + token.start..from + token.end,
                    what: What::Text(&text[token]),
                }));
                at = span.end as usize - start;
            }
            Piece::Cooked(_) => {
                let next = pieces[nth + 1..].iter().find_map(|piece| match piece {
                    Piece::Place(place) => Some(page.place(*place).span.start as usize - start),
                    _ => None,
                });
                let end = next.unwrap_or(page.source(line).len());
                let text = page.literal(*piece).unwrap_or_default();
                let sources = sources(&page.source(line).as_bytes()[at..end], text);
                expected.extend(tokens(text).into_iter().map(|token| Expected {
                    source: at + sources[token.start]..at + sources[token.end],
                    what: What::Text(&text[token]),
                }));
                at = end;
            }
        }
    }
    expected
}

/// For each byte of a text, and its end, where the page spells it.
fn sources(source: &[u8], text: &[u8]) -> Vec<usize> {
    let mut sources = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    for byte in text {
        sources.push(at);
        at += match &source[at..] {
            [first, ..] if first == byte => 1,
            // A backslash that is only there for what follows it.
            [b'\\', second, ..] if second == byte => 2,
            spelled => spelled.len().min("<byte 00>".len()),
        };
    }
    sources.push(source.len());
    sources
}

/// Words, and single characters of any other sort.
pub(crate) fn tokens(text: &[u8]) -> Vec<Range<usize>> {
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    let mut push = |at: usize, len: usize, class: Class| {
        match tokens.last_mut() {
            Some(token) if last == Some(class) && class != Class::Single => token.end = at + len,
            _ => tokens.push(at..at + len),
        }
        last = Some(class);
    };
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            // A combining character stays with what it combines with.
            let class = if character.is_alphanumeric() || character.width() == Some(0) {
                Class::Word
            } else {
                Class::Single
            };
            push(at, character.len_utf8(), class);
            at += character.len_utf8();
        }
        for _ in chunk.invalid() {
            push(at, 1, Class::Single);
            at += 1;
        }
    }
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Single,
}
