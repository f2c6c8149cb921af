//! From the text of a page to a [`Page`]: line by line, every problem noted.

use std::{collections::HashMap, ops::Range};

use memchr::memchr;

use crate::{
    Kinds, Order, Problem, Severity,
    angle::{self, Angle, Doubt},
    chars::is_blank,
    kinds::Kind,
    page::{Line, Name, Page, Piece, Place, Span, What},
    range, tag, write,
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

/// A stretch of text of a line while it is read: as it stands in the page until
/// the first escape, from there on in [`Page::cooked`].
struct Literal {
    start: usize,
    cooked: Option<usize>,
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
        let impossible = self.read_pieces(start, end);
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

    /// Reads the line's text and placeholders; says whether no output can have it.
    fn read_pieces(&mut self, start: usize, end: usize) -> bool {
        let bytes = self.text.as_bytes();
        let mut literal = Literal {
            start,
            cooked: None,
        };
        let mut impossible = false;
        // Consecutive `<byte …>`: from where in the page, and in `cooked`.
        let mut run: Option<(usize, usize, usize)> = None;
        let mut at = start;
        if let Some(escape) = escape_at_head(&self.text[start..end]) {
            self.cook(&mut literal, start + escape);
            literal.start = start + escape + 1;
            if let Some(name) =
                tag::speaker(&bytes[start + escape + 1..end]).filter(|_| escape == 0)
            {
                self.warn_of_escaped_tag(start..end, name);
            }
        }
        while let Some(open) = memchr(b'<', &bytes[at..end]).map(|open| at + open) {
            let backslashes = bytes[literal.start.min(open)..open]
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count();
            if backslashes > 0 {
                // Read from the left: two are one backslash, one before `<` takes its meaning away.
                self.cook(&mut literal, open - backslashes);
                self.page
                    .cooked
                    .extend(std::iter::repeat_n(b'\\', backslashes / 2));
                literal.start = open;
            }
            at = open + 1;
            if backslashes % 2 == 1 {
                continue;
            }
            let Some(close) = closing(bytes, at, end) else {
                continue;
            };
            match angle::read(&self.text[at..close], &self.page.kinds) {
                Angle::Text => {}
                Angle::Doubtful(doubt) => self.note(Severity::Warning, open..close + 1, doubt),
                Angle::Wrong(doubt) => self.note(Severity::Error, open..close + 1, doubt),
                Angle::Byte(byte) => {
                    self.cook(&mut literal, open);
                    let from = match run {
                        Some((begin, from, next)) if next == open => (begin, from),
                        _ => (open, self.page.cooked.len()),
                    };
                    self.page.cooked.push(byte);
                    literal.start = close + 1;
                    run = Some((from.0, from.1, close + 1));
                    let next_is_byte = bytes[close + 1..end].starts_with(b"<byte ");
                    if !next_is_byte && let Some(text) = readable_text(&self.page.cooked[from.1..])
                    {
                        self.warn_of_text_in_bytes(from.0..close + 1, &text);
                        impossible = true;
                    }
                }
                Angle::Place { kind, name, range } => {
                    self.flush(&mut literal, open);
                    self.add_place(open..close + 1, kind, name, range);
                    literal = Literal {
                        start: close + 1,
                        cooked: None,
                    };
                }
            }
            at = close + 1;
        }
        self.flush(&mut literal, end);
        impossible
    }

    /// Copies what the literal has so far, up to `to`.
    fn cook(&mut self, literal: &mut Literal, to: usize) {
        if literal.cooked.is_none() {
            literal.cooked = Some(self.page.cooked.len());
        }
        self.page
            .cooked
            .extend_from_slice(&self.text.as_bytes()[literal.start..to]);
    }

    fn flush(&mut self, literal: &mut Literal, to: usize) {
        if literal.cooked.is_some() {
            self.cook(literal, to);
        }
        match literal.cooked {
            Some(from) => self
                .page
                .pieces
                .push(Piece::Cooked(Span::new(from..self.page.cooked.len()))),
            None if literal.start < to => self
                .page
                .pieces
                .push(Piece::Plain(Span::new(literal.start..to))),
            None => {}
        }
    }

    fn add_place(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        name: Option<&'t str>,
        range: Option<range::Range>,
    ) {
        let name = name.map(|name| self.name(name, kind, span.clone()));
        let range = range.map(|range| {
            self.page.ranges.push(range);
            place(self.page.ranges.len() - 1)
        });
        self.page
            .pieces
            .push(Piece::Place(place(self.page.places.len())));
        self.page.places.push(Place {
            span: Span::new(span),
            kind,
            name,
            range,
        });
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

/// What looks wrong only when a line, or the page, is seen as a whole.
impl Parser<'_> {
    fn check_controls(&mut self, start: usize, end: usize) {
        let controls = |character: char| character.is_control() && character != '\t';
        let Some((at, character)) = self.text[start..end]
            .char_indices()
            .find(|(_, character)| controls(*character))
        else {
            return;
        };
        let written = write::readable(character.encode_utf8(&mut [0; 4]).as_bytes());
        let help = match character {
            '\u{1b}' => "leave it out: escape sequences of the output are not compared".to_owned(),
            _ => format!("write `{written}`"),
        };
        let message = format!(
            "the control character U+{:04X} stands in the page",
            u32::from(character)
        );
        let at = start + at;
        self.note(
            Severity::Error,
            at..at + character.len_utf8(),
            Doubt { message, help },
        );
    }

    /// Where speakers have an order of their own, a tag is text and nothing else.
    fn check_tag(&mut self, start: usize, end: usize, first_place: usize) {
        let line = &self.text[start..end];
        let Some(inner) = line.strip_prefix('[') else {
            return;
        };
        let mut places = self.page.places[first_place..].iter().peekable();
        let mut found = None;
        let mut at = start + 1;
        for (offset, character) in inner.char_indices() {
            let here = start + 1 + offset;
            if here < at {
                continue;
            }
            if let Some(place) = places.next_if(|place| place.span.start as usize == here) {
                if here == start + 1 && !place.kind.may_begin_a_tag() {
                    return;
                }
                found = found.or(Some(place.span));
                at = place.span.end as usize;
                continue;
            }
            if character == ']' {
                if matches!(self.text[here + 1..end].chars().next(), None | Some(' ')) {
                    break;
                }
                return;
            }
            let fits = if here == start + 1 {
                character.is_alphabetic()
            } else {
                tag::belongs(character)
            };
            if !fits {
                return;
            }
            at = here + 1;
        }
        let Some(span) = found.filter(|_| memchr(b']', inner.as_bytes()).is_some()) else {
            return;
        };
        let message = "a speaker's tag holds a placeholder".to_owned();
        let help = "write the speaker's name as text: `[client 1] …`".to_owned();
        self.note(Severity::Error, span.range(), Doubt { message, help });
    }

    fn warn_of_escaped_tag(&mut self, span: Range<usize>, name: &str) {
        if self.page.order == Order::Speakers {
            self.warn(
                span,
                "no line matches this: where `order=speakers`, a line that begins with a tag is always spoken".to_owned(),
                format!("write `[{name}] …` without the backslash"),
            );
        }
    }

    fn warn_of_text_in_bytes(&mut self, span: Range<usize>, text: &str) {
        self.warn(
            span,
            format!(
                "no line matches this: `<byte …>` stands for what is no text, and this is {text}"
            ),
            "write it as text; `<byte …>` is for control characters and bytes that are not UTF-8"
                .to_owned(),
        );
    }

    fn check_elisions(&mut self) {
        let lines = &self.page.lines;
        let all_elide = lines.iter().all(|line| line.what == What::Elision);
        let some_bare = lines
            .iter()
            .any(|line| line.what == What::Elision && line.speaker.is_none());
        if all_elide && some_bare {
            let message = "the transcript promises nothing: it is elisions alone".to_owned();
            let help = "write at least one line that the program prints".to_owned();
            self.note(Severity::Error, 0..self.text.len(), Doubt { message, help });
        }
    }
}

/// Where the backslash is that takes the meaning away from the line's beginning.
fn escape_at_head(line: &str) -> Option<usize> {
    if line.starts_with("\\[") || line == "\\..." {
        return Some(0);
    }
    let name = tag::speaker(line.as_bytes()).filter(|_| line.ends_with(" \\..."))?;
    (line.len() == tag::length(name) + " \\...".len()).then(|| tag::length(name) + 1)
}

/// The `>` that closes what begins at `at`, if no other `<` comes before it.
fn closing(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let found = at + memchr::memchr2(b'<', b'>', &bytes[at..end])?;
    (bytes[found] == b'>').then_some(found)
}

/// What there is in bytes that is text after all, or never reaches a comparison.
fn readable_text(bytes: &[u8]) -> Option<String> {
    if bytes.contains(&b'\n') {
        return Some("the end of a line".to_owned());
    }
    if bytes.contains(&0x1b) {
        return Some("the beginning of an escape sequence, which is not compared".to_owned());
    }
    let mut characters = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
    let text = characters.find(|character| !character.is_control() || *character == '\t')?;
    Some(format!("the character {text:?}"))
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
