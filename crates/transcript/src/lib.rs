//! Promises about what a concurrent program prints: parse, match, report, bless.
//!
//! This is the face of the crate; what stands behind it so far compares text only.

mod kinds;
mod order;
mod problem;

use std::{collections::BTreeMap, fmt};

pub use kinds::{KindError, Kinds};
pub use order::{Order, UnknownOrder};
pub use problem::{PageError, Problem, Severity};

/// What a page promises that a program prints.
#[derive(Clone, Debug)]
pub struct Transcript {
    text: String,
    warnings: Vec<Problem>,
}

impl Transcript {
    /// Reads a transcript.
    ///
    /// # Errors
    ///
    /// All that is wrong with the text, together.
    pub fn parse(text: &str, _order: Order, _kinds: &Kinds) -> Result<Self, PageError> {
        Ok(Self {
            text: text.to_owned(),
            warnings: Vec::new(),
        })
    }

    /// What looks wrong, and changes no verdict.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Holds the transcript against what a program printed.
    #[must_use]
    pub fn compare<'a>(&'a self, output: &'a [u8]) -> Comparison<'a> {
        Comparison {
            transcript: self,
            output,
        }
    }
}

/// A transcript held against one output.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    transcript: &'a Transcript,
    output: &'a [u8],
}

impl Comparison<'_> {
    /// Whether the output is what the transcript promises: by shape and by name.
    #[must_use]
    pub fn matches(&self) -> bool {
        self.shape_matches()
    }

    /// Whether every line matches, names aside.
    #[must_use]
    pub fn shape_matches(&self) -> bool {
        self.transcript.text.as_bytes() == self.output
    }

    /// What each name of the page stands for: `port:server`, and its text, in the order of the page.
    #[must_use]
    pub fn bindings(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What differs, for people.
    #[must_use]
    pub fn report(&self, header: &ReportHeader<'_>) -> Report {
        Report(format!(
            "{} against {}:{}\n",
            header.program, header.page, header.first_line
        ))
    }

    /// The output as the page would write it: placeholders, ranges and elisions in place of values.
    #[must_use]
    pub fn canonical(&self) -> String {
        String::from_utf8_lossy(self.output).into_owned()
    }
}

/// What a report says of where its texts come from.
#[derive(Clone, Copy, Debug)]
pub struct ReportHeader<'a> {
    /// The page: a path, as its reader would open it.
    pub page: &'a str,
    /// The line of the page, from 1, on which the transcript's first line stands.
    pub first_line: usize,
    /// The program whose output this is.
    pub program: &'a str,
}

/// A difference, told for people: plain by `Display`, coloured by [`Report::ansi`].
#[derive(Clone, Debug)]
pub struct Report(String);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Report {
    /// The report with ANSI colours.
    #[must_use]
    pub fn ansi(&self) -> String {
        self.0.clone()
    }
}

/// The names of one run, which all of its transcripts share.
#[derive(Debug)]
pub struct Names;

impl Names {
    /// Holds the names of all transcripts of one run against each other.
    ///
    /// # Errors
    ///
    /// Every name that stands for more than one text.
    pub fn agree<'a>(
        told: impl IntoIterator<Item = (ReportHeader<'a>, &'a Comparison<'a>)>,
    ) -> Result<BTreeMap<String, String>, Vec<BrokenName>> {
        Ok(told
            .into_iter()
            .flat_map(|(_, comparison)| comparison.bindings())
            .collect())
    }
}

/// A name that stood for more than one text. `Display` tells it for people.
#[derive(Clone, Debug)]
pub struct BrokenName {
    /// The name with its kind: `port:server`.
    pub name: String,
}

impl fmt::Display for BrokenName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}> stands for more than one text", self.name)
    }
}

/// Brings a transcript up to date with what its program prints, in several runs.
#[must_use]
pub fn bless(transcript: &Transcript, runs: &[&[u8]]) -> Blessed {
    let text = runs.first().map_or_else(
        || transcript.text.clone(),
        |run| String::from_utf8_lossy(run).into_owned(),
    );
    Blessed {
        text,
        lost: Vec::new(),
    }
}

/// A transcript brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The text to write into the page.
    pub text: String,
    /// The placeholders, as the page wrote them, that the new text no longer has.
    pub lost: Vec<String>,
}
