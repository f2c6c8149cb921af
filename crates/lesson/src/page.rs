//! A page, from its first byte to its last: front matter, sections, blocks.
//!
//! Nothing is read here but the page itself; what its folder holds is given.

use std::ops::Range;

use transcript::Kinds;

use crate::block::{Block, Tie};
use crate::challenge::{self, ChallengeItem};
use crate::diagnostic::Severity;
use crate::finding::Findings;
use crate::front_matter::{self, FrontMatter, Places};
use crate::heading::{self, Heading};
use crate::link::Link;
use crate::markdown::{self, Fence};
use crate::place::{Lines, byte_order_mark};
use crate::program::{self, ProgramUse, Programs};
use crate::section::{self, Section, SectionKind};
use crate::tie;
use crate::yaml;

/// What a page says.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) front: FrontMatter,
    pub(crate) places: Places,
    pub(crate) sections: Vec<Section>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) challenges: Vec<ChallengeItem>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) links: Vec<Link>,
    pub(crate) kinds: Kinds,
    pub(crate) programs: Vec<ProgramUse>,
    pub(crate) findings: Findings,
}

/// What the folder of a page has to do with it; `None` where it is not known.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    /// What the lesson is called where the page gives no id.
    pub(crate) id: &'a str,
    /// The binaries of the experiment crate.
    pub(crate) binaries: Option<&'a [String]>,
    /// The modules of the challenges crate; none where there is no such crate.
    pub(crate) challenges: Option<&'a [String]>,
}

/// Reads a page.
pub(crate) fn read(source: &str, around: Surroundings) -> Page {
    let mut findings = Findings::default();
    let lines = Lines::of(source);
    let matter = Matter::of(source, &mut findings);
    let entries = yaml::read(
        &source[matter.text.clone()],
        matter.text.start,
        &mut findings,
    );
    let (front, places) = if matter.found {
        front_matter::check(entries, &matter.opening, &mut findings)
    } else {
        (FrontMatter::default(), Places::default())
    };
    let kinds = declare(&front, &places, &mut findings);

    let markdown = markdown::read(source, matter.body);
    for span in markdown.unfenced {
        findings
            .error(
                span,
                "this code is in no fenced block, and so tied to nothing that runs",
            )
            .help(
                "put it between lines of three backticks, and say behind the first what it shows",
            );
    }
    let (sections, items) = section::divide(
        markdown.elements,
        source,
        matter.body,
        &lines,
        &mut findings,
    );
    let challenges = challenge::read(items, around.challenges, &lines, &mut findings);

    let programs = Programs {
        id: if front.id.is_empty() {
            around.id
        } else {
            &front.id
        },
        commands: &front.commands,
        binaries: around.binaries,
    };
    let blocks: Vec<Block> = markdown
        .fences
        .into_iter()
        .map(|fence| {
            block(
                source,
                fence,
                &sections,
                &lines,
                &programs,
                &kinds,
                &mut findings,
            )
        })
        .collect();
    warn_of_silence(&sections, &blocks, &mut findings);
    let programs = program::gather(&blocks, &lines, &mut findings);

    Page {
        front,
        places,
        sections,
        blocks,
        challenges,
        headings: heading::named(markdown.headings),
        links: markdown.links,
        kinds,
        programs,
        findings,
    }
}

/// Where the front matter is.
struct Matter {
    found: bool,
    /// The page's first line.
    opening: Range<usize>,
    /// The lines between the two `---`.
    text: Range<usize>,
    /// The first byte behind it.
    body: usize,
}

impl Matter {
    fn of(page: &str, findings: &mut Findings) -> Self {
        let start = byte_order_mark(page);
        let first = page[start..]
            .split_inclusive('\n')
            .next()
            .unwrap_or_default();
        let opening = start..start + first.trim_end().len();
        if first.trim_end() != "---" {
            findings
                .error(opening.clone(), "this page has no front matter")
                .help("begin it with a line `---`, then `id: …` and the other keys, then a line `---` again");
            let text = start..start;
            return Self {
                found: false,
                opening,
                text,
                body: start,
            };
        }
        let text_start = start + first.len();
        let mut at = text_start;
        let mut first_heading = None;
        for line in page[text_start..].split_inclusive('\n') {
            if line.trim_end() == "---" {
                let text = text_start..at;
                return Self {
                    found: true,
                    opening,
                    text,
                    body: at + line.len(),
                };
            }
            // In YAML this is a comment. But a section is where a page begins whose
            // front matter was never ended, and a `---` below it is a rule.
            if let Some(title) = line.strip_prefix("## ") {
                first_heading.get_or_insert(at);
                if SectionKind::titled(title.trim()).is_some() {
                    break;
                }
            }
            at += line.len();
        }
        let at = first_heading.unwrap_or(at);
        findings
            .error(opening.clone(), "the front matter never ends")
            .help("write a line `---` behind its last key");
        Self {
            found: true,
            opening,
            text: text_start..at,
            body: at,
        }
    }
}

