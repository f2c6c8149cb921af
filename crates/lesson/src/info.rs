//! Info strings: the words after a block's opening fence.
//!
//! ```text
//! info   = language *( space word )
//! word   = key "=" value / flag
//! value  = *( any character but space ) / quote *( any character ) quote
//! ```
//!
//! A quoted value ends at the quote that a space or the end follows, so that
//! quotes may stand within it: `args="--name "Ada Lovelace""`. `\"` is a quote
//! within the value, whatever follows.

use std::ops::Range;

use crate::finding::Findings;

/// One word of an info string.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    /// What stands before `=`, or the whole word.
    pub(crate) key: &'a str,
    pub(crate) key_span: Range<usize>,
    /// What stands behind `=`, outer quotes taken off.
    pub(crate) value: Option<String>,
    pub(crate) value_span: Range<usize>,
}

/// The words of an info string, the language first, which begins at the byte `at` of the page.
pub(crate) fn words<'a>(info: &'a str, at: usize, findings: &mut Findings) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    let mut from = 0;
    while let Some(skip) = info[from..].find(|c: char| !c.is_whitespace()) {
        let start = from + skip;
        let (word, length) = word(&info[start..], at + start, findings);
        words.push(word);
        from = start + length;
    }
    words
}

/// The word at the beginning of `rest`, and its length.
fn word<'a>(rest: &'a str, at: usize, findings: &mut Findings) -> (Word<'a>, usize) {
    let key_length = rest
        .find(|c: char| c == '=' || c.is_whitespace())
        .unwrap_or(rest.len());
    let key = &rest[..key_length];
    let key_span = at..at + key_length;
    let Some(behind) = rest[key_length..].strip_prefix('=') else {
        let value_span = key_span.clone();
        let word = Word {
            key,
            key_span,
            value: None,
            value_span,
        };
        return (word, key_length);
    };

    let value_at = key_length + 1;
    let (value, value_length) = if let Some(quoted) = behind.strip_prefix('"') {
        quoted_value(quoted, at + value_at, findings)
    } else {
        let length = behind.find(char::is_whitespace).unwrap_or(behind.len());
        (behind[..length].to_owned(), length)
    };
    let end = value_at + value_length;
    let word = Word {
        key,
        key_span,
        value: Some(value),
        value_span: at + value_at..at + end,
    };
    (word, end)
}

/// A value up to its closing quote, and its length with both quotes.
fn quoted_value(quoted: &str, at: usize, findings: &mut Findings) -> (String, usize) {
    let mut value = String::new();
    let mut within = false;
    let mut chars = quoted.char_indices().peekable();
    while let Some((here, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        match c {
            '\\' if next == Some('"') => {
                chars.next();
                value.push('"');
            }
            '"' if !within && next.is_none_or(char::is_whitespace) => return (value, here + 2),
            '"' => {
                within = !within;
                value.push('"');
            }
            c => value.push(c),
        }
    }
    findings
        .error(at..at + quoted.len() + 1, "this quote is never closed")
        .help("write a `\"` behind the value");
    (value, quoted.len() + 1)
}

/// Splits arguments at white space; double quotes hold together what is
/// between them.
pub(crate) fn split_args(args: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in args.chars() {
        if c == '"' {
            quoted = !quoted;
            word.get_or_insert_default();
        } else if c.is_whitespace() && !quoted {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(c);
        }
    }
    if quoted {
        return Err("a quote within the arguments is never closed");
    }
    words.extend(word);
    Ok(words)
}
