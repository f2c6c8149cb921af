//! The sections of a page, and their order.

use std::fmt;
use std::ops::Range;

use crate::finding::Findings;
use crate::markdown::{Element, Item, What};
use crate::place::Lines;
use crate::suggest;

/// One second-level heading of a page, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Which one it is.
    pub kind: SectionKind,
    /// The line of its heading, counted from 1.
    pub line: usize,
    /// Its heading: bytes of the page.
    pub heading: Range<usize>,
    /// What stands below the heading, up to the next section: bytes of the page.
    pub span: Range<usize>,
}

/// The sections that a page has, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// What it is about.
    Concept,
    /// The one thing to remember: a block quote.
    KeyInsight,
    /// The program.
    Experiment,
    /// What the program prints.
    ExpectedOutput,
    /// What the program sends; the one section that a page may leave out.
    OnTheWire,
    /// What to build: a numbered list.
    Challenge,
    /// More, for those who want to know.
    DeepDive,
    /// What goes wrong, and why.
    CommonMistakes,
}

impl SectionKind {
    /// All of them, in the order of a page.
    pub const ALL: [Self; 8] = [
        Self::Concept,
        Self::KeyInsight,
        Self::Experiment,
        Self::ExpectedOutput,
        Self::OnTheWire,
        Self::Challenge,
        Self::DeepDive,
        Self::CommonMistakes,
    ];

    /// The text of its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Concept => "Concept",
            Self::KeyInsight => "Key Insight",
            Self::Experiment => "Experiment",
            Self::ExpectedOutput => "Expected Output",
            Self::OnTheWire => "On the Wire",
            Self::Challenge => "Challenge",
            Self::DeepDive => "Deep Dive",
            Self::CommonMistakes => "Common Mistakes",
        }
    }

    /// The one with this heading.
    pub(crate) fn titled(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.title() == title)
    }
}

impl fmt::Display for SectionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// Divides a page into its sections, and tells what is wrong with them. Gives
/// the items of the challenges' list too.
pub(crate) fn divide(
    elements: Vec<Element>,
    page: &str,
    body: usize,
    lines: &Lines,
    findings: &mut Findings,
) -> (Vec<Section>, Vec<Item>) {
    let mut parts = Parts::default();
    for element in elements {
        parts.take(element, page.len(), findings);
    }
    parts.check_before_first(body, findings);
    parts.check_repeated(lines, findings);
    parts.check_order(findings);
    parts.check_missing(page, findings);
    parts.check_content(findings);

    let sections = parts
        .sections
        .iter()
        .map(|part| Section {
            kind: part.kind,
            line: lines.number(part.heading.start),
            heading: part.heading.clone(),
            span: part.heading.end..part.end,
        })
        .collect();
    let items = parts.sections.into_iter().flat_map(|part| part.items);
    (sections, items.collect())
}

/// A section while it is being checked.
#[derive(Debug)]
struct Part {
    kind: SectionKind,
    heading: Range<usize>,
    end: usize,
    has_content: bool,
    /// Of a Key Insight: whether there is a block quote with something in it.
    has_quote: bool,
    /// Of a Challenge: its list's items.
    items: Vec<Item>,
}

#[derive(Debug, Default)]
struct Parts {
    sections: Vec<Part>,
    /// Where in `sections` each kind stands first.
    firsts: [Option<usize>; SectionKind::ALL.len()],
    /// Whether what comes now belongs to a heading that is no section.
    astray: bool,
    /// What the headings that are no sections may have meant.
    meant: Vec<SectionKind>,
    /// The first thing that stands before any heading.
    before: Option<Range<usize>>,
    /// Where the first heading is.
    first_heading: Option<usize>,
}

impl Parts {
    fn take(&mut self, element: Element, page_end: usize, findings: &mut Findings) {
        let Element { what, span } = element;
        match what {
            What::Heading {
                first_level: true, ..
            } => {
                findings
                    .error(span, "a page has no first-level heading: its title is the front matter's")
                    .help("take the heading away, or write `##` for a section and `###` for a part of one");
            }
            What::Heading { text, .. } => self.heading(text.trim(), span, page_end, findings),
            What::Frame => {}
            what => self.content(what, span),
        }
    }

    fn heading(
        &mut self,
        title: &str,
        span: Range<usize>,
        page_end: usize,
        findings: &mut Findings,
    ) {
        self.first_heading.get_or_insert(span.start);
        if let Some(before) = self.sections.last_mut().filter(|_| !self.astray) {
            before.end = span.start;
        }
        let Some(kind) = SectionKind::titled(title) else {
            self.astray = true;
            self.tell_unknown(title, span, findings);
            return;
        };
        self.astray = false;
        self.firsts[kind as usize].get_or_insert(self.sections.len());
        self.sections.push(Part {
            kind,
            heading: span,
            end: page_end,
            has_content: false,
            has_quote: false,
            items: Vec::new(),
        });
    }

