//! What is found while a page is read, before it is told.
//!
//! Reading a page finds many things, in whatever order suits the reading. They
//! are kept light here, and become [`Diagnostic`]s, in the order of the page,
//! once all is read.

use std::ops::Range;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Severity};
use crate::place::{Lines, place};

/// A page with more mistakes than this is told of so many only: a page made to
/// be wrong in every byte must not fill the memory with what is said about it.
const MOST_TOLD: usize = 500;

/// Something that is wrong, by its place in the page alone.
#[derive(Debug)]
pub(crate) struct Finding {
    span: Option<Range<usize>>,
    severity: Severity,
    message: String,
    help: Option<String>,
}

impl Finding {
    /// Adds what to do about it.
    pub(crate) fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }

    /// Adds what to do about it, if that is known.
    pub(crate) fn maybe_help(&mut self, help: Option<String>) {
        self.help = help;
    }
}

/// All that was found on one page.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes an error at these bytes of the page.
    pub(crate) fn error(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Finding {
        self.push(Some(span), Severity::Error, message.into())
    }

    /// Notes something odd at these bytes of the page.
    pub(crate) fn warning(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(Some(span), Severity::Warning, message.into())
    }

    /// Notes an error of the page as a whole.
    pub(crate) fn error_of_page(&mut self, message: impl Into<String>) -> &mut Finding {
        self.push(None, Severity::Error, message.into())
    }

    /// Notes what another reader of a part of the page has found.
    pub(crate) fn push(
        &mut self,
        span: Option<Range<usize>>,
        severity: Severity,
        message: String,
    ) -> &mut Finding {
        let at = self.0.len();
        self.0.push(Finding {
            span,
            severity,
            message,
            help: None,
        });
        &mut self.0[at]
    }

    /// Whether nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells what was found in `source`, which `file` holds, in its order.
    pub(crate) fn tell(mut self, file: &Path, source: &str) -> Vec<Diagnostic> {
        if self.0.is_empty() {
            return Vec::new();
        }
        self.0
            .sort_by_key(|finding| finding.span.as_ref().map(|span| (span.start, span.end)));
        let left_out = self.0.split_off(self.0.len().min(MOST_TOLD));

        let lines = Lines::of(source);
        let mut told: Vec<_> = self
            .0
            .into_iter()
            .map(|finding| Diagnostic {
                file: file.to_owned(),
                place: finding.span.map(|span| place(source, &lines, span)),
                severity: finding.severity,
                message: finding.message,
                help: finding.help,
            })
            .collect();
        // A page is as wrong as its worst mistake, told or not.
        if let Some(worst) = left_out.iter().map(|finding| finding.severity).max() {
            told.push(Diagnostic {
                file: file.to_owned(),
                place: None,
                severity: worst,
                message: match left_out.len() {
                    1 => "one more thing is wrong with this file".to_owned(),
                    count => format!("{count} more things are wrong with this file"),
                },
                help: Some(format!("the first {MOST_TOLD} are told")),
            });
        }
        told
    }
}
