//! Names: `<port:server>` stands for one text, wherever a run has it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Range,
};

use unicode_width::UnicodeWidthStr;

use crate::{
    Comparison, Report, ReportHeader,
    output::Output,
    report::{self, Line, Medium, Role},
    write,
};

/// One occurrence of a name in a line that matched.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    /// By its place in the page's names.
    pub(crate) name: u32,
    /// By its place in the page's placeholders.
    pub(crate) place: u32,
    pub(crate) line: u32,
    pub(crate) actual: u32,
    /// Where in the line of output the text stands.
    pub(crate) span: Range<usize>,
}

impl Binding {
    pub(crate) fn bytes<'o>(&self, output: &'o Output<'_>) -> &'o [u8] {
        &output.line(self.actual)[self.span.clone()]
    }

    /// The text, bytes written as in a page.
    pub(crate) fn text(&self, output: &Output<'_>) -> String {
        write::readable(self.bytes(output))
    }
}

/// Whether every name of this comparison stands for one text.
pub(crate) fn agree(comparison: &Comparison<'_>) -> bool {
    let mut known: Vec<Option<&Binding>> = vec![None; comparison.transcript.page.names.len()];
    comparison.bindings.iter().all(|binding| {
        let first = known[binding.name as usize].get_or_insert(binding);
        first.bytes(&comparison.output) == binding.bytes(&comparison.output)
    })
}

/// The names of one run, which all of its transcripts share.
///
/// ```
/// use transcript::{Kinds, Medium, Names, Order, ReportHeader, Transcript};
///
/// let parse = |text| Transcript::parse(text, Order::Total, &Kinds::default());
/// let (stdout, wire) = (parse("on <port:server>\n")?, parse("SYN to <port:server>\n")?);
/// let header = |medium| ReportHeader { page: "lesson.md", first_line: 1, program: "tcp", medium };
///
/// let (printed, sent) = (stdout.compare(b"on 4000\n"), wire.compare(b"SYN to 4000\n"));
/// let names = Names::agree([(header(Medium::Output), &printed), (header(Medium::Wire), &sent)]);
/// assert_eq!(names.unwrap()["port:server"], "4000");
///
/// let sent = wire.compare(b"SYN to 4001\n");
/// let broken = Names::agree([(header(Medium::Output), &printed), (header(Medium::Wire), &sent)]).unwrap_err();
/// assert_eq!(broken[0].name, "port:server");
/// # Ok::<(), transcript::PageError>(())
/// ```
#[derive(Debug)]
pub struct Names;

impl Names {
    /// Holds the names of all transcripts of one run against each other, and
    /// gives what each stands for: `port:server`, and its text.
    ///
    /// # Errors
    ///
    /// Every name that stands for more than one text.
    pub fn agree<'a>(
        told: impl IntoIterator<Item = (ReportHeader<'a>, &'a Comparison<'a>)>,
    ) -> Result<BTreeMap<String, String>, Vec<BrokenName>> {
        let told: Vec<_> = told.into_iter().collect();
        let broken = broken(told.iter().copied());
        if !broken.is_empty() {
            return Err(broken);
        }
        Ok(told
            .iter()
            .flat_map(|(_, comparison)| comparison.bindings())
            .collect())
    }
}

/// A name that stood for more than one text: plain by [`Display`](fmt::Display),
/// coloured by [`report`](BrokenName::report).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenName {
    /// The name with its kind: `port:server`.
    pub name: String,
    /// Each text that it stood for, with the first place of each output where
    /// it did, in the order of the pages.
    pub stood_for: Vec<StoodFor>,
}

/// What a name stood for at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoodFor {
    /// The text, bytes written as in a page.
    pub text: String,
    /// The page.
    pub page: String,
    /// The line of the page, from 1.
    pub page_line: usize,
    /// The program that said it.
    pub program: String,
    /// Where it said it.
    pub medium: Medium,
    /// The line of that output, from 1.
    pub output_line: usize,
    /// How often the name stood for this text in that output.
    pub times: usize,
}

/// How many characters of a text a report shows.
const MOST_CHARACTERS: usize = 60;

impl BrokenName {
    /// The name, what it stood for, and where.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        let Some(first) = self.stood_for.first() else {
            return report;
        };
        let StoodFor {
            page, page_line, ..
        } = first;
        report.push(Line::new(
            Role::Heading,
            format!("{page}:{page_line}: <{}> stands for one text on the page, and for several in the run", self.name),
        ));
        let texts: Vec<String> = self
            .stood_for
            .iter()
            .map(|stood| shortened(&stood.text))
            .collect();
        let width = texts.iter().map(|text| text.width()).max().unwrap_or(0);
        for (stood, text) in self.stood_for.iter().zip(texts) {
            let StoodFor { page, program, .. } = stood;
            let fill = " ".repeat(width - text.width());
            let more = match stood.times {
                1 => String::new(),
                times => format!(", and {} more", report::count(times - 1, "time", "times")),
            };
            let mut line = Line::new(Role::Context, "  ");
            line.spans.push((Role::Note, text));
            line.spans.push((
                Role::Context,
                format!(
                    "{fill}  in line {} of the {} of {program}, {page}:{}{more}",
                    stood.output_line,
                    stood.medium.noun(),
                    stood.page_line
                ),
            ));
            report.push(line);
        }
        report
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = write::visible(text).chars().take(MOST_CHARACTERS).collect();
    if short.len() < write::visible(text).len() {
        short.push('…');
    }
    short
}

impl fmt::Display for BrokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report().fmt(f)
    }
}

/// The names that stand for more than one text in these comparisons.
pub(crate) fn broken<'a>(
    told: impl IntoIterator<Item = (ReportHeader<'a>, &'a Comparison<'a>)>,
) -> Vec<BrokenName> {
    let mut all: Vec<BrokenName> = Vec::new();
    // For each name what it stood for first, and whether it ever differed.
    let mut firsts: Vec<(&[u8], bool)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for (header, comparison) in told {
        let page = &comparison.transcript.page;
        // The texts that names have stood for in this output, and where each is noted.
        let mut known: HashMap<(usize, &[u8]), usize> = HashMap::new();
        for binding in &comparison.bindings {
            let place = *places
                .entry(page.name_key(binding.name))
                .or_insert_with(|| {
                    all.push(BrokenName {
                        name: page.full_name(binding.name),
                        stood_for: Vec::new(),
                    });
                    all.len() - 1
                });
            let bytes = binding.bytes(&comparison.output);
            if place == firsts.len() {
                firsts.push((bytes, false));
            }
            firsts[place].1 |= firsts[place].0 != bytes;
            let stood_for = &mut all[place].stood_for;
            let noted = *known.entry((place, bytes)).or_insert_with(|| {
                stood_for.push(StoodFor {
                    text: binding.text(&comparison.output),
                    page: header.page.to_owned(),
                    page_line: header.page_line(binding.line),
                    program: header.program.to_owned(),
                    medium: header.medium,
                    output_line: binding.actual as usize + 1,
                    times: 0,
                });
                stood_for.len() - 1
            });
            stood_for[noted].times += 1;
        }
    }
    let differs = firsts.into_iter().map(|(_, differs)| differs);
    let broken = all.into_iter().zip(differs).filter(|(_, differs)| *differs);
    broken.map(|(name, _)| name).collect()
}