    fn tell_unknown(&mut self, title: &str, span: Range<usize>, findings: &mut Findings) {
        let titles = SectionKind::ALL.map(SectionKind::title);
        let (meant, help) = match (suggest::nearest(title, titles), sharing_a_word(title)) {
            (Some(meant), _) => (Some(meant), format!("did you mean `## {meant}`?")),
            (None, Some(meant)) => (
                Some(meant),
                format!("did you mean `## {meant}`? Write `###` for a part of a section"),
            ),
            (None, None) => (None, "write `###` for a part of a section".to_owned()),
        };
        self.meant.extend(meant.and_then(SectionKind::titled));
        findings
            .error(span, format!("there is no section `{title}`"))
            .help(help);
    }

    fn content(&mut self, what: What, span: Range<usize>) {
        if self.first_heading.is_none() {
            self.before.get_or_insert(span);
            return;
        }
        let Some(part) = self.sections.last_mut().filter(|_| !self.astray) else {
            return;
        };
        part.has_content = true;
        match what {
            What::Quote { empty: false } => part.has_quote = true,
            What::Numbered(items) if part.kind == SectionKind::Challenge => {
                part.items.extend(items);
            }
            _ => {}
        }
    }

    fn check_before_first(&self, body: usize, findings: &mut Findings) {
        if let Some(before) = &self.before {
            findings
                .error(
                    before.start.max(body)..before.end,
                    "this stands in no section",
                )
                .help("move it below `## Concept`");
        }
    }

    fn check_repeated(&self, lines: &Lines, findings: &mut Findings) {
        for (at, part) in self.sections.iter().enumerate() {
            let first = &self.sections[self.first_of(part.kind).unwrap_or(at)];
            if first.heading != part.heading {
                let line = lines.number(first.heading.start);
                findings
                    .error(
                        part.heading.clone(),
                        format!("the section {} stands here again", part.kind),
                    )
                    .help(format!(
                        "it began on line {line}: make one section of the two"
                    ));
            }
        }
    }

    fn first_of(&self, kind: SectionKind) -> Option<usize> {
        self.firsts[kind as usize]
    }

    /// Tells of as few sections as would have to move.
    fn check_order(&self, findings: &mut Findings) {
        let mut present: Vec<&Part> = SectionKind::ALL
            .into_iter()
            .filter_map(|kind| Some(&self.sections[self.first_of(kind)?]))
            .collect();
        present.sort_by_key(|part| part.heading.start);
        let kinds: Vec<_> = present.iter().map(|part| part.kind).collect();
        let in_order = longest_rising(&kinds);
        for part in present {
            if in_order.contains(&part.kind) {
                continue;
            }
            let next = in_order.iter().find(|kind| **kind > part.kind);
            let place = match next {
                Some(next) => format!("move it before {next}"),
                None => "move it to the end of the page".to_owned(),
            };
            findings
                .error(
                    part.heading.clone(),
                    format!("the section {} is out of place", part.kind),
                )
                .help(place);
        }
    }

    fn check_missing(&self, page: &str, findings: &mut Findings) {
        for kind in SectionKind::ALL {
            let optional = kind == SectionKind::OnTheWire;
            if optional || self.first_of(kind).is_some() || self.meant.contains(&kind) {
                continue;
            }
            let next = self
                .sections
                .iter()
                .filter(|part| part.kind > kind)
                .map(|part| (part.heading.clone(), part.kind))
                .next();
            let (span, place) = match next {
                Some((heading, next)) => (heading, format!("before {next}")),
                None => (page.len()..page.len(), "at the end of the page".to_owned()),
            };
            findings
                .error(span, format!("the section {kind} is missing"))
                .help(format!("write `## {kind}` {place}"));
        }
    }

    fn check_content(&self, findings: &mut Findings) {
        for part in &self.sections {
            let span = part.heading.clone();
            if !part.has_content {
                findings
                    .error(span, format!("the section {} is empty", part.kind))
                    .help("write something below its heading");
            } else if part.kind == SectionKind::KeyInsight && !part.has_quote {
                findings
                    .error(span, "the section Key Insight is not a block quote")
                    .help("begin each of its lines with `> `");
            } else if part.kind == SectionKind::Challenge && part.items.is_empty() {
                findings
                    .error(span, "the section Challenge has no numbered list")
                    .help("write one item for each challenge: 1. `name`: what to build");
            }
        }
    }
}

/// The section with a title that has a word of this one in it.
fn sharing_a_word(title: &str) -> Option<&'static str> {
    let title = title.to_lowercase();
    SectionKind::ALL
        .map(SectionKind::title)
        .into_iter()
        .find(|known| {
            let known = known.to_lowercase();
            let mut words = known.split(' ').filter(|word| word.len() > 3);
            words.any(|word| title.split(' ').any(|other| other == word))
        })
}

/// The longest rising row that can be picked out of a few kinds.
fn longest_rising(kinds: &[SectionKind]) -> Vec<SectionKind> {
    let mut best: Vec<Vec<SectionKind>> = Vec::new();
    for kind in kinds {
        let before = best
            .iter()
            .filter(|row| row.last() < Some(kind))
            .max_by_key(|row| row.len());
        let mut row = before.cloned().unwrap_or_default();
        row.push(*kind);
        best.push(row);
    }
    best.into_iter().max_by_key(Vec::len).unwrap_or_default()
}
