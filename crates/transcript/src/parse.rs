//! From the text of a page to a [`Page`]: line by line, every problem noted.

mod checks;
mod pieces;

use std::{collections::HashMap, ops::Range};

use memchr::memchr;

use crate::{
    Kinds, Order, Problem, Severity,
    angle::Doubt,
    chars::is_blank,
    kinds::Kind,
    page::{Line, Name, Page, Span, What},
    tag,
};

/// Reads a page; where something is wrong, gives everything that is.
pub(crate) fn parse(text: &str, order: Order, kinds: &Kinds) -> Result<Page, Vec<Problem>> {
    if u32::try_from(text.len()).is_err() {
        return Err(vec![Problem {
            span: 0..0,
            severity: Severity::Error,
            message: "the transcript is longer than 4 GiB".to_owned(),
            help: Some("split it".to_owned()),
        }]);
    }
    let mut parser = Parser::new(text, order, kinds);
    parser.read_lines();
    parser.drop_blank_end();
    parser.check_elisions();
    parser.finish()
}

struct Parser<'t> {
    text: &'t str,
    page: Page,
    problems: Vec<Problem>,
    names: HashMap<&'t str, u32>,
    speakers: HashMap<&'t str, u32>,
    has_controls: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, order: Order, kinds: &Kinds) -> Self {
        let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        let angles = memchr::memchr_iter(b'<', text.as_bytes()).count();
        Self {
            text,
            page: Page {
                text: text.to_owned(),
                order,
                kinds: kinds.clone(),
                lines: Vec::with_capacity(lines),
                pieces: Vec::with_capacity(lines + 2 * angles),
                places: Vec::with_capacity(angles),
                ..Page::default()
            },
            problems: Vec::new(),
            names: HashMap::new(),
            speakers: HashMap::new(),
            has_controls: may_hold_controls(text.as_bytes()),
        }
    }

    fn read_lines(&mut self) {
        let mut start = 0;
        while start < self.text.len() {
            let rest = &self.text.as_bytes()[start..];
            let (mut end, next) = match memchr(b'\n', rest) {
                Some(feed) => (start + feed, start + feed + 1),
                None => (self.text.len(), self.text.len()),
            };
            if end < next && end > start && self.text.as_bytes()[end - 1] == b'\r' {
                end -= 1;
            }
            self.read_line(start, end);
            start = next;
        }
    }

    fn read_line(&mut self, start: usize, end: usize) {
        if self.has_controls {
            self.check_controls(start, end);
        }
        let end = start + self.text[start..end].trim_end_matches([' ', '\t']).len();
        let first_piece = place(self.page.pieces.len());
        let first_place = self.page.places.len();
        let line = &self.text[start..end];
        let (what, speaker) = self.read_head(line, start);
        self.page.lines.push(Line {
            span: Span::new(start..end),
            first_piece,
            speaker,
            what,
            has_names: false,
        });
        if what == What::Elision {
            return;
        }
        let impossible = pieces::read(self, start, end);
        let has_names = self.page.places[first_place..]
            .iter()
            .any(|place| place.name.is_some());
        if let Some(line) = self.page.lines.last_mut() {
            line.has_names = has_names;
            if impossible {
                line.what = What::Impossible;
            }
        }
        if self.page.order == Order::Speakers && speaker.is_none() {
            self.check_tag(start, end, first_place);
        }
    }

    /// What the line's beginning says of the whole line.
    fn read_head(&mut self, line: &'t str, start: usize) -> (What, Option<u32>) {
        if line == "..." {
            return (What::Elision, None);
        }
        let whole = start..start + line.len();
        if line.ends_with("...") && line.trim_start_matches(is_blank) == "..." {
            self.warn(
                whole,
                "`...` with white space before it is text, not an elision".to_owned(),
                "begin the line with `...` to leave lines out".to_owned(),
            );
            return (What::Line, None);
        }
        let Some(name) = tag::speaker(line.as_bytes()) else {
            return (What::Line, None);
        };
        let rest = &line[tag::length(name)..];
        let elides = rest.ends_with("...") && rest.trim_start_matches(is_blank) == "...";
        if self.page.order == Order::Total {
            if elides {
                self.warn(
                    whole,
                    format!("`{line}` is text: only where `order=speakers` does it stand for a speaker's lines"),
                    format!("write `order=speakers`, or `[{name}] \\...` if it is meant as text"),
                );
            }
            return (What::Line, None);
        }
        let speaker = Some(self.speaker(name));
        if rest == " ..." {
            return (What::Elision, speaker);
        }
        if elides {
            self.warn(
                whole,
                "`...` with more than one space before it is text, not an elision".to_owned(),
                format!("write `[{name}] ...` to leave out lines of this speaker"),
            );
        }
        (What::Line, speaker)
    }

    fn name(&mut self, word: &'t str, kind: Kind, span: Range<usize>) -> u32 {
        if let Some(&known) = self.names.get(word) {
            let first = self.page.names[known as usize].kind;
            if first != kind {
                let (first, kind) = (self.page.kinds.word(first), self.page.kinds.word(kind));
                let message = format!(
                    "the name `{word}` is used with two kinds: `{first}` before, `{kind}` here"
                );
                let help = format!("write `<{first}:{word}>`, or choose another name");
                self.note(Severity::Error, span, Doubt { message, help });
            }
            return known;
        }
        let new = place(self.page.names.len());
        self.names.insert(word, new);
        self.page.names.push(Name {
            word: word.to_owned(),
            kind,
            first: Span::new(span),
        });
        new
    }

    fn speaker(&mut self, name: &'t str) -> u32 {
        if let Some(&known) = self.speakers.get(name) {
            return known;
        }
        let new = place(self.page.speakers.len());
        self.speakers.insert(name, new);
        self.page.speakers.push(name.to_owned());
        new
    }

    /// Blank lines at the very end are not compared.
    fn drop_blank_end(&mut self) {
        let is_blank = |line: &Line| line.span.start == line.span.end;
        while self.page.lines.last().is_some_and(is_blank) {
            self.page.lines.pop();
        }
    }

    fn finish(mut self) -> Result<Page, Vec<Problem>> {
        self.problems.sort_by_key(|problem| problem.span.start);
        if self
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(self.problems);
        }
        self.page.warnings = self.problems;
        Ok(self.page)
    }

    fn warn(&mut self, span: Range<usize>, message: String, help: String) {
        self.note(Severity::Warning, span, Doubt { message, help });
    }

    fn note(&mut self, severity: Severity, span: Range<usize>, doubt: Doubt) {
        self.problems.push(Problem {
            span,
            severity,
            message: doubt.message,
            help: Some(doubt.help),
        });
    }
}

/// Whether the text may hold a control character other than tab and line end;
/// a quick look, which may say yes where there is none.
fn may_hold_controls(text: &[u8]) -> bool {
    let suspicious = |byte: &u8| {
        (*byte < 0x20 && !matches!(byte, b'\t' | b'\n')) || *byte == 0x7f || *byte == 0xc2
    };
    text.chunks(4096).any(|chunk| {
        chunk
            .iter()
            .fold(false, |found, byte| found | suspicious(byte))
    })
}

/// A place in a list that is no longer than the text, which [`parse`] has measured.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
