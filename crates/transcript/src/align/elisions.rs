//! The shortest alignment of lines with elisions.
//!
//! Between two elisions stands a *stretch* of lines, which may begin anywhere
//! behind the stretch before it. So all that counts of the stretches so far is:
//! with so many differences, how early can they end? That is found stretch by
//! stretch, with Sellers' algorithm (*The Theory and Computation of
//! Evolutionary Distances: Pattern Recognition*, 1980) cut off at the number of
//! differences allowed (Ukkonen, *Finding approximate patterns in strings*,
//! 1985); and that number is doubled until it is enough.

use super::{Held, Item, MOST_DIFFERENCES, Row, TooMuchWork, align_into};

/// Aligns lines, some of which are elisions.
pub(super) fn align(
    held: &mut Held<'_>,
    items: &[Item],
    actual: &[u32],
    rows: &mut Vec<Row>,
) -> Result<(), TooMuchWork> {
    let stretches: Vec<&[Item]> = items.split(|item| item.is_elision()).collect();
    let elisions: Vec<u32> = items
        .iter()
        .filter(|item| item.is_elision())
        .map(|item| item.line())
        .collect();
    if let Some(ways) = exact(held, &stretches, actual) {
        write(held, &stretches, &elisions, actual, &ways, rows);
        return Ok(());
    }
    let enough = items.len() + actual.len();
    let mut allowed = 1;
    loop {
        if let Some(ways) = find(held, &stretches, actual, allowed)? {
            write(held, &stretches, &elisions, actual, &ways, rows);
            return Ok(());
        }
        if allowed >= enough.min(MOST_DIFFERENCES) {
            return Err(TooMuchWork);
        }
        allowed *= 2;
    }
}

/// The ways of an alignment without differences, which decides the verdict:
/// each stretch at the first place where it fits, and the last at the end.
fn exact(held: &mut Held<'_>, stretches: &[&[Item]], actual: &[u32]) -> Option<Vec<Way>> {
    let mut ways = Vec::with_capacity(stretches.len());
    let mut end = 0;
    for (nth, stretch) in stretches.iter().enumerate() {
        let latest = actual.len().checked_sub(stretch.len())?;
        let is_last = nth + 1 == stretches.len();
        let starts = match nth {
            0 => 0..=0,
            _ if is_last => latest.max(end)..=latest,
            _ => end..=latest,
        };
        let fits = |start: &usize| {
            stretch
                .iter()
                .zip(&actual[*start..])
                .all(|(item, actual)| held.fits(*item, *actual))
        };
        let start = starts.into_iter().find(fits)?;
        end = start + stretch.len();
        ways.push(Way {
            start,
            end,
            before: 0,
        });
    }
    (end <= actual.len()).then_some(ways)
}

/// Where a stretch lies in the output, and how many differences led there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    start: usize,
    end: usize,
    /// Differences before the stretch.
    before: usize,
}

/// For each number of differences the way that ends earliest, if there is one.
type Ways = Vec<Option<Way>>;

/// The ways of the best alignment, stretch by stretch; `None` where it has
/// more differences than allowed.
fn find(
    held: &mut Held<'_>,
    stretches: &[&[Item]],
    actual: &[u32],
    allowed: usize,
) -> Result<Option<Vec<Way>>, TooMuchWork> {
    let mut tables: Vec<Ways> = Vec::with_capacity(stretches.len());
    for (nth, stretch) in stretches.iter().enumerate() {
        let pass = Pass {
            stretch,
            actual,
            before: tables.last(),
            allowed,
            is_last: nth + 1 == stretches.len(),
        };
        let ways = pass.run(held)?;
        if ways.iter().all(Option::is_none) {
            return Ok(None);
        }
        tables.push(ways);
    }
    Ok(trace(&tables))
}

fn trace(tables: &[Ways]) -> Option<Vec<Way>> {
    let mut differences = tables.last()?.iter().position(Option::is_some)?;
    let mut ways = Vec::with_capacity(tables.len());
    for table in tables.iter().rev() {
        let way = table[differences]?;
        differences = way.before;
        ways.push(way);
    }
    ways.reverse();
    Some(ways)
}

/// One stretch, held against all of the output that it may lie in.
struct Pass<'s> {
    stretch: &'s [Item],
    actual: &'s [u32],
    /// What is known of the stretch before; `None` for the first, which begins
    /// where the output does.
    before: Option<&'s Ways>,
    allowed: usize,
    /// Whether it has to end where the output does.
    is_last: bool,
}

/// A number of lines of the stretch aligned up to some line of the output.
#[derive(Clone, Copy)]
struct Cell {
    differences: usize,
    start: usize,
    before: usize,
}

