//! What a placeholder allows, in words.

use std::fmt::Write as _;

use lesson::transcript::Placeholder;

/// A sentence without its full stop, such as `any port, from 1 to 65535; the same one
/// wherever port:client stands`. `own` are the lesson's kinds and their patterns.
pub(crate) fn in_words(place: &Placeholder<'_>, own: &[(String, String)]) -> String {
    let mut words = match place.range {
        Some(range) => within(place.kind, range),
        None => anything(place.kind, own),
    };
    if let Some(name) = place.name {
        let _ = write!(
            words,
            "; the same one wherever {}:{name} stands",
            place.kind
        );
    }
    words
}

fn anything(kind: &str, own: &[(String, String)]) -> String {
    let words = match kind {
        "port" => "any port, from 1 to 65535",
        "number" => "any number",
        "duration" => "any duration, such as 1.25ms",
        "ip" => "any IP address",
        "addr" => "any address with a port, such as 127.0.0.1:4000",
        "hex" => "any hexadecimal digits",
        "word" => "any characters without white space",
        "any" => "any characters",
        kind => {
            let pattern = own.iter().find(|(name, _)| name == kind);
            return match pattern {
                Some((_, pattern)) => format!("any {kind}: what fits {pattern}"),
                None => format!("any {kind}"),
            };
        }
    };
    words.to_owned()
}

/// `30..=40` is from 30 to 40, `..40` below 40.
fn within(kind: &str, range: &str) -> String {
    let Some((low, high)) = range.split_once("..") else {
        return format!("a {kind} within {range}");
    };
    let high = match high.strip_prefix('=') {
        Some(most) => Some((most, true)),
        None if high.is_empty() => None,
        None => Some((high, false)),
    };
    match (low, high) {
        ("", None) => format!("any {kind}"),
        (low, None) => format!("a {kind} of at least {low}"),
        ("", Some((most, true))) => format!("a {kind} of at most {most}"),
        ("", Some((bound, false))) => format!("a {kind} below {bound}"),
        (low, Some((most, true))) if low == most => format!("the {kind} {low}"),
        (low, Some((most, true))) => format!("a {kind} from {low} to {most}"),
        (low, Some((bound, false))) => format!("a {kind} of at least {low} and below {bound}"),
    }
}
