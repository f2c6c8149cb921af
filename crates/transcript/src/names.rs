//! Names: `<port:server>` stands for one text, wherever a run has it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Range,
};

use crate::{Comparison, ReportHeader, output::Output, write};

/// One occurrence of a name in a line that matched.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    /// By its place in the page's names.
    pub(crate) name: u32,
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
/// use transcript::{Kinds, Names, Order, ReportHeader, Transcript};
///
/// let parse = |text| Transcript::parse(text, Order::Total, &Kinds::default());
/// let (stdout, wire) = (parse("on <port:server>\n")?, parse("SYN to <port:server>\n")?);
/// let header = |program| ReportHeader { page: "lesson.md", first_line: 1, program };
///
/// let (printed, sent) = (stdout.compare(b"on 4000\n"), wire.compare(b"SYN to 4000\n"));
/// let names = Names::agree([(header("tcp"), &printed), (header("tcp, wire"), &sent)]);
/// assert_eq!(names.unwrap()["port:server"], "4000");
///
/// let sent = wire.compare(b"SYN to 4001\n");
/// let broken = Names::agree([(header("tcp"), &printed), (header("tcp, wire"), &sent)]).unwrap_err();
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

/// A name that stood for more than one text. `Display` tells it for people,
/// over several lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenName {
    /// The name with its kind: `port:server`.
    pub name: String,
    /// Everywhere it stood for something, in the order of the pages; the same
    /// text again and again is there once for each page.
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
    /// The program whose output it was.
    pub program: String,
    /// The line of that output, from 1.
    pub output_line: usize,
}

impl fmt::Display for BrokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "<{}> has to stand for one text, and stood for several:",
            self.name
        )?;
        let width = self
            .stood_for
            .iter()
            .map(|stood| stood.text.chars().count())
            .max()
            .unwrap_or(0)
            .min(40);
        for stood in &self.stood_for {
            let text = write::visible(&stood.text);
            let StoodFor {
                page,
                page_line,
                program,
                output_line,
                ..
            } = stood;
            writeln!(
                f,
                "  {text:width$}  at {page}:{page_line}, line {output_line} of the output of {program}"
            )?;
        }
        Ok(())
    }
}

/// The names that stand for more than one text in these comparisons.
pub(crate) fn broken<'a>(
    told: impl IntoIterator<Item = (ReportHeader<'a>, &'a Comparison<'a>)>,
) -> Vec<BrokenName> {
    let mut all: Vec<BrokenName> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (header, comparison) in told {
        for binding in &comparison.bindings {
            let name = comparison.transcript.page.full_name(binding.name);
            let place = *places.entry(name.clone()).or_insert(all.len());
            if place == all.len() {
                all.push(BrokenName {
                    name,
                    stood_for: Vec::new(),
                });
            }
            all[place].stood_for.push(StoodFor {
                text: binding.text(&comparison.output),
                page: header.page.to_owned(),
                page_line: header.first_line + binding.line as usize,
                program: header.program.to_owned(),
                output_line: binding.actual as usize + 1,
            });
        }
    }
    all.retain(|name| {
        name.stood_for
            .iter()
            .any(|stood| stood.text != name.stood_for[0].text)
    });
    all
}
