//! A run in canonical form: what varies as the page writes it.

use crate::{Comparison, align::Row, write};

pub(crate) fn canonical(comparison: &Comparison<'_>) -> String {
    let page = &comparison.transcript.page;
    let mut text = String::new();
    for row in &comparison.alignment.rows {
        match *row {
            Row::Matched { line, .. } | Row::Elision { line } => text.push_str(page.source(line)),
            Row::Added { actual } => {
                text.push_str(&write::line(comparison.actual(actual), &page.kinds))
            }
            Row::Removed { .. } | Row::Elided { .. } => continue,
        }
        text.push('\n');
    }
    text
}
