//! From the parser's events to a tree with places.

use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::{Entry, Node, Value, next_key, refuse_duplicates};
use crate::finding::Findings;

/// No front matter nests deeper: a map of lists of texts.
const DEEPEST: usize = 8;

/// Values and keys, all together.
const MOST_NODES: usize = 10_000;

/// What could be read of a text, and where it could be read no further.
pub(super) struct Part {
    pub(super) entries: Vec<Entry>,
    pub(super) broken_at: Option<usize>,
}

/// A map or a list whose end has not come yet.
struct Open {
    start: usize,
    what: Container,
}

enum Container {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        /// A key that waits for its value. `None` in it is a key that was refused.
        key: Option<(Option<String>, Range<usize>)>,
    },
}

/// Makes a tree of the parser's events.
pub(super) struct Reader<'a> {
    text: &'a str,
    offset: usize,
    /// The byte at which each character begins; empty where all are one byte long.
    bytes_of_chars: Vec<usize>,
    open: Vec<Open>,
    nodes: usize,
    /// Where the last key of the outermost map began.
    last_key: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, offset: usize) -> Self {
        let bytes_of_chars = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Self {
            text,
            offset,
            bytes_of_chars,
            open: Vec::new(),
            nodes: 0,
            last_key: 0,
        }
    }

    /// Reads one map, up to its end or to where it breaks.
    pub(super) fn read(mut self, findings: &mut Findings) -> Part {
        let mut parser = Parser::new_from_str(self.text);
        let mut root = None;
        let mut broken_at = None;
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok(next) => next,
                Err(error) => {
                    self.tell_syntax(error.marker(), error.info(), findings);
                    broken_at = Some(self.last_key);
                    break;
                }
            };
            documents += usize::from(matches!(event, Event::DocumentStart(_)));
            if documents > 1 {
                findings
                    .error(self.span(span), "the front matter ends before this line")
                    .help("take away the line `...`, or this and what follows");
                break;
            }
            if !self.within_bounds(&event, span, findings) {
                break;
            }
            let done = self.take(event, span, findings);
            root = root.or(done);
        }
        let entries = match root {
            None => self.close_all(findings),
            // What broke is told already.
            Some(_) if broken_at.is_some() => Vec::new(),
            Some(root) => outermost(root, findings),
        };
        Part { entries, broken_at }
    }

    fn within_bounds(&mut self, event: &Event, span: Span, findings: &mut Findings) -> bool {
        self.nodes += 1;
        let nests = matches!(event, Event::SequenceStart(..) | Event::MappingStart(..));
        let too_deep = nests && self.open.len() >= DEEPEST;
        if self.nodes <= MOST_NODES && !too_deep {
            return true;
        }
        let span = self.span(span);
        findings
            .error(span, "the front matter is too large to be one")
            .help(format!(
                "it has at most {MOST_NODES} values, nested {DEEPEST} deep"
            ));
        false
    }

    /// Takes one event; gives the outermost value once that is whole.
    fn take(&mut self, event: Event, span: Span, findings: &mut Findings) -> Option<Node> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span, findings);
                let value = Value::Scalar {
                    text: text.into_owned(),
                    quoted: style != ScalarStyle::Plain,
                };
                let span = self.span(span);
                self.add(Node { span, value }, findings)
            }
            Event::Alias(_) => {
                let span = self.span(span);
                findings
                    .error(span.clone(), "aliases are not allowed here")
                    .help("write the value itself");
                self.add(
                    Node {
                        span,
                        value: Value::Refused,
                    },
                    findings,
                )
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span, findings);
                self.open(span, Container::List(Vec::new()));
                None
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(anchor, tag.is_some(), span, findings);
                let (entries, key) = (Vec::new(), None);
                self.open(span, Container::Map { entries, key });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let node = self.close(self.byte(span.end), findings)?;
                self.add(node, findings)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => None,
        }
    }

    fn refuse_properties(&self, anchor: usize, tagged: bool, span: Span, findings: &mut Findings) {
        if anchor != 0 {
            findings
                .error(self.span(span), "anchors are not allowed here")
                .help("take away the `&name` before this value");
        }
        if tagged {
            findings
                .error(self.span(span), "tags are not allowed here")
                .help("take away the `!tag` before this value");
        }
    }

    fn open(&mut self, span: Span, what: Container) {
        let start = self.byte(span.start);
        self.open.push(Open { start, what });
    }

    /// Ends the innermost open map or list.
    fn close(&mut self, end: usize, findings: &mut Findings) -> Option<Node> {
        let Open { start, what } = self.open.pop()?;
        let (value, last) = match what {
            Container::List(items) => {
                let last = items.last().map(|item| item.span.end);
                (Value::List(items), last)
            }
            Container::Map { mut entries, .. } => {
                if !self.open.is_empty() {
                    refuse_duplicates(&mut entries, findings);
                }
                let last = entries.last().map(|entry| entry.node.span.end);
                (Value::Map(entries), last)
            }
        };
        // In block style the end comes where the next thing begins: the last
        // value's end is what a reader calls the end.
        let end = if self.text[..end - self.offset].ends_with([']', '}']) {
            end
        } else {
            last.unwrap_or(end)
        };
        let span = start..end.max(start);
        Some(Node { span, value })
    }

    /// What was read of the outermost map before it broke. The entry that
    /// broke counts as given: it is told already, and must not be told as missing.
    fn close_all(&mut self, findings: &mut Findings) -> Vec<Entry> {
        self.open.truncate(1);
        let broken = self.offset + self.last_key;
        if let Some(Open {
            what: Container::Map { key: Some(_), .. },
            ..
        }) = self.open.last()
        {
            let node = Node {
                span: broken..broken,
                value: Value::Refused,
            };
            self.add(node, findings);
        }
        match self.open.pop() {
            Some(Open {
                what: Container::Map { entries, .. },
                ..
            }) => entries,
            _ => Vec::new(),
        }
    }

    /// Puts a value where it belongs; gives it back where it is the outermost.
    fn add(&mut self, node: Node, findings: &mut Findings) -> Option<Node> {
        let outermost = self.open.len() == 1;
        let Some(parent) = self.open.last_mut() else {
            return Some(node);
        };
        match &mut parent.what {
            Container::List(items) => items.push(node),
            Container::Map { entries, key } => match key.take() {
                Some((Some(key), key_span)) => entries.push(Entry {
                    key,
                    key_span,
                    node,
                }),
                Some((None, _)) => {}
                None => {
                    if outermost {
                        self.last_key = node.span.start.saturating_sub(self.offset);
                    }
                    *key = Some((name_of(&node, findings), node.span));
                }
            },
        }
        None
    }

    fn tell_syntax(&self, marker: &Marker, info: &str, findings: &mut Findings) {
        let at = self.byte(*marker);
        // What is never closed is noticed far below: what is wrong is the entry
        // in which reading stopped making sense.
        let entry = self.last_key;
        let next = next_key(self.text, entry).unwrap_or(self.text.len());
        let (at, help) = if at - self.offset > next {
            let help = "close every quote, every `[` and every `{` of this value";
            (self.offset + entry, help)
        } else {
            (at, help_for(info))
        };
        findings
            .error(at..at, format!("this is not YAML: {info}"))
            .help(help);
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(span.start);
        let end = self.byte(span.end).max(start);
        let text = &self.text[start - self.offset..end - self.offset];
        start..start + text.trim_end().len()
    }

    /// The byte of the page at which a marker stands.
    fn byte(&self, marker: Marker) -> usize {
        let end = self.text.len();
        let at = if self.bytes_of_chars.is_empty() {
            marker.index()
        } else {
            *self.bytes_of_chars.get(marker.index()).unwrap_or(&end)
        };
        self.offset + at.min(end)
    }
}

