//! A line of output as characters, some of which may be no UTF-8.
//!
//! A byte that is not UTF-8 counts as one character. Placeholders begin and end
//! between characters, never inside one.

use crate::bits::Bits;

/// A line, and the places between its characters.
pub(crate) struct Chars<'a> {
    text: &'a [u8],
    /// `None` where every place is one: the line is ASCII.
    places: Option<Bits>,
}

/// How a byte that is not UTF-8 looks to a regular expression: U+FFFD.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

impl<'a> Chars<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let places = (!text.is_ascii()).then(|| places(text));
        Self { text, places }
    }

    /// The length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The bytes of the line.
    pub(crate) fn spelled(&self) -> &'a [u8] {
        self.text
    }

    pub(crate) fn is_place(&self, at: usize) -> bool {
        self.places.as_ref().is_none_or(|places| places.get(at))
    }

    /// The place after the character that begins at `at`.
    pub(crate) fn next(&self, at: usize) -> Option<usize> {
        (at + 1..=self.len()).find(|place| self.is_place(*place))
    }

    /// The place before the character that ends at `at`.
    pub(crate) fn previous(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|place| self.is_place(*place))
    }

    /// The character in UTF-8; a byte that is not becomes U+FFFD.
    pub(crate) fn spelling(&self, from: usize, to: usize) -> &'a [u8] {
        match &self.text[from..to] {
            [byte] if !byte.is_ascii() => REPLACEMENT,
            spelling => spelling,
        }
    }
}

fn places(text: &[u8]) -> Bits {
    let mut places = Bits::new(text.len() + 1);
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            places.set(at);
            at += character.len_utf8();
        }
        for _ in chunk.invalid() {
            places.set(at);
            at += 1;
        }
    }
    places.set(text.len());
    places
}

/// Whether no character of the text extends over this place. Looks at a few bytes only.
pub(crate) fn is_place(text: &[u8], at: usize) -> bool {
    let is_continuation = |byte: &u8| byte & 0xC0 == 0x80;
    if !text.get(at).is_some_and(is_continuation) {
        return true;
    }
    let back = (1..=3)
        .take_while(|back| *back <= at)
        .find(|back| !is_continuation(&text[at - back]));
    let Some(back) = back else { return true };
    let around = &text[at - back..text.len().min(at - back + 4)];
    let first = around
        .utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next());
    first.is_none_or(|character| character.len_utf8() <= back)
}

/// The text with every byte that is not UTF-8 as U+FFFD, one for each.
pub(crate) fn readable(text: &[u8]) -> String {
    let mut readable = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        readable.push_str(chunk.valid());
        readable.extend(chunk.invalid().iter().map(|_| '\u{fffd}'));
    }
    readable
}

/// Whether this character ends a `<word>`. Control characters do not: they are
/// written as bytes, and a byte is one character of a word. The tab is text.
pub(crate) fn is_blank(character: char) -> bool {
    character == '\t' || character.is_whitespace() && !character.is_control()
}
