//! What differs, told for people.

use std::fmt;

use crate::{Comparison, align::Row, write};

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

pub(crate) fn report(comparison: &Comparison<'_>, header: &ReportHeader<'_>) -> Report {
    let mut text = format!(
        "{} does not print what {}:{} promises\n",
        header.program, header.page, header.first_line
    );
    for row in &comparison.alignment.rows {
        let page = &comparison.transcript.page;
        match *row {
            Row::Matched { actual, .. } => {
                text += &format!(
                    "  {}\n",
                    write::visible(&write::readable(comparison.actual(actual)))
                )
            }
            Row::Removed { line } => text += &format!("- {}\n", write::visible(page.source(line))),
            Row::Added { actual } => {
                text += &format!(
                    "+ {}\n",
                    write::visible(&write::readable(comparison.actual(actual)))
                )
            }
            Row::Elision { line } => text += &format!("  {}\n", page.source(line)),
            Row::Elided { .. } => {}
        }
    }
    for broken in comparison.broken_names(header) {
        text += &broken.to_string();
    }
    Report(text)
}
