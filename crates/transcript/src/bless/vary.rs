//! One line as several runs had it: what is the same, and what varies.

use std::ops::Range;

use crate::{Kinds, fill, kinds::Kind, write};

/// A line in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text that all runs have.
    Text(Vec<u8>),
    /// A placeholder, as the page writes it.
    Place(String),
}

/// A name of the page: how it is written, and what it stands for in each run.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) place: String,
    pub(super) kind: Kind,
    pub(super) texts: Vec<Vec<u8>>,
}

/// A name's text this long, or longer, is not met by chance where it does not vary.
const DISTINCTIVE: usize = 4;

/// The kinds that a value may become, the most telling first; `port` only where
/// the text before it says so.
const KINDS: [Kind; 7] = [
    Kind::Addr,
    Kind::Ip,
    Kind::Duration,
    Kind::Port,
    Kind::Number,
    Kind::Hex,
    Kind::Word,
];

/// What is known where a line is made.
pub(super) struct Vary<'v> {
    pub(super) kinds: &'v Kinds,
    pub(super) names: &'v [Known],
}

/// One stretch of the line: the same words in every run, or different ones.
type Words<'t> = Vec<&'t [u8]>;

impl Vary<'_> {
    /// The parts of a line of which each run has a variant; `before` is what
    /// stands before it in the line.
    pub(super) fn parts(&self, variants: &[&[u8]], before: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        let words: Vec<Words<'_>> = variants.iter().map(|variant| words(variant)).collect();
        let first = &words[0];
        if first.is_empty() && variants.iter().all(|variant| variant.is_empty()) {
            return parts;
        }
        if words.iter().all(|other| other.len() == first.len()) {
            let mut context = before.to_vec();
            for nth in 0..first.len() {
                let variants: Words<'_> = words.iter().map(|words| words[nth]).collect();
                self.word(&variants, &context, &mut parts);
                context.extend_from_slice(first[nth]);
            }
            return parts;
        }
        // Different numbers of words: what is the same at both ends stays.
        let least = words.iter().map(Vec::len).min().unwrap_or(0);
        let same = |at: &dyn Fn(&Words<'_>) -> usize| {
            words
                .iter()
                .all(|other| other[at(other)] == first[at(first)])
        };
        let head = (0..least).take_while(|nth| same(&|_| *nth)).count();
        let tail = (1..=least - head)
            .take_while(|back| same(&|words| words.len() - back))
            .count();
        self.constant(&first[..head].concat(), before, &mut parts);
        let middles: Vec<Vec<u8>> = words
            .iter()
            .map(|words| words[head..words.len() - tail].concat())
            .collect();
        if middles.iter().any(Vec::is_empty) {
            // There is no placeholder for what may not be there at all.
            push_text(&mut parts, &middles[0]);
        } else {
            parts.push(Part::Place("<any>".to_owned()));
        }
        self.constant(&first[first.len() - tail..].concat(), b"", &mut parts);
        parts
    }

    /// Text that all runs have, with the names in it.
    fn constant(&self, text: &[u8], before: &[u8], parts: &mut Vec<Part>) {
        let mut context = before.to_vec();
        for word in words(text) {
            self.word(&[word], &context, parts);
            context.extend_from_slice(word);
        }
    }

    /// One word.
    fn word(&self, variants: &[&[u8]], before: &[u8], parts: &mut Vec<Part>) {
        let first = variants[0];
        if variants.iter().all(|variant| *variant == first) {
            return self.same_word(first, parts);
        }
        // Punctuation at the end of a word is no part of its value.
        let is_end = |byte: &u8| matches!(byte, b'.' | b':' | b'!' | b'?');
        let end = first.iter().rev().take_while(|byte| is_end(byte)).count();
        let end = if variants
            .iter()
            .all(|variant| variant.ends_with(&first[first.len() - end..]) && variant.len() > end)
        {
            end
        } else {
            0
        };
        let values: Words<'_> = variants
            .iter()
            .map(|variant| &variant[..variant.len() - end])
            .collect();
        self.value(&values, before, parts);
        push_text(parts, &first[first.len() - end..]);
    }

    fn same_word(&self, word: &[u8], parts: &mut Vec<Part>) {
        for core in cores(word) {
            let text = &word[core.clone()];
            let is_it = |known: &&Known| {
                text.len() >= DISTINCTIVE && known.texts.iter().all(|known| known == text)
            };
            let tells = |known: &&Known| !matches!(known.kind, Kind::Any | Kind::Word);
            match self.names.iter().filter(tells).find(is_it) {
                Some(known) => parts.push(Part::Place(known.place.clone())),
                None => push_text(parts, text),
            }
        }
    }

    fn value(&self, values: &[&[u8]], before: &[u8], parts: &mut Vec<Part>) {
        if let Some(place) = self.name_of(values) {
            return parts.push(Part::Place(place));
        }
        let core = core(values);
        let cores: Words<'_> = values
            .iter()
            .zip(&core)
            .map(|(value, core)| &value[core.clone()])
            .collect();
        let (head, tail) = (&values[0][..core[0].start], &values[0][core[0].end..]);
        let named = self.name_of(&cores);
        let whole = [Kind::Addr, Kind::Ip, Kind::Duration]
            .into_iter()
            .find(|kind| self.all_are(values, *kind));
        if let Some(kind) = whole.filter(|_| named.is_none()) {
            return parts.push(self.place(kind));
        }
        if let Some(place) = named {
            push_text(parts, head);
            parts.push(Part::Place(place));
        } else if let Some(kind) = self.kind_of(&cores, &[before, head].concat()) {
            push_text(parts, head);
            parts.push(self.place(kind));
        } else {
            let kind = self.kind_of(values, before).unwrap_or(Kind::Any);
            return parts.push(self.place(kind));
        }
        push_text(parts, tail);
    }

    fn place(&self, kind: Kind) -> Part {
        Part::Place(format!("<{}>", self.kinds.word(kind)))
    }

    fn all_are(&self, values: &[&[u8]], kind: Kind) -> bool {
        values
            .iter()
            .all(|value| fill::is_of_kind(value, kind, self.kinds))
    }

    /// The first kind that fits all values.
    fn kind_of(&self, values: &[&[u8]], before: &[u8]) -> Option<Kind> {
        let may_be = |kind: &Kind| *kind != Kind::Port || says_port(before);
        KINDS
            .into_iter()
            .filter(may_be)
            .find(|kind| self.all_are(values, *kind))
    }

    /// The name that stands for these values, each in its run.
    fn name_of(&self, values: &[&[u8]]) -> Option<String> {
        let is_it = |known: &&Known| {
            known.texts.len() == values.len()
                && known
                    .texts
                    .iter()
                    .zip(values)
                    .all(|(text, value)| text == value)
        };
        self.names
            .iter()
            .find(is_it)
            .map(|known| known.place.clone())
    }
}

