//! The formats of a report, one module each. They read [`Findings`] and print.

mod github;
pub(crate) mod human;
mod json;
mod junit;

use std::fmt::Write as _;

use anyhow::Result;

use crate::{
    cli::Format,
    verdict::{Check, Findings, Status},
};

/// Prints what a check found, in the format that was asked for.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(format: Format, findings: &Findings, quiet: bool) -> Result<()> {
    match format {
        Format::Human => human::print(findings, quiet),
        Format::Json => json::print(findings),
        Format::Junit => junit::print(findings),
        Format::Github => github::print(findings),
    }
}

/// The checks in their order, and together those that follow each other and of which there
/// is the same to say.
fn alike(checks: &[Check]) -> impl Iterator<Item = &[Check]> {
    checks.chunk_by(|one, next| {
        one.detail.is_some()
            && (&one.lesson, one.status, &one.file, one.line, &one.detail)
                == (
                    &next.lesson,
                    next.status,
                    &next.file,
                    next.line,
                    &next.detail,
                )
    })
}

/// How many checks passed, failed and were skipped, in a line without colours.
fn sum(findings: &Findings) -> String {
    let passed = findings.count(|status| status == Status::Passed);
    let failed = findings.count(Status::failed);
    let skipped = findings.count(|status| status == Status::Skipped);
    let mut text = format!("{passed} of {} checks passed", findings.checks.len());
    if failed > 0 {
        let _ = write!(text, ", {failed} failed");
    }
    if skipped > 0 {
        let _ = write!(text, ", {skipped} skipped");
    }
    let _ = write!(text, " in {:.2} s", findings.elapsed.as_secs_f64());
    if let Some(stopped) = findings.stopped {
        let _ = write!(text, "; {}", stopped.sentence());
    }
    text
}

/// Prints that nothing could be checked, and why. The reason goes to standard
/// error in every format; a format for machines says it there too.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print_error(format: Format, error: &anyhow::Error) -> Result<()> {
    match format {
        Format::Human => Ok(()),
        Format::Json => json::print_error(error),
        Format::Junit => junit::print_error(error),
        Format::Github => github::print_error(error),
    }
}
