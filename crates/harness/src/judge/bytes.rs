//! Bytes in words: as text where they are text, in hex beside it where not.

use std::fmt;

/// As many bytes are shown whole; of more, the beginning and the end.
const WHOLE: usize = 160;
/// Bytes shown of the beginning, and of the end, of what is too long.
const PART: usize = 40;

/// Shows bytes for a person to read: quoted, with `\n` and the like escaped,
/// and in hex beside the text where they are not UTF-8.
///
/// ```
/// use harness::judge::Bytes;
///
/// assert_eq!(Bytes(b"welcome\n").to_string(), r#""welcome\n""#);
/// assert_eq!(Bytes(b"caf\xc3\n").to_string(), r#""caf�\n" (hex 63 61 66 c3 0a)"#);
/// assert_eq!(Bytes(b"").to_string(), "nothing");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("nothing"),
            short if short.len() <= WHOLE => write_part(f, short),
            long => write_ends(f, &long[..PART], &long[long.len() - PART..], long.len()),
        }
    }
}

/// Bytes of a stream of any length, of which only what will be shown is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Excerpt {
    kept: Vec<u8>,
    total: usize,
}

impl Excerpt {
    /// Goes on with `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len();
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > WHOLE {
            self.kept.drain(PART..self.kept.len() - PART);
        }
    }
}

impl From<&[u8]> for Excerpt {
    fn from(bytes: &[u8]) -> Self {
        let mut excerpt = Self::default();
        excerpt.push(bytes);
        excerpt
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kept.len() == self.total {
            return Bytes(&self.kept).fmt(f);
        }
        write_ends(
            f,
            &self.kept[..PART],
            &self.kept[self.kept.len() - PART..],
            self.total,
        )
    }
}

fn write_ends(f: &mut fmt::Formatter<'_>, first: &[u8], last: &[u8], total: usize) -> fmt::Result {
    write_part(f, without_begun_character(first))?;
    f.write_str(" … ")?;
    write_part(f, without_ended_character(last))?;
    write!(f, " ({total} bytes)")
}

/// Text may have been cut in the middle of its last character: without what is left of it.
fn without_begun_character(first: &[u8]) -> &[u8] {
    match std::str::from_utf8(first) {
        Err(error) if error.error_len().is_none() => &first[..error.valid_up_to()],
        _ => first,
    }
}

/// Text may have been cut in the middle of its first character: without what is left of it.
fn without_ended_character(last: &[u8]) -> &[u8] {
    /// A character has at most so many bytes behind its first.
    const REST: usize = 3;
    let is_rest = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
    let rest = last.iter().take(REST).take_while(is_rest).count();
    match std::str::from_utf8(&last[rest..]) {
        Ok(_) => &last[rest..],
        Err(_) => last,
    }
}

fn write_part(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return write_quoted(f, text);
    }
    write_quoted(f, &String::from_utf8_lossy(bytes))?;
    f.write_str(" (hex")?;
    for byte in bytes {
        write!(f, " {byte:02x}")?;
    }
    f.write_str(")")
}

/// Escapes quotes and control characters only: `é` stays `é`.
fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            control if control.is_control() => write!(f, "\\u{{{:x}}}", u32::from(control))?,
            readable => write!(f, "{readable}")?,
        }
    }
    f.write_str("\"")
}