impl Cell {
    const NONE: Self = Self {
        differences: usize::MAX,
        start: 0,
        before: 0,
    };

    fn and_one_more(self) -> Self {
        Self {
            differences: self.differences.saturating_add(1),
            ..self
        }
    }

    fn better(self, other: Self) -> Self {
        if other.differences < self.differences {
            other
        } else {
            self
        }
    }
}

impl Pass<'_> {
    fn run(&self, held: &mut Held<'_>) -> Result<Ways, TooMuchWork> {
        let mut ways = vec![None; self.allowed + 1];
        let (from, fewest) = self.from();
        let mut column = Column {
            cells: vec![Cell::NONE; self.stretch.len() + 1],
            reach: 0,
        };
        for at in from..=self.actual.len() {
            let work = self.step(held, &mut column, at, at > from);
            held.spend(work)?;
            let last = column.cells[self.stretch.len()];
            if last.differences <= self.allowed && (!self.is_last || at == self.actual.len()) {
                note(&mut ways, last, at);
            }
            let is_settled = !self.is_last && ways[fewest].is_some();
            let is_over = self.before.is_none()
                && column.cells[..=column.reach]
                    .iter()
                    .all(|cell| cell.differences > self.allowed);
            if is_settled || is_over {
                break;
            }
        }
        Ok(ways)
    }

    /// The first line of the output that counts, and the fewest differences so far.
    fn from(&self) -> (usize, usize) {
        let Some(before) = self.before else {
            return (0, 0);
        };
        let ends = || {
            before
                .iter()
                .enumerate()
                .filter_map(|(differences, way)| way.map(|way| (way.end, differences)))
        };
        let earliest = ends().map(|(end, _)| end).min().unwrap_or(0);
        let fewest = ends()
            .map(|(_, differences)| differences)
            .min()
            .unwrap_or(0);
        let reach = self.stretch.len() + self.allowed;
        let from = if self.is_last {
            earliest.max(self.actual.len().saturating_sub(reach))
        } else {
            earliest
        };
        (from, fewest)
    }

    /// The best way to begin the stretch at this line.
    fn beginning(&self, at: usize) -> Cell {
        let Some(before) = self.before else {
            return Cell {
                differences: at,
                start: 0,
                before: 0,
            };
        };
        // Ways end earlier the more differences they have had.
        let fewest = before.partition_point(|way| way.is_none_or(|way| way.end > at));
        if fewest == before.len() {
            return Cell::NONE;
        }
        Cell {
            differences: fewest,
            start: at,
            before: fewest,
        }
    }

    /// Takes one more line of the output; gives the work that it was.
    fn step(&self, held: &mut Held<'_>, column: &mut Column, at: usize, has_line: bool) -> usize {
        let cells = &mut column.cells;
        let mut work = 1;
        let mut diagonal = cells[0];
        let mut reach = 0;
        cells[0] = self.beginning(at);
        for lines in 1..cells.len() {
            if lines > column.reach + 1 && cells[lines - 1].differences >= self.allowed {
                break;
            }
            let above = cells[lines];
            let mut best = cells[lines - 1].and_one_more();
            if has_line {
                best = above.and_one_more().better(best);
                work += 1;
                if diagonal.differences <= self.allowed
                    && held.fits(self.stretch[lines - 1], self.actual[at - 1])
                {
                    best = diagonal;
                }
            }
            diagonal = above;
            cells[lines] = Cell::NONE;
            if best.differences <= self.allowed {
                cells[lines] = best;
                reach = lines;
            }
        }
        column.reach = reach;
        work
    }
}

/// The cells of one line of the output, for the stretch's first lines: none,
/// one, two and so on.
struct Column {
    cells: Vec<Cell>,
    /// The last cell that counts.
    reach: usize,
}

/// Notes a way for every number of differences for which it is the first.
fn note(ways: &mut Ways, cell: Cell, end: usize) {
    for way in &mut ways[cell.differences..] {
        if way.is_some() {
            break;
        }
        *way = Some(Way {
            start: cell.start,
            end,
            before: cell.before,
        });
    }
}

fn write(
    held: &mut Held<'_>,
    stretches: &[&[Item]],
    elisions: &[u32],
    actual: &[u32],
    ways: &[Way],
    rows: &mut Vec<Row>,
) {
    let mut end = 0;
    for (nth, (stretch, way)) in stretches.iter().zip(ways).enumerate() {
        if let Some(elision) = nth.checked_sub(1).and_then(|before| elisions.get(before)) {
            rows.push(Row::Elision { line: *elision });
            rows.extend(
                actual[end..way.start]
                    .iter()
                    .map(|actual| Row::Elided { actual: *actual }),
            );
        }
        align_into(held, stretch, &actual[way.start..way.end], rows);
        end = way.end;
    }
}
