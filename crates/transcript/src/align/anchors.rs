//! An alignment for texts that differ too much for the shortest one.
//!
//! Lines that are unique on both sides hold the alignment; what lies between
//! two of them is aligned by itself. Patience diff (Bram Cohen) does likewise,
//! but compares whole lines; ours may hold placeholders, so it is words that
//! find the pairs: a word that only one line of each side has.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use super::{Held, Item, Row, elisions, plain};
use crate::page::{Page, Piece};

/// How much work each piece between two anchors may be.
const WORK_A_PIECE: usize = 2_000_000;

/// How often a piece is cut again.
const DEPTH: usize = 6;

/// Aligns these lines somehow, in little time.
pub(super) fn align(held: &mut Held<'_>, items: &[Item], actual: &[u32], rows: &mut Vec<Row>) {
    let left = held.work;
    cut(held, items, actual, rows, DEPTH);
    held.work = left.max(WORK_A_PIECE);
}

fn cut(held: &mut Held<'_>, items: &[Item], actual: &[u32], rows: &mut Vec<Row>, depth: usize) {
    let anchors = if depth == 0 {
        Vec::new()
    } else {
        anchors(held, items, actual)
    };
    if anchors.is_empty() {
        return align_without_anchors(held, items, actual, rows);
    }
    let (mut item, mut line) = (0, 0);
    for (next_item, next_line) in anchors {
        align_piece(
            held,
            &items[item..next_item],
            &actual[line..next_line],
            rows,
            depth,
        );
        rows.push(Row::Matched {
            line: items[next_item].line(),
            actual: actual[next_line],
        });
        (item, line) = (next_item + 1, next_line + 1);
    }
    align_piece(held, &items[item..], &actual[line..], rows, depth);
}

fn align_piece(
    held: &mut Held<'_>,
    items: &[Item],
    actual: &[u32],
    rows: &mut Vec<Row>,
    depth: usize,
) {
    let start = rows.len();
    held.work = WORK_A_PIECE.min((items.len() + actual.len()) * 64 + 4096);
    let found = if items.iter().any(|item| item.is_elision()) {
        elisions::align(held, items, actual, rows)
    } else {
        plain::align(held, items, actual, rows)
    };
    if found.is_err() {
        rows.truncate(start);
        cut(held, items, actual, rows, depth - 1);
    }
}

/// All lines of the page are missing, and all of the output new, or elided.
fn align_without_anchors(held: &mut Held<'_>, items: &[Item], actual: &[u32], rows: &mut Vec<Row>) {
    let mut first = 0;
    while first < items.len().min(actual.len()) && held.fits(items[first], actual[first]) {
        rows.push(Row::Matched {
            line: items[first].line(),
            actual: actual[first],
        });
        first += 1;
    }
    let mut rest = Some(&actual[first..]);
    for item in &items[first..] {
        match item {
            Item::Line(line) => rows.push(Row::Removed { line: *line }),
            Item::Elision(line) => {
                rows.push(Row::Elision { line: *line });
                let elided = rest.take().unwrap_or_default();
                rows.extend(elided.iter().map(|actual| Row::Elided { actual: *actual }));
            }
        }
    }
    rows.extend(
        rest.unwrap_or_default()
            .iter()
            .map(|actual| Row::Added { actual: *actual }),
    );
}

/// Pairs of lines, places in both lists, that come in the same order in both.
fn anchors(held: &mut Held<'_>, items: &[Item], actual: &[u32]) -> Vec<(usize, usize)> {
    let hasher = RandomState::new();
    let hash = |word: &[u8]| hasher.hash_one(word);
    let mut of_page = Unique::default();
    for (place, item) in items.iter().enumerate() {
        if let Item::Line(line) = item {
            words_of_page(held.page, *line, |word| of_page.add(hash(word), place));
        }
    }
    let mut of_output = Unique::default();
    for (place, line) in actual.iter().enumerate() {
        let line = held.output.line(*line);
        words(line, |word, _, _| of_output.add(hash(word), place));
        of_output.add(hash(line), place);
    }
    let mut pairs: Vec<(usize, usize)> = of_page.pairs(&of_output);
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|(item, line)| held.fits(items[*item], actual[*line]));
    ascending(&pairs)
}

/// Where each word stands, as long as it is only one line.
#[derive(Default)]
struct Unique(HashMap<u64, Option<usize>>);

impl Unique {
    fn add(&mut self, word: u64, place: usize) {
        let known = self.0.entry(word).or_insert(Some(place));
        if *known != Some(place) {
            *known = None;
        }
    }

    fn pairs(&self, other: &Self) -> Vec<(usize, usize)> {
        let both =
            |(word, place): (&u64, &Option<usize>)| Some(((*place)?, (*other.0.get(word)?)?));
        self.0.iter().filter_map(both).collect()
    }
}

/// The words of an expected line that are whole whatever its placeholders take,
/// and the line itself where it has none.
fn words_of_page(page: &Page, line: u32, mut found: impl FnMut(&[u8])) {
    let pieces = page.pieces(line);
    for (nth, piece) in pieces.iter().enumerate() {
        let Some(literal) = page.literal(*piece) else {
            continue;
        };
        words(literal, |word, from, to| {
            let joins_left = from == 0 && nth > 0;
            let joins_right = to == literal.len() && nth + 1 < pieces.len();
            if !joins_left && !joins_right {
                found(word);
            }
        });
    }
    if let [piece @ (Piece::Plain(_) | Piece::Cooked(_))] = pieces
        && let Some(literal) = page.literal(*piece)
    {
        found(literal);
    }
}

/// Calls back with each word, and where it begins and ends.
fn words(text: &[u8], mut found: impl FnMut(&[u8], usize, usize)) {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let mut at = 0;
    while let Some(skip) = text[at..].iter().position(is_word) {
        let from = at + skip;
        let to = from + text[from..].iter().take_while(|byte| is_word(byte)).count();
        found(&text[from..to], from, to);
        at = to;
    }
}

/// The longest list of pairs that ascends on both sides; they ascend on the first.
fn ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair that ends the list with the least line.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (nth, (_, line)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *line);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(nth);
        } else {
            ends[length] = nth;
        }
    }
    let mut list = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(nth) = next {
        list.push(pairs[nth]);
        next = before[nth];
    }
    list.reverse();
    // One line of the page may be in several pairs.
    list.dedup_by_key(|(item, _)| *item);
    list
}
