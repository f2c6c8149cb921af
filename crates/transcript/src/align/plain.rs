//! The shortest alignment of lines without elisions.
//!
//! Eugene W. Myers, *An O(ND) Difference Algorithm and Its Variations*, 1986.
//! It asks of two lines only whether they fit, so a line with placeholders is a
//! line like any other.

use super::{Held, Item, MOST_DIFFERENCES, Row, TooMuchWork};

/// Aligns lines that are no elisions.
pub(super) fn align(
    held: &mut Held<'_>,
    items: &[Item],
    actual: &[u32],
    rows: &mut Vec<Row>,
) -> Result<(), TooMuchWork> {
    let mut search = Search {
        items,
        actual,
        // One diagonal beyond each end is read, never written.
        furthest: vec![
            None;
            items.len().min(MOST_DIFFERENCES) + actual.len().min(MOST_DIFFERENCES) + 3
        ],
        origin: actual.len().min(MOST_DIFFERENCES) + 1,
        history: Vec::new(),
    };
    for differences in 0..=MOST_DIFFERENCES {
        if search.advance(held, differences)? {
            search.trace(differences, rows);
            return Ok(());
        }
    }
    Err(TooMuchWork)
}

/// Diagonals are numbered by how many lines of the page they are ahead of the
/// output; on each we know how many lines of the page it has got through.
struct Search<'s> {
    items: &'s [Item],
    actual: &'s [u32],
    furthest: Vec<Option<usize>>,
    /// The place of diagonal 0 in `furthest`.
    origin: usize,
    /// What each round left on its diagonals, from the lowest.
    history: Vec<Round>,
}

struct Round {
    lowest: usize,
    reached: Vec<Option<usize>>,
}

/// How a diagonal is entered: behind which line, page and output.
#[derive(Clone, Copy)]
enum Entry {
    Removed(usize),
    Added(usize),
}

impl Entry {
    fn lines(self) -> usize {
        match self {
            Self::Removed(lines) | Self::Added(lines) => lines,
        }
    }
}

impl Search<'_> {
    /// Goes as far as this many differences lead; says whether that is the end.
    fn advance(&mut self, held: &mut Held<'_>, differences: usize) -> Result<bool, TooMuchWork> {
        let lowest = self.origin - differences.min(self.actual.len());
        let highest = self.origin + differences.min(self.items.len());
        let first = lowest + (self.origin + differences - lowest) % 2;
        let mut reached = Vec::with_capacity((highest - first) / 2 + 1);
        let mut arrived = false;
        for diagonal in (first..=highest).step_by(2) {
            let start = if differences == 0 {
                Some(0)
            } else {
                self.entry(diagonal, |place| self.furthest[place])
                    .map(Entry::lines)
            };
            let end = start.map(|start| self.slide(held, diagonal, start));
            if let (Some(start), Some(end)) = (start, end) {
                held.spend(end - start + 1)?;
                if end == self.items.len() && self.behind(diagonal, end) == Some(self.actual.len())
                {
                    arrived = true;
                }
            }
            self.furthest[diagonal] = end;
            reached.push(end);
            if arrived {
                break;
            }
        }
        self.history.push(Round {
            lowest: first,
            reached,
        });
        Ok(arrived)
    }

    /// How many lines of the output a diagonal has got through with so many of the page.
    fn behind(&self, diagonal: usize, lines: usize) -> Option<usize> {
        (lines + self.origin).checked_sub(diagonal)
    }

    /// The best way onto a diagonal from its neighbours.
    fn entry(&self, diagonal: usize, furthest: impl Fn(usize) -> Option<usize>) -> Option<Entry> {
        let removed = furthest(diagonal - 1)
            .map(|lines| lines + 1)
            .filter(|lines| *lines <= self.items.len());
        let added = furthest(diagonal + 1).filter(|lines| {
            self.behind(diagonal, *lines)
                .is_some_and(|behind| behind <= self.actual.len())
        });
        match (removed, added) {
            (Some(removed), Some(added)) if added >= removed => Some(Entry::Added(added)),
            (Some(removed), _) => Some(Entry::Removed(removed)),
            (None, added) => added.map(Entry::Added),
        }
    }

    fn slide(&self, held: &mut Held<'_>, diagonal: usize, mut lines: usize) -> usize {
        while let (Some(item), Some(actual)) = (
            self.items.get(lines),
            self.behind(diagonal, lines)
                .and_then(|behind| self.actual.get(behind)),
        ) {
            if !held.fits(*item, *actual) {
                break;
            }
            lines += 1;
        }
        lines
    }

    /// Writes down the way that led to the end with so many differences.
    fn trace(&self, differences: usize, rows: &mut Vec<Row>) {
        let start = rows.len();
        let (mut lines, mut behind) = (self.items.len(), self.actual.len());
        for round in (0..=differences).rev() {
            let diagonal = lines + self.origin - behind;
            let entry = round.checked_sub(1).and_then(|before| {
                let before = &self.history[before];
                self.entry(diagonal, |place| {
                    let at = place.checked_sub(before.lowest).filter(|at| at % 2 == 0)?;
                    before.reached.get(at / 2).copied().flatten()
                })
            });
            let entered = entry.map_or(0, Entry::lines);
            while lines > entered {
                (lines, behind) = (lines - 1, behind - 1);
                rows.push(Row::Matched {
                    line: self.items[lines].line(),
                    actual: self.actual[behind],
                });
            }
            match entry {
                Some(Entry::Removed(_)) => {
                    lines -= 1;
                    rows.push(Row::Removed {
                        line: self.items[lines].line(),
                    });
                }
                Some(Entry::Added(_)) => {
                    behind -= 1;
                    rows.push(Row::Added {
                        actual: self.actual[behind],
                    });
                }
                None => {}
            }
        }
        rows[start..].reverse();
    }
}