/// The name that a key gives; a key that gives none is told.
fn name_of(key: &Node, findings: &mut Findings) -> Option<String> {
    match &key.value {
        Value::Scalar { text, .. } => Some(text.clone()),
        Value::Refused => None,
        Value::List(_) | Value::Map(_) => {
            findings.error(key.span.clone(), "a key is a single word");
            None
        }
    }
}

/// What a document has to be: a map, or nothing.
fn outermost(root: Node, findings: &mut Findings) -> Vec<Entry> {
    match root.value {
        Value::Map(entries) => entries,
        Value::Refused => Vec::new(),
        Value::Scalar {
            text,
            quoted: false,
        } if text.is_empty() => Vec::new(),
        Value::Scalar { .. } | Value::List(_) => {
            findings
                .error(root.span, "the front matter is not a map of keys")
                .help("write one `key: value` a line");
            Vec::new()
        }
    }
}

/// What to do about what the parser says.
fn help_for(info: &str) -> &'static str {
    let remedies = [
        (
            "unknown anchor",
            "aliases are not allowed here: write the value itself",
        ),
        ("quoted scalar", "close the quote, or take it away"),
        ("flow", "close every `[` and `{`"),
        ("tab", "indent with spaces"),
        (
            "mapping values are not allowed",
            "put a value that holds `: ` in double quotes",
        ),
    ];
    let fitting = remedies.into_iter().find(|(part, _)| info.contains(part));
    fitting.map_or(
        "write one `key: value` a line; put a value with special characters in double quotes",
        |(_, remedy)| remedy,
    )
}
