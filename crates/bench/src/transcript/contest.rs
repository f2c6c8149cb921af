//! The contestants: the same question, asked of each in its own way.

use std::time::Duration;

use ::transcript::{Kinds, Medium, Order, ReportHeader, Transcript};
use anyhow::Result;
use snapbox::{
    Data, IntoData, Redactions,
    filter::{Filter, FilterNewlines, FilterPaths, NormalizeToExpected},
    report::{Palette, write_diff},
};

use crate::figures::processor_time;

/// `crates/transcript`: what it found, and how long that took.
#[derive(Debug)]
pub(super) struct Ours {
    /// The time that parsing took.
    pub(super) parse: Duration,
    /// The time that the verdict took, and the report where there is one.
    pub(super) compare: Duration,
    pub(super) differences: usize,
}

impl Ours {
    pub(super) fn run(page: &str, order: Order, output: &str) -> Result<Self> {
        let (parse, transcript) =
            processor_time(|| Transcript::parse(page, order, &Kinds::default()));
        let transcript = transcript?;
        let header = ReportHeader {
            page: "lesson.md",
            first_line: 1,
            program: "program",
            medium: Medium::Output,
        };
        let (compare, (differences, report)) = processor_time(|| {
            let comparison = transcript.compare(output.as_bytes());
            if comparison.matches() {
                return (0, String::new());
            }
            let report = comparison.report(&header).to_string();
            (comparison.differences(), report)
        });
        anyhow::ensure!(
            report.is_empty() == (differences == 0),
            "the verdict of transcript and its report disagree"
        );
        Ok(Self {
            parse,
            compare,
            differences,
        })
    }
}

/// trycmd's engine: what it found.
#[derive(Debug)]
pub(super) struct Theirs {
    pub(super) matches: bool,
}

impl Theirs {
    /// What trycmd does with the text that its case expects and with what the program
    /// printed, as in its `validate_stream`; and its report.
    pub(super) fn run(expected: &str, output: &str) -> Self {
        let expected = FilterPaths.filter(expected.to_owned().into_data());
        let expected = FilterNewlines.filter(expected);
        let actual = output.as_bytes().to_vec().into_data();
        let actual = actual.coerce_to(snapbox::data::DataFormat::Text);
        let actual = FilterNewlines.filter(FilterPaths.filter(actual));
        let actual = NormalizeToExpected::new()
            .redact_with(&redactions())
            .normalize(actual, &expected);
        let matches = actual == expected;
        if !matches {
            report(&expected, &actual);
        }
        Self { matches }
    }
}

/// What trycmd replaces in any case.
fn redactions() -> Redactions {
    let mut redactions = Redactions::new();
    let folder = std::env::current_dir().unwrap_or_default();
    let inserted = redactions
        .insert("[EXE]", std::env::consts::EXE_SUFFIX)
        .and_then(|()| redactions.insert("[CWD]", folder));
    // Both are names of trycmd's own.
    debug_assert!(inserted.is_ok());
    redactions
}

fn report(expected: &Data, actual: &Data) {
    let mut report = String::new();
    let written = write_diff(
        &mut report,
        expected,
        actual,
        Some(&"expected"),
        Some(&"stdout"),
        Palette::plain(),
    );
    debug_assert!(written.is_ok());
    std::hint::black_box(&report);
}
