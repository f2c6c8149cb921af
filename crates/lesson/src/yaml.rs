//! YAML as it is written: a tree in which every key and every value knows its
//! place.
//!
//! A derive would stop at the first mistake, and lose places. So the parser's
//! events are made into a tree here, and `front_matter` says what the tree must
//! be. After a mistake in the syntax reading goes on at the next key of the
//! outermost map, so that it hides no other mistake.
//!
//! What YAML has beyond maps, lists and texts is refused: aliases and anchors
//! (with which a short text says an enormous one), tags, keys that are not
//! texts. Everything is bounded, in depth, in number and in time.

mod reader;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::finding::Findings;
use reader::Reader;

/// After so many mistakes in the syntax nobody needs the next one.
const MOST_SYNTAX_ERRORS: usize = 20;

/// A value and its place, in bytes of the page.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) value: Value,
}

#[derive(Debug)]
pub(crate) enum Value {
    /// A text; `quoted` says that it cannot be meant as anything else.
    Scalar {
        text: String,
        quoted: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// Something that has been refused, and told.
    Refused,
}

/// A key with its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) node: Node,
}

/// Reads the outermost map of `text`, which begins at the byte `offset` of the page.
pub(crate) fn read(text: &str, offset: usize, findings: &mut Findings) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut from = 0;
    for _ in 0..MOST_SYNTAX_ERRORS {
        let part = Reader::new(&text[from..], offset + from).read(findings);
        entries.extend(part.entries);
        let Some(broken_at) = part.broken_at else {
            break;
        };
        let Some(next) = next_key(text, from + broken_at) else {
            break;
        };
        from = next;
    }
    refuse_duplicates(&mut entries, findings);
    entries
}

/// The first line after that of `at` that looks like a key of the outermost map.
fn next_key(text: &str, at: usize) -> Option<usize> {
    let mut line_start = at + text[at..].find('\n')? + 1;
    for line in text[line_start..].split_inclusive('\n') {
        let word = line.bytes().take_while(|byte| is_key_byte(*byte)).count();
        if word > 0 && line[word..].trim_start().starts_with(':') {
            return Some(line_start);
        }
        line_start += line.len();
    }
    None
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Tells of every key that stands twice in one map, and keeps the first.
fn refuse_duplicates(entries: &mut Vec<Entry>, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let keys = entries.iter().map(|entry| entry.key.as_str());
    let firsts: Vec<bool> = keys.map(|key| seen.insert(key)).collect();
    let mut firsts = firsts.into_iter();
    entries.retain(|entry| {
        let is_first = firsts.next() == Some(true);
        if !is_first {
            findings
                .error(
                    entry.key_span.clone(),
                    format!("`{}` is given twice", entry.key),
                )
                .help("keep one of the two");
        }
        is_first
    });
}
