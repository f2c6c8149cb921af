//! A run in canonical form: what varies as the page writes it.

use crate::{Comparison, align::Row, write};

pub(crate) fn canonical(comparison: &Comparison<'_>) -> String {
    let page = &comparison.transcript.page;
    let mut text = String::new();
    for row in &comparison.alignment.rows {
        match *row {
            Row::Matched { line, .. } | Row::Elision { line } => text.push_str(page.source(line)),
            Row::Added { actual } => {
                text.push_str(&write::line(comparison.actual(actual), &page.kinds));
            }
            Row::Removed { .. } | Row::Elided { .. } => continue,
        }
        text.push('\n');
    }
    text
}

/// The same lines, in the order in which they came out.
pub(crate) fn spoken(comparison: &Comparison<'_>) -> String {
    let page = &comparison.transcript.page;
    let mut lines: Vec<(u32, Option<u32>)> = comparison
        .alignment
        .rows
        .iter()
        .filter_map(|row| match *row {
            Row::Matched { line, actual } => Some((actual, Some(line))),
            Row::Added { actual } => Some((actual, None)),
            Row::Removed { .. } | Row::Elided { .. } | Row::Elision { .. } => None,
        })
        .collect();
    lines.sort_unstable();
    let mut text = String::new();
    for (actual, line) in lines {
        match line {
            Some(line) => text.push_str(page.source(line)),
            None => text.push_str(&write::line(comparison.actual(actual), &page.kinds)),
        }
        text.push('\n');
    }
    text
}