fn push_text(parts: &mut Vec<Part>, text: &[u8]) {
    if text.is_empty() {
        return;
    }
    match parts.last_mut() {
        Some(Part::Text(last)) => last.extend_from_slice(text),
        _ => parts.push(Part::Text(text.to_vec())),
    }
}

/// Whether a value after this text is a port: after a colon, or the word port, or in
/// what the wire says, `SYN from 40312 to 4000`.
fn says_port(before: &[u8]) -> bool {
    if before.ends_with(b":") {
        return true;
    }
    let before = before.to_ascii_lowercase();
    let end = before
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'=' | b'#' | b':'))
        .count();
    let before = &before[..before.len() - end];
    let word = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    match &before[before.len() - word..] {
        b"port" => true,
        b"from" => before.ends_with(b"syn from"),
        b"to" => before.windows(9).any(|window| window == b"syn from "),
        _ => false,
    }
}

/// Words and what separates them, in turn.
fn words(text: &[u8]) -> Words<'_> {
    text.chunk_by(|a, b| !is_separator(*a) && !is_separator(*b))
        .collect()
}

/// What no value contains. Brackets are parts of an address.
fn is_separator(byte: u8) -> bool {
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

/// Whether a value may go on from one byte to the next.
fn holds_together(a: u8, b: u8) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    match (a, b) {
        (b'.', b) => b.is_ascii_digit(),
        (a, b'.') => a.is_ascii_digit(),
        (a, b) => is_part(a) && is_part(b),
    }
}

/// The stretches of a word that hold together.
fn cores(word: &[u8]) -> Vec<Range<usize>> {
    let mut at = 0;
    let stretches = word.chunk_by(|a, b| holds_together(*a, *b));
    stretches
        .map(|stretch| {
            at += stretch.len();
            at - stretch.len()..at
        })
        .collect()
}

/// Where the values differ: what is left without the text that all of them
/// begin and end with. A number or a word is never cut.
fn core(values: &[&[u8]]) -> Vec<Range<usize>> {
    let first = values[0];
    let least = values.iter().map(|value| value.len()).min().unwrap_or(0);
    let mut head = (0..least)
        .take_while(|at| values.iter().all(|value| value[*at] == first[*at]))
        .count();
    let cuts = |value: &[u8], at: usize| {
        at > 0 && at < value.len() && holds_together(value[at - 1], value[at])
    };
    while head > 0
        && values
            .iter()
            .any(|value| cuts(value, head) || head == value.len())
    {
        head -= 1;
    }
    let from_end = |value: &[u8], back: usize| value[value.len() - 1 - back];
    let room = least - head;
    let mut tail = (0..room)
        .take_while(|back| {
            values
                .iter()
                .all(|value| from_end(value, *back) == from_end(first, *back))
        })
        .count();
    while tail > 0
        && values
            .iter()
            .any(|value| cuts(value, value.len() - tail) || value.len() - tail == head)
    {
        tail -= 1;
    }
    values
        .iter()
        .map(|value| head..value.len() - tail)
        .collect()
}

/// The parts as a page writes them.
pub(super) fn written(parts: &[Part], kinds: &Kinds) -> String {
    let mut text = String::new();
    for (nth, part) in parts.iter().enumerate() {
        match part {
            Part::Place(place) => text.push_str(place),
            Part::Text(literal) if matches!(parts.get(nth + 1), Some(Part::Place(_))) => {
                text.push_str(&write::text_before(literal, kinds));
            }
            Part::Text(literal) => text.push_str(&write::text(literal, kinds)),
        }
    }
    write::as_line(text)
}
