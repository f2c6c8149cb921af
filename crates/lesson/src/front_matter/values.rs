//! Single values of the front matter, and what is wrong with them.

use std::ops::Range;

use super::Command;
use crate::finding::Findings;
use crate::yaml::{Entry, Node, Value};

/// Where an entry's value stands; its key where it has none.
pub(super) fn span_of(entry: &Entry) -> Range<usize> {
    if entry.node.span.is_empty() {
        entry.key_span.clone()
    } else {
        entry.node.span.clone()
    }
}

/// A value that is one text, with something in it.
pub(super) fn text_of(
    node: Node,
    span: &Range<usize>,
    what: &str,
    findings: &mut Findings,
) -> Option<String> {
    let what = if what.contains(' ') {
        what.to_owned()
    } else {
        format!("`{what}`")
    };
    match node.value {
        Value::Scalar { text, quoted } => {
            let empty = text.trim().is_empty() || !quoted && text == "~";
            if empty {
                findings
                    .error(span.clone(), format!("{what} is empty"))
                    .help("write its value");
                return None;
            }
            if text.chars().any(char::is_control) {
                findings
                    .error(span.clone(), format!("{what} is not a single line of text"))
                    .help("write it on one line, without control characters");
                return None;
            }
            Some(text)
        }
        Value::Refused => None,
        Value::List(_) | Value::Map(_) => {
            findings
                .error(span.clone(), format!("{what} is not a text"))
                .help("write a single value; put one with special characters in double quotes");
            None
        }
    }
}

pub(super) fn command(entry: Entry, findings: &mut Findings) -> Option<Command> {
    let span = span_of(&entry);
    let name = entry.key;
    let items = match entry.node.value {
        Value::List(items) => items,
        Value::Refused => return None,
        Value::Scalar { .. } | Value::Map(_) => Vec::new(),
    };
    let mut words = Vec::new();
    let empty = items.is_empty();
    for item in items {
        words.push(word_of(item, &name, findings)?);
    }
    if empty || words[0].is_empty() {
        findings
            .error(
                span,
                format!("the command `{name}` is not a list that begins with a program"),
            )
            .help(format!("write `{name}: [program, argument]`"));
        return None;
    }
    let program = words.remove(0);
    Some(Command {
        name,
        program,
        args: words,
    })
}

/// A word of a command, which may be empty where it is quoted.
fn word_of(item: Node, name: &str, findings: &mut Findings) -> Option<String> {
    match item.value {
        Value::Scalar { text, quoted } if quoted || !text.is_empty() => {
            if text.contains('\0') {
                findings.error(item.span, "no program can be given a NUL");
                return None;
            }
            Some(text)
        }
        Value::Refused => None,
        Value::Scalar { .. } | Value::List(_) | Value::Map(_) => {
            findings
                .error(
                    item.span,
                    format!("a word of the command `{name}` is not a text"),
                )
                .help("put it in double quotes");
            None
        }
    }
}
