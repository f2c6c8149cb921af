//! What a program printed, as lines to compare.
//!
//! Taken off, and in this order: ANSI escape sequences, the `\r` of a `\r\n`,
//! spaces and tabs at the end of a line, blank lines at the very end. What is
//! not said here is compared.

use std::{borrow::Cow, ops::Range};

use memchr::memchr;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// The lines of one output.
#[derive(Clone, Debug)]
pub(crate) struct Output<'a> {
    text: Cow<'a, [u8]>,
    lines: Vec<Range<usize>>,
}

impl<'a> Output<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Self {
        let text = match memchr(ESCAPE, bytes) {
            Some(_) => Cow::Owned(without_escapes(bytes)),
            None => Cow::Borrowed(bytes),
        };
        let lines = lines(&text);
        Self { text, lines }
    }

    /// How many lines there are, up to what four bytes can count.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// The text without escape sequences.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(crate) fn line(&self, line: u32) -> &[u8] {
        &self.text[self.lines[line as usize].clone()]
    }
}

fn lines(text: &[u8]) -> Vec<Range<usize>> {
    let mut lines = Vec::with_capacity(memchr::memchr_iter(b'\n', text).count() + 1);
    let mut start = 0;
    for feed in memchr::memchr_iter(b'\n', text) {
        let end = if text[start..feed].ends_with(b"\r") {
            feed - 1
        } else {
            feed
        };
        lines.push(start..trimmed(text, start, end));
        start = feed + 1;
    }
    if start < text.len() {
        lines.push(start..trimmed(text, start, text.len()));
    }
    while lines.last().is_some_and(Range::is_empty) {
        lines.pop();
    }
    lines
}

fn trimmed(text: &[u8], start: usize, end: usize) -> usize {
    let blanks = text[start..end]
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    end - blanks
}

/// The text without ANSI escape sequences; one that is not finished goes to the
/// end of its line.
fn without_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (mut rest, feed) = match line.strip_suffix(b"\n") {
            Some(text) => (text, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        while let Some(escape) = memchr(ESCAPE, rest) {
            kept.extend_from_slice(&rest[..escape]);
            rest = &rest[escape..];
            rest = &rest[sequence(rest).unwrap_or(rest.len())..];
        }
        kept.extend_from_slice(rest);
        kept.extend_from_slice(feed);
    }
    kept
}

/// The length of the escape sequence that the line begins with, if it is
/// finished. The forms are those of ECMA-48 (ISO 6429), and the bell that
/// xterm takes for the end of an operating system command.
fn sequence(line: &[u8]) -> Option<usize> {
    match line.get(1)? {
        b'[' => {
            let parameters = 2 + count(&line[2..], |byte| matches!(byte, 0x30..=0x3f));
            finished(
                line,
                parameters + count(&line[parameters..], is_intermediate),
                0x40,
            )
        }
        b']' => string_end(line, true),
        b'P' | b'X' | b'^' | b'_' => string_end(line, false),
        _ => finished(line, 1 + count(&line[1..], is_intermediate), 0x30),
    }
}

fn finished(line: &[u8], at: usize, lowest: u8) -> Option<usize> {
    let last = *line.get(at)?;
    (lowest..=0x7e).contains(&last).then_some(at + 1)
}

/// A string of a terminal's goes on to `ESC \`, and some to the bell.
fn string_end(line: &[u8], bell: bool) -> Option<usize> {
    let ends = |at: &usize| line[*at] == BELL && bell || line[*at..].starts_with(&[ESCAPE, b'\\']);
    let end = (2..line.len()).find(ends)?;
    Some(end + if line[end] == BELL { 1 } else { 2 })
}

fn is_intermediate(byte: u8) -> bool {
    matches!(byte, 0x20..=0x2f)
}

fn count(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}
