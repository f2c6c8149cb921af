//! The rows of an alignment as entries of a report: what stands on one line.

use crate::{align::Row, page::Page};

/// One entry of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A line that matched.
    Same { line: u32, actual: u32 },
    /// An elision, with the first line that it takes, and how many it takes.
    Elision { line: u32, first: u32, count: u32 },
    /// A line of the page that the output lacks.
    Removed { line: u32 },
    /// A line of the output that the page lacks.
    Added { actual: u32 },
}

impl Entry {
    pub(super) fn differs(self) -> bool {
        matches!(self, Self::Removed { .. } | Self::Added { .. })
    }
}

/// The entries of these rows, in their order.
pub(super) fn entries(rows: &[Row]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(match *row {
            Row::Matched { line, actual } => Entry::Same { line, actual },
            Row::Removed { line } => Entry::Removed { line },
            Row::Added { actual } => Entry::Added { actual },
            Row::Elision { line } => Entry::Elision {
                line,
                first: 0,
                count: 0,
            },
            Row::Elided { actual } => {
                if let Some(Entry::Elision { first, count, .. }) = entries.last_mut() {
                    *first = if *count == 0 { actual } else { *first };
                    *count += 1;
                }
                continue;
            }
        });
    }
    entries
}

/// The line of the page that this entry is, if nobody speaks it.
pub(super) fn cue(page: &Page, entry: Entry) -> Option<u32> {
    match entry {
        Entry::Same { line, .. } | Entry::Removed { line } | Entry::Elision { line, .. } => {
            page.line(line).speaker.is_none().then_some(line)
        }
        Entry::Added { .. } => None,
    }
}
