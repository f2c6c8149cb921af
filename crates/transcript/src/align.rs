//! Which line of the page is which line of the output.
//!
//! One alignment serves verdict, report and bless, so that they never disagree.
//! It knows what a line's placeholders take, and is as short as can be: the
//! number of lines that differ is the least possible, up to a bound on the work.

mod anchors;
mod blocks;
mod chain;
mod cues;
mod elisions;
mod plain;
mod rehearsal;
mod scene;
mod speakers;

use crate::{
    Order,
    fit::Fitter,
    output::Output,
    page::{Page, What},
};

/// One step of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A line of the page, and the line of the output that fits it.
    Matched { line: u32, actual: u32 },
    /// A line of the page that the output lacks.
    Removed { line: u32 },
    /// A line of the output that the page lacks.
    Added { actual: u32 },
    /// An elision of the page; the lines that it takes follow.
    Elision { line: u32 },
    /// A line of the output that the elision before takes.
    Elided { actual: u32 },
}

impl Row {
    pub(crate) fn differs(self) -> bool {
        matches!(self, Self::Removed { .. } | Self::Added { .. })
    }
}

/// A whole page aligned with a whole output, in the order of the page.
#[derive(Clone, Debug)]
pub(crate) struct Alignment {
    pub(crate) rows: Vec<Row>,
    /// Whether no other alignment differs in fewer lines.
    pub(crate) is_minimal: bool,
}

/// Lines up to so many removed and added ones are aligned as well as can be: a
/// thousand lines that are changed are a thousand removed and a thousand added.
const MOST_DIFFERENCES: usize = 2000;

/// How many pairs of lines are compared, at most, to find the best alignment.
const MOST_WORK: usize = 60_000_000;

/// A line of the page, or an elision, on its way into an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Line(u32),
    Elision(u32),
}

impl Item {
    fn of(page: &Page, line: u32) -> Self {
        match page.line(line).what {
            What::Elision => Self::Elision(line),
            What::Line | What::Impossible => Self::Line(line),
        }
    }

    fn line(self) -> u32 {
        match self {
            Self::Line(line) | Self::Elision(line) => line,
        }
    }

    fn is_elision(self) -> bool {
        matches!(self, Self::Elision(_))
    }
}

/// A page held against an output: what an alignment asks.
struct Held<'c> {
    page: &'c Page,
    output: &'c Output<'c>,
    fitter: Fitter<'c>,
    /// How much work is left before the best alignment is no longer looked for.
    work: usize,
}

impl Held<'_> {
    fn fits(&mut self, item: Item, actual: u32) -> bool {
        match item {
            Item::Line(line) => {
                let fits = self.fitter.fits(line, self.output.line(actual));
                // A search through a long line is as much work as many lines.
                self.work = self.work.saturating_sub(self.fitter.take_effort() / 2);
                fits
            }
            Item::Elision(_) => false,
        }
    }

    /// Counts work.
    fn spend(&mut self, work: usize) -> Result<(), TooMuchWork> {
        self.work = self.work.checked_sub(work).ok_or(TooMuchWork)?;
        Ok(())
    }
}

/// The best alignment has more differences, or takes more work to find, than is
/// allowed.
#[derive(Debug)]
struct TooMuchWork;

/// Aligns a page with an output.
pub(crate) fn align(page: &Page, output: &Output<'_>) -> Alignment {
    let mut held = Held {
        page,
        output,
        fitter: Fitter::new(page),
        work: MOST_WORK,
    };
    match page.order {
        Order::Total => {
            let items: Vec<Item> = (0..page.len()).map(|line| Item::of(page, line)).collect();
            let actual: Vec<u32> = (0..output.len()).collect();
            sequence(&mut held, &items, &actual)
        }
        Order::Speakers => speakers::align(&mut held),
    }
}

/// Aligns lines that come in the order of the page.
fn sequence(held: &mut Held<'_>, items: &[Item], actual: &[u32]) -> Alignment {
    let mut rows = Vec::with_capacity(items.len().max(actual.len()));
    let is_minimal = align_into(held, items, actual, &mut rows);
    Alignment { rows, is_minimal }
}

/// Appends the alignment of these lines; says whether it is the least possible.
///
/// Lines at either end that fit each other are taken as they are: an alignment
/// that does otherwise can be changed to do so without a further difference.
/// Behind an elision that does not hold, so it ends where one begins.
fn align_into(held: &mut Held<'_>, items: &[Item], actual: &[u32], rows: &mut Vec<Row>) -> bool {
    let mut first = 0;
    while first < items.len().min(actual.len()) && held.fits(items[first], actual[first]) {
        rows.push(Row::Matched {
            line: items[first].line(),
            actual: actual[first],
        });
        first += 1;
    }
    let (items, actual) = (&items[first..], &actual[first..]);
    let mut tail = 0;
    while tail < items.len().min(actual.len())
        && held.fits(
            items[items.len() - 1 - tail],
            actual[actual.len() - 1 - tail],
        )
    {
        tail += 1;
    }
    let (items, last_items) = items.split_at(items.len() - tail);
    let (actual, last_actual) = actual.split_at(actual.len() - tail);
    let is_minimal = align_middle(held, items, actual, rows);
    rows.extend(
        last_items
            .iter()
            .zip(last_actual)
            .map(|(item, actual)| Row::Matched {
                line: item.line(),
                actual: *actual,
            }),
    );
    is_minimal
}

fn align_middle(held: &mut Held<'_>, items: &[Item], actual: &[u32], rows: &mut Vec<Row>) -> bool {
    let start = rows.len();
    let found = if items.iter().any(|item| item.is_elision()) {
        elisions::align(held, items, actual, rows)
    } else {
        plain::align(held, items, actual, rows)
    };
    if found.is_ok() {
        return true;
    }
    rows.truncate(start);
    anchors::align(held, items, actual, rows);
    false
}
