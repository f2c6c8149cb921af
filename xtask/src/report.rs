//! The formats of a report, one module each. They read [`Findings`] and print.

mod human;
mod json;

use anyhow::Result;

use crate::{cli::Format, verdict::Findings};

/// Prints what a check found, in the format that was asked for.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(format: Format, findings: &Findings) -> Result<()> {
    match format {
        Format::Human => human::print(findings),
        Format::Json => json::print(findings),
    }
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
    }
}
