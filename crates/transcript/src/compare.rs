//! A transcript held against one output: the verdict.

use std::ops::Range;

use crate::{
    BrokenName, Report, ReportHeader, Transcript,
    align::{self, Alignment, Row},
    canonical,
    fit::Fitter,
    names::{self, Binding},
    output::Output,
    report,
};

/// A transcript held against one output.
///
/// ```
/// use transcript::{Kinds, Order, Transcript};
///
/// let text = "server on <port:server>\nclient reaches <port:server>\n";
/// let page = Transcript::parse(text, Order::Total, &Kinds::default())?;
///
/// let comparison = page.compare(b"server on 4000\nclient reaches 4001\n");
/// assert!(comparison.shape_matches());
/// assert!(!comparison.matches(), "one name, two ports");
/// # Ok::<(), transcript::PageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    pub(crate) transcript: &'a Transcript,
    pub(crate) output: Output<'a>,
    pub(crate) alignment: Alignment,
    pub(crate) bindings: Vec<Binding>,
    shape_matches: bool,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(transcript: &'a Transcript, output: &'a [u8]) -> Self {
        let output = Output::read(output);
        let alignment = align::align(&transcript.page, &output);
        let shape_matches = !alignment.rows.iter().any(|row| row.differs());
        let bindings = bindings(transcript, &output, &alignment.rows);
        Self {
            transcript,
            output,
            alignment,
            bindings,
            shape_matches,
        }
    }

    /// Whether the output is what the transcript promises: by shape, and by name.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.shape_matches && names::agree(self)
    }

    /// Whether every line matches, names aside.
    #[must_use]
    pub fn shape_matches(&self) -> bool {
        self.shape_matches
    }

    /// How many lines differ: those that the output lacks, and those that the page lacks.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.alignment
            .rows
            .iter()
            .filter(|row| row.differs())
            .count()
    }

    /// What the page's names stand for, in the order of the page: a name with
    /// its kind, `port:server`, and a text, as often as the page has it in a
    /// line that matched. Bytes that are not text are written as the page
    /// would write them.
    #[must_use]
    pub fn bindings(&self) -> Vec<(String, String)> {
        let page = &self.transcript.page;
        self.bindings
            .iter()
            .map(|binding| (page.full_name(binding.name), binding.text(&self.output)))
            .collect()
    }

    /// The names that stand for more than one text in this output alone.
    #[must_use]
    pub fn broken_names(&self, header: &ReportHeader<'_>) -> Vec<BrokenName> {
        names::broken([(*header, self)])
    }

    /// What differs, for people: the lines, then the names that are broken in
    /// this output alone. Empty where everything matches.
    #[must_use]
    pub fn report(&self, header: &ReportHeader<'_>) -> Report {
        report::report(self, header)
    }

    /// What differs, names aside; for a caller who asks [`Names`](crate::Names)
    /// about several outputs together.
    #[must_use]
    pub fn diff(&self, header: &ReportHeader<'_>) -> Report {
        report::diff(self, header)
    }

    /// The output as the page would write it: lines that matched as they stand
    /// in the page, placeholders, ranges, elisions and all, in the page's
    /// order; lines that did not match as they came out, in the page's spelling.
    ///
    /// Runs that match all give the same text, whatever their ports were.
    ///
    /// ```
    /// use transcript::{Kinds, Order, Transcript};
    ///
    /// let page = Transcript::parse("[a] on <port>\n[b] hello\n", Order::Speakers, &Kinds::default())?;
    /// let run = page.compare(b"[b] hello\n[a] on 4000\n[a] goodbye\n");
    /// assert_eq!(run.canonical(), "[a] on <port>\n[a] goodbye\n[b] hello\n");
    /// # Ok::<(), transcript::PageError>(())
    /// ```
    #[must_use]
    pub fn canonical(&self) -> String {
        canonical::canonical(self)
    }

    /// What was said, in the order in which it was said: lines that matched as
    /// they stand in the page, others as they came out; what is elided is left
    /// out.
    ///
    /// Two runs that match give the same text where nothing differs between
    /// them but what placeholders stand for. So it tells how many different
    /// right outputs a program has.
    ///
    /// ```
    /// use transcript::{Kinds, Order, Transcript};
    ///
    /// let page = Transcript::parse("[a] on <port>\n[b] hello\n", Order::Speakers, &Kinds::default())?;
    /// let run = page.compare(b"[b] hello\n[a] on 4000\n");
    /// assert_eq!(run.spoken(), "[b] hello\n[a] on <port>\n");
    /// # Ok::<(), transcript::PageError>(())
    /// ```
    #[must_use]
    pub fn spoken(&self) -> String {
        canonical::spoken(self)
    }

    /// A line of the output, as bytes.
    pub(crate) fn actual(&self, line: u32) -> &[u8] {
        self.output.line(line)
    }
}

fn bindings(transcript: &Transcript, output: &Output<'_>, rows: &[Row]) -> Vec<Binding> {
    let page = &transcript.page;
    let mut bindings = Vec::new();
    if page.names.is_empty() {
        return bindings;
    }
    let mut fitter = Fitter::new(page);
    for row in rows {
        let Row::Matched { line, actual } = *row else {
            continue;
        };
        if !page.line(line).has_names {
            continue;
        }
        let filling: Vec<Range<usize>> = fitter
            .fill(line, output.line(actual))
            .unwrap_or_default()
            .to_vec();
        for (place, span) in page.line_place_numbers(line).zip(filling) {
            if let Some(name) = page.place(place).name {
                bindings.push(Binding {
                    name,
                    place,
                    line,
                    actual,
                    span,
                });
            }
        }
    }
    bindings
}
