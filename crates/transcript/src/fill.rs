//! What a whole text has to be to be of a built-in kind.
//!
//! Made by hand: a page of 200,000 lines has as many placeholders, and each is
//! looked at once.

use std::net::{IpAddr, SocketAddr};

use crate::{
    chars::{self, is_blank},
    kinds::{Kind, Kinds},
};

/// Whether the text, as a whole, is of that kind.
pub(crate) fn is_of_kind(text: &[u8], kind: Kind, kinds: &Kinds) -> bool {
    match kind {
        Kind::Port => is_port(text),
        Kind::Number => is_number(text),
        Kind::Duration => is_duration(text),
        Kind::Ip => parses::<IpAddr>(text),
        Kind::Addr => parses::<SocketAddr>(text),
        Kind::Hex => !text.is_empty() && text.iter().all(u8::is_ascii_hexdigit),
        Kind::Word => is_word(text),
        Kind::Any => !text.is_empty(),
        Kind::Own(place) => match std::str::from_utf8(text) {
            Ok(text) => kinds.own(place).whole.is_match(text),
            Err(_) => kinds.own(place).whole.is_match(&chars::readable(text)),
        },
    }
}

pub(crate) fn is_port(text: &[u8]) -> bool {
    if text.len() > 5
        || text.first().is_none_or(|first| *first == b'0')
        || !text.iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let value = text
        .iter()
        .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    value <= 65535
}

pub(crate) fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    is_decimal(text)
}

/// One number and one unit, as Rust prints a duration.
pub(crate) fn is_duration(text: &[u8]) -> bool {
    let number = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    let (number, unit) = text.split_at(number);
    UNITS.contains(&unit) && is_decimal(number)
}

/// The units of a duration; the micro sign and the Greek letter look alike.
pub(crate) const UNITS: [&[u8]; 8] = [
    b"ns",
    "\u{b5}s".as_bytes(),
    "\u{3bc}s".as_bytes(),
    b"us",
    b"ms",
    b"s",
    b"m",
    b"h",
];

fn is_decimal(text: &[u8]) -> bool {
    let whole = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &text[whole..] {
        [] => whole > 0,
        [b'.', fraction @ ..] => {
            whole > 0 && !fraction.is_empty() && fraction.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

fn is_word(text: &[u8]) -> bool {
    if text.is_ascii() {
        return !text.is_empty() && !text.iter().any(|byte| matches!(byte, b' ' | b'\t'));
    }
    text.utf8_chunks()
        .all(|chunk| !chunk.valid().contains(is_blank))
}

fn parses<T: std::str::FromStr>(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.parse::<T>().is_ok())
}
