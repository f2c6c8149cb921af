//! What stands between angle brackets: a placeholder, a byte, or text.

use crate::{
    kinds::{Kind, Kinds, is_kebab},
    range::Range,
};

/// What `<…>` is.
pub(crate) enum Angle<'t> {
    /// Text, brackets and all.
    Text,
    /// Text, though it looks as if something else was meant.
    Doubtful(Doubt),
    /// One byte of the output.
    Byte(u8),
    /// A placeholder.
    Place {
        kind: Kind,
        name: Option<&'t str>,
        range: Option<Range>,
    },
    /// An error.
    Wrong(Doubt),
}

/// What is wrong, or looks wrong, and the remedy.
pub(crate) struct Doubt {
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Reads what stands between `<` and `>`.
pub(crate) fn read<'t>(inner: &'t str, kinds: &Kinds) -> Angle<'t> {
    if let Some(byte) = inner.strip_prefix("byte ") {
        return read_byte(byte);
    }
    let (head, tail) = match inner.split_once(' ') {
        Some((head, tail)) => (head, Some(tail)),
        None => (inner, None),
    };
    match head.split_once(':') {
        Some((word, name)) if is_kebab(word) && is_kebab(name) => {
            read_named(inner, word, name, tail, kinds)
        }
        Some((word, _)) if kinds.find(word).is_some() && tail.is_none() => doubtful(
            format!(
                "`<{inner}>` is text, not a placeholder: its name is not in lower-case kebab case"
            ),
            format!("write a name like `<{word}:server>`, or `\\<` if it is meant as text"),
        ),
        Some(_) => Angle::Text,
        None => read_unnamed(inner, head, tail, kinds),
    }
}

fn read_named<'t>(
    inner: &str,
    word: &str,
    name: &'t str,
    tail: Option<&str>,
    kinds: &Kinds,
) -> Angle<'t> {
    match (kinds.find(word), tail) {
        (Some(kind), tail) => read_range(inner, kind, Some(name), tail, kinds),
        (None, Some(tail)) if !tail.contains("..") => Angle::Text,
        (None, _) => {
            let message = format!("there is no kind `{word}`");
            let help = match kinds.nearest(word, 2) {
                Some(near) => format!("did you mean `{near}`? Write `\\<` if it is meant as text"),
                None => format!(
                    "the kinds are {}; write `\\<` if it is meant as text",
                    kinds.words().collect::<Vec<_>>().join(", ")
                ),
            };
            wrong(message, help)
        }
    }
}

fn read_unnamed<'t>(inner: &str, word: &str, tail: Option<&str>, kinds: &Kinds) -> Angle<'t> {
    if let Some(kind) = kinds.find(word) {
        return read_range(inner, kind, None, tail, kinds);
    }
    if tail.is_some_and(|tail| !tail.contains("..")) {
        return Angle::Text;
    }
    if word == "byte" {
        return doubtful(
            "`<byte>` is text, not a byte".to_owned(),
            "write its value, like `<byte 0d>`".to_owned(),
        );
    }
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if word.chars().count() < 3 || !word.chars().all(is_word) {
        return Angle::Text;
    }
    match kinds.nearest(word, 1) {
        Some(near) => doubtful(
            format!("`<{inner}>` is text, not a placeholder"),
            format!("did you mean `<{near}>`? Write `\\<` if it is meant as text"),
        ),
        None => Angle::Text,
    }
}

fn read_range<'t>(
    inner: &str,
    kind: Kind,
    name: Option<&'t str>,
    tail: Option<&str>,
    kinds: &Kinds,
) -> Angle<'t> {
    let Some(tail) = tail else {
        return Angle::Place {
            kind,
            name,
            range: None,
        };
    };
    match Range::parse(tail, kind) {
        Ok(range) => Angle::Place {
            kind,
            name,
            range: Some(range),
        },
        Err((message, help)) => {
            let word = kinds.word(kind);
            wrong(
                format!("`<{inner}>` is no placeholder: {message}"),
                format!("{help}; or write `\\<{word}` if it is meant as text"),
            )
        }
    }
}

fn read_byte<'t>(digits: &str) -> Angle<'t> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match u8::from_str_radix(digits, 16) {
        Ok(byte) if digits.len() == 2 && digits.bytes().all(is_digit) => Angle::Byte(byte),
        _ => wrong(
            format!("`<byte {digits}>` is no byte"),
            "write two lower-case hexadecimal digits, like `<byte 0d>`, and one `<byte …>` for each byte".to_owned(),
        ),
    }
}

fn wrong<'t>(message: String, help: String) -> Angle<'t> {
    Angle::Wrong(Doubt { message, help })
}

fn doubtful<'t>(message: String, help: String) -> Angle<'t> {
    Angle::Doubtful(Doubt { message, help })
}
