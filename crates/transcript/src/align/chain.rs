//! The shortest alignment of scenes and cues.
//!
//! Block by block: with how many differences can the blocks so far have taken
//! how many lines of the output? Only numbers up to a bound are kept, and the
//! bound is doubled until it is enough, so that few differences are found fast.

mod hearing;

use std::ops::Range;

use super::{
    MOST_DIFFERENCES, Row, TooMuchWork,
    blocks::{Block, Scene},
    speakers::Stage,
};

use self::hearing::Hearing;

/// Aligns these blocks with these lines of the output, and says whether each
/// scene's alignment is the least.
pub(super) fn align(
    stage: &mut Stage<'_, '_>,
    blocks: Range<usize>,
    actual: Range<u32>,
    rows: &mut Vec<Row>,
) -> Result<bool, TooMuchWork> {
    let all = stage.blocks;
    if let [Block::Scene(scene)] = &all[blocks.clone()] {
        let played = stage.cast.play(stage.held, scene, stage.voices, actual);
        rows.extend(played.rows);
        return Ok(played.is_minimal);
    }
    let lines = stage.held.page.lines.len();
    let enough = (lines + actual.len()).min(MOST_DIFFERENCES);
    let mut allowed = 1;
    loop {
        if let Some(steps) = Chain::new(stage, &blocks, &actual, allowed).run()? {
            return Ok(write(stage, &blocks, &steps, rows));
        }
        if allowed >= enough {
            return Err(TooMuchWork);
        }
        allowed *= 2;
    }
}

/// So many lines of the output taken, with so many differences.
#[derive(Clone, Copy, Debug)]
struct Cell {
    differences: usize,
    /// Where the block began that ends here; `None` for a line of the output
    /// that no block takes.
    from: Option<u32>,
}

/// The cells between two blocks, by the line of the output; only the stretch
/// that has some.
struct Front {
    first: usize,
    cells: Vec<Option<Cell>>,
    allowed: usize,
}

impl Front {
    fn new(first: usize, allowed: usize) -> Self {
        Self {
            first,
            cells: Vec::new(),
            allowed,
        }
    }

    fn get(&self, at: usize) -> Option<Cell> {
        self.cells
            .get(at.checked_sub(self.first)?)
            .copied()
            .flatten()
    }

    fn offer(&mut self, at: usize, differences: usize, from: Option<u32>) {
        let place = at - self.first;
        if differences > self.allowed
            || self
                .get(at)
                .is_some_and(|cell| cell.differences <= differences)
        {
            return;
        }
        if place >= self.cells.len() {
            self.cells.resize(place + 1, None);
        }
        self.cells[place] = Some(Cell { differences, from });
    }

    /// A line of the output may stand between two blocks, as a difference.
    fn add_lines(&mut self, len: usize) {
        let mut at = self.first;
        while at < len && at < self.first + self.cells.len() {
            if let Some(cell) = self.get(at) {
                self.offer(at + 1, cell.differences + 1, None);
            }
            at += 1;
        }
        let empty = self.cells.iter().take_while(|cell| cell.is_none()).count();
        self.cells.drain(..empty);
        self.first += empty;
    }

    fn iter(&self) -> impl Iterator<Item = (usize, Cell)> {
        (self.first..)
            .zip(&self.cells)
            .filter_map(|(at, cell)| cell.map(|cell| (at, cell)))
    }
}

struct Chain<'s, 'h, 'c> {
    stage: &'s mut Stage<'h, 'c>,
    blocks: &'s [Block],
    actual: &'s Range<u32>,
    allowed: usize,
}

/// What a block takes of the output, and what stands unclaimed after it.
struct Step {
    taken: Range<u32>,
    added: Range<u32>,
}

impl<'s, 'h, 'c> Chain<'s, 'h, 'c> {
    fn new(
        stage: &'s mut Stage<'h, 'c>,
        blocks: &Range<usize>,
        actual: &'s Range<u32>,
        allowed: usize,
    ) -> Self {
        let all = stage.blocks;
        Self {
            blocks: &all[blocks.clone()],
            stage,
            actual,
            allowed,
        }
    }

