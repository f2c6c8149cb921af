//! Text of an output in the spelling of a page.

use std::fmt::Write;

use crate::{
    Kinds,
    angle::{self, Angle},
    tag,
};

/// A line of output as a page writes it: whoever parses the result gets a line
/// that matches this one.
pub(crate) fn line(line: &[u8], kinds: &Kinds) -> String {
    as_line(text(line, kinds))
}

/// A line whose text and placeholders are written already, as a line: its
/// beginning is read as text.
pub(crate) fn as_line(text: String) -> String {
    match head_escape(&text) {
        Head::None => text,
        Head::Backslash(at) => format!("{}\\{}", &text[..at], &text[at..]),
        // There is no way to write a backslash that is followed by what it
        // would escape: one character that is no white space stands for it.
        Head::Word(at) => format!("{}<word>{}", &text[..at], &text[at + 1..]),
    }
}

/// What the beginning of a line needs, so that it is read as text.
enum Head {
    None,
    Backslash(usize),
    Word(usize),
}

fn head_escape(text: &str) -> Head {
    let speaker = tag::speaker(text.as_bytes());
    let rest = match speaker {
        Some(name) => tag::length(name),
        None => 0,
    };
    let body = text[rest..].strip_prefix(' ').filter(|_| speaker.is_some());
    match (speaker, body) {
        (Some(_), Some("...")) => Head::Backslash(rest + 1),
        (Some(_), Some("\\...")) => Head::Word(rest + 1),
        (Some(_), _) => Head::None,
        _ if text == "..." => Head::Backslash(0),
        _ if text == "\\..." || text.starts_with("\\[") => Head::Word(0),
        _ => Head::None,
    }
}

/// A stretch of output as a page writes it.
pub(crate) fn text(bytes: &[u8], kinds: &Kinds) -> String {
    let mut written = String::with_capacity(bytes.len());
    // Backslashes before `<` count twice, before that of a `<byte …>` too.
    let mut backslashes = 0;
    for chunk in bytes.utf8_chunks() {
        let text = chunk.valid();
        for (at, character) in text.char_indices() {
            let is_control = character.is_control() && character != '\t';
            if character == '<' || is_control {
                written.extend(std::iter::repeat_n('\\', backslashes));
            }
            if is_control {
                push_bytes(&mut written, character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                if character == '<' && means_something(&text[at + 1..], kinds) {
                    written.push('\\');
                }
                written.push(character);
            }
            backslashes = if character == '\\' {
                backslashes + 1
            } else {
                0
            };
        }
        if !chunk.invalid().is_empty() {
            written.extend(std::iter::repeat_n('\\', backslashes));
            push_bytes(&mut written, chunk.invalid());
            backslashes = 0;
        }
    }
    written
}

/// A stretch of output that a placeholder follows: backslashes at its end would
/// take the meaning of the placeholder away.
pub(crate) fn text_before(bytes: &[u8], kinds: &Kinds) -> String {
    let backslashes = bytes
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count();
    let mut written = text(bytes, kinds);
    written.extend(std::iter::repeat_n('\\', backslashes));
    written
}

/// A stretch of output for people: bytes that are no text as a page writes them.
pub(crate) fn readable(bytes: &[u8]) -> String {
    let mut written = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() && character != '\t' {
                push_bytes(&mut written, character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                written.push(character);
            }
        }
        push_bytes(&mut written, chunk.invalid());
    }
    written
}

fn push_bytes(written: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(written, "<byte {byte:02x}>");
    }
}

/// Whether `<` before this text would be read as anything but text.
fn means_something(rest: &str, kinds: &Kinds) -> bool {
    let Some(end) = rest.find(['<', '>']) else {
        return false;
    };
    rest[end..].starts_with('>') && !matches!(angle::read(&rest[..end], kinds), Angle::Text)
}

/// Text for a terminal or a log: characters that control it, or change the
/// direction of text, are shown and not sent.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

/// One character, as [`visible`] shows it.
pub(crate) fn push_visible(shown: &mut String, character: char) {
    if character.is_control() && character != '\t' {
        push_bytes(shown, character.encode_utf8(&mut [0; 4]).as_bytes());
    } else if is_invisible(character) {
        shown.push_str(&code_point(character));
    } else {
        shown.push(character);
    }
}

/// A character by its number: `<U+200B>`.
pub(crate) fn code_point(character: char) -> String {
    format!("<U+{:04X}>", u32::from(character))
}

/// Characters that change the direction of text or break lines, and those that
/// have no width and join nothing.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}