/// Declares the lesson's own kinds, and tells what is wrong with them.
fn declare(front: &FrontMatter, places: &Places, findings: &mut Findings) -> Kinds {
    let mut kinds = Kinds::default();
    for ((name, pattern), (name_span, pattern_span)) in
        front.placeholders.iter().zip(&places.placeholders)
    {
        if let Err(error) = kinds.declare(name, pattern) {
            let span = name_span.start..pattern_span.end.max(name_span.end);
            tell_kind(&error.to_string(), span, findings);
        }
    }
    kinds
}

/// Tells why a kind cannot be declared. A regular expression's mistake is drawn
/// over several lines, the last of which says what it is.
fn tell_kind(error: &str, span: Range<usize>, findings: &mut Findings) {
    let (message, reason) = error.split_once(": ").unwrap_or((error, ""));
    let reason = reason.lines().last().unwrap_or_default();
    let help = reason.strip_prefix("error: ").unwrap_or(reason);
    findings
        .error(span, message)
        .maybe_help((!help.is_empty()).then(|| help.to_owned()));
}

fn block(
    source: &str,
    fence: Fence,
    sections: &[Section],
    lines: &Lines,
    programs: &Programs,
    kinds: &Kinds,
    findings: &mut Findings,
) -> Block {
    let opening = fence.span.start..fence.info.end.max(fence.span.start + 3);
    let info = &source[fence.info.clone()];
    let read = tie::read(info, fence.info.start, &opening, programs, findings);
    if !fence.closed {
        findings
            .error(opening, "this block is never closed")
            .help("write a closing fence, as long as this one, on a line of its own below it");
    }
    // Also where the program is unknown: its output is looked at all the same.
    let transcript = read
        .order
        .and_then(|order| promise(&fence, order, kinds, findings));
    let before = sections.partition_point(|section| section.span.start <= fence.span.start);
    let section = before
        .checked_sub(1)
        .map(|at| &sections[at])
        .filter(|section| section.span.contains(&fence.span.start));
    Block {
        tie: read.tie,
        language: read.language,
        section: section.map(|section| section.kind),
        line: lines.number(fence.span.start),
        span: fence.span,
        content_span: fence.content_span,
        content: fence.content,
        transcript,
    }
}

/// A lesson that promises no output proves nothing; it may be meant so.
fn warn_of_silence(sections: &[Section], blocks: &[Block], findings: &mut Findings) {
    let promises = |block: &Block| matches!(block.tie, Tie::Transcript(_) | Tie::Broken);
    let output = sections
        .iter()
        .find(|section| section.kind == SectionKind::ExpectedOutput);
    if let Some(output) = output
        && !blocks.iter().any(promises)
    {
        findings
            .warning(
                output.heading.clone(),
                "this page promises no output: nothing is run for it",
            )
            .help("show what a program prints in a block `text run=PROGRAM`");
    }
}

/// What a block promises; what is wrong with it is told where it stands on the page.
fn promise(
    fence: &Fence,
    order: transcript::Order,
    kinds: &Kinds,
    findings: &mut Findings,
) -> Option<transcript::Transcript> {
    let (problems, transcript) = match transcript::Transcript::parse(&fence.content, order, kinds) {
        Ok(transcript) => (transcript.warnings().to_vec(), Some(transcript)),
        Err(error) => (error.problems, None),
    };
    for problem in problems {
        let severity = match problem.severity {
            transcript::Severity::Error => Severity::Error,
            transcript::Severity::Warning => Severity::Warning,
        };
        let start = fence.page_byte(problem.span.start);
        // The end is a byte that is still meant: where it stands, and one more.
        let end = match problem.span.end.checked_sub(1) {
            Some(last) if last >= problem.span.start => fence.page_byte(last) + 1,
            _ => start,
        };
        findings
            .push(Some(start..end.max(start)), severity, problem.message)
            .maybe_help(problem.help);
    }
    transcript
}