    /// The steps of the best alignment; `None` where it has more
    /// differences than allowed. The first step takes nothing.
    fn run(mut self) -> Result<Option<Vec<Step>>, TooMuchWork> {
        let len = self.actual.len();
        let mut first = Front::new(0, self.allowed);
        first.offer(0, 0, Some(self.actual.start));
        first.add_lines(len);
        let mut fronts = Vec::with_capacity(self.blocks.len() + 1);
        let mut before = first;
        for block in self.blocks {
            self.stage.held.spend(before.cells.len() * 4)?;
            let mut after = match block {
                Block::Cue(line) => self.cue(*line, &before),
                Block::Elision(_) => self.elision(&before),
                Block::Scene(scene) => self.scene(scene, &before)?,
            };
            after.add_lines(len);
            if after.cells.is_empty() {
                return Ok(None);
            }
            fronts.push(before);
            before = after;
        }
        fronts.push(before);
        Ok(self.trace(&fronts))
    }

    fn line(&self, at: usize) -> u32 {
        self.actual.start + u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn cue(&mut self, line: u32, before: &Front) -> Front {
        let mut after = Front::new(before.first, self.allowed);
        for (at, cell) in before.iter() {
            let here = self.line(at);
            after.offer(at, cell.differences + 1, Some(here));
            if at < self.actual.len() && self.stage.fits_cue(line, here) {
                after.offer(at + 1, cell.differences, Some(here));
            }
        }
        after
    }

    fn elision(&self, before: &Front) -> Front {
        let mut after = Front::new(before.first, self.allowed);
        let mut best: Option<(usize, u32)> = None;
        for at in before.first..=self.actual.len() {
            let cell = before.get(at);
            if let Some(cell) = cell
                .filter(|cell| best.is_none_or(|(differences, _)| cell.differences < differences))
            {
                best = Some((cell.differences, self.line(at)));
            }
            if let Some((differences, from)) = best {
                after.offer(at, differences, Some(from));
            }
        }
        after
    }

    fn scene(&mut self, scene: &Scene, before: &Front) -> Result<Front, TooMuchWork> {
        let mut after = Front::new(before.first, self.allowed);
        for (at, cell) in before.iter() {
            // A scene that begins behind an added line may as well hold it.
            if cell.from.is_none() {
                continue;
            }
            let from = self.line(at);
            let left = self.allowed - cell.differences;
            let mut hearing = Hearing::new(self.stage.held, scene, left);
            for end in at..=self.actual.len() {
                if end > at {
                    let line = self.line(end - 1);
                    let voice = self.stage.voices[line as usize];
                    let work = hearing.hear(self.stage.held, voice, line);
                    self.stage.held.spend(work)?;
                }
                if hearing.least() > left {
                    break;
                }
                after.offer(
                    end,
                    cell.differences.saturating_add(hearing.differences()),
                    Some(from),
                );
            }
        }
        Ok(after)
    }

    fn trace(&self, fronts: &[Front]) -> Option<Vec<Step>> {
        let mut steps = Vec::with_capacity(fronts.len());
        let mut at = self.actual.len();
        for front in fronts.iter().rev() {
            let end = at;
            let mut cell = front.get(at)?;
            while cell.from.is_none() {
                at -= 1;
                cell = front.get(at)?;
            }
            let from = cell.from?;
            steps.push(Step {
                taken: from..self.line(at),
                added: self.line(at)..self.line(end),
            });
            at = (from - self.actual.start) as usize;
        }
        steps.reverse();
        Some(steps)
    }
}

fn write(
    stage: &mut Stage<'_, '_>,
    blocks: &Range<usize>,
    steps: &[Step],
    rows: &mut Vec<Row>,
) -> bool {
    let all = stage.blocks;
    let mut is_minimal = true;
    let added = |range: Range<u32>, rows: &mut Vec<Row>| {
        rows.extend(range.map(|actual| Row::Added { actual }));
    };
    for (nth, step) in steps.iter().enumerate() {
        let block = nth.checked_sub(1).map(|before| &all[blocks.start + before]);
        match block {
            None => {}
            Some(Block::Cue(line)) if step.taken.is_empty() => {
                rows.push(Row::Removed { line: *line });
            }
            Some(Block::Cue(line)) => rows.push(Row::Matched {
                line: *line,
                actual: step.taken.start,
            }),
            Some(Block::Elision(line)) => {
                rows.push(Row::Elision { line: *line });
                rows.extend(step.taken.clone().map(|actual| Row::Elided { actual }));
            }
            Some(Block::Scene(scene)) => {
                let played = stage
                    .cast
                    .play(stage.held, scene, stage.voices, step.taken.clone());
                is_minimal &= played.is_minimal;
                rows.extend(played.rows);
            }
        }
        added(step.added.clone(), rows);
    }
    is_minimal
}
