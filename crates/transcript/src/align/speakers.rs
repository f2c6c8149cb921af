//! The alignment where each speaker has an order of its own.
//!
//! First the exact one, in one pass: it decides the verdict. Where there is
//! none, what fits at either end is taken as it is, and the shortest alignment
//! is looked for in between.

use std::ops::Range;

use super::{
    Alignment, Held, Item, Row,
    blocks::{Block, Scene, Voice, blocks, voices},
    chain, cues,
    rehearsal::Rehearsal,
    scene::Cast,
};

/// A page of speakers held against an output.
pub(super) struct Stage<'s, 'c> {
    pub(super) held: &'s mut Held<'c>,
    pub(super) blocks: &'s [Block],
    pub(super) voices: &'s [Voice],
    /// For each line of the output, and the end, the next one that nobody speaks.
    pub(super) next_cue: Vec<u32>,
    pub(super) cast: Cast,
}

/// Where a pass through blocks and output has come.
#[derive(Clone, Copy)]
struct Progress {
    blocks: usize,
    actual: u32,
    rows: usize,
}

pub(super) fn align(held: &mut Held<'_>) -> Alignment {
    let blocks = blocks(held.page);
    let voices = voices(held);
    let mut stage = Stage {
        next_cue: next_cues(&voices),
        cast: Cast::new(held.page.speakers.len()),
        blocks: &blocks,
        voices: &voices,
        held,
    };
    let mut rows = Vec::new();
    let sure = match stage.exact(&mut rows) {
        Ok(()) => {
            return Alignment {
                rows,
                is_minimal: true,
            };
        }
        Err(sure) => sure,
    };
    rows.truncate(sure.rows);
    let mut last_rows = Vec::new();
    let (last_block, last_actual) = stage.exact_tail(sure, &mut last_rows);
    let (blocks, actual) = (sure.blocks..last_block, sure.actual..last_actual);
    let start = rows.len();
    let is_minimal = chain::align(&mut stage, blocks.clone(), actual.clone(), &mut rows)
        .unwrap_or_else(|_| {
            rows.truncate(start);
            cues::align(&mut stage, blocks, actual, &mut rows);
            false
        });
    rows.extend(last_rows);
    Alignment { rows, is_minimal }
}

fn next_cues(voices: &[Voice]) -> Vec<u32> {
    let mut next = u32::try_from(voices.len()).unwrap_or(u32::MAX);
    let mut cues = vec![next; voices.len() + 1];
    for (at, voice) in (0..next).zip(voices).rev() {
        if *voice == Voice::None {
            next = at;
        }
        cues[at as usize] = next;
    }
    cues
}

impl Stage<'_, '_> {
    pub(super) fn end(&self) -> u32 {
        u32::try_from(self.voices.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn fits_cue(&mut self, line: u32, actual: u32) -> bool {
        self.next_cue[actual as usize] == actual
            && actual < self.end()
            && self.held.fits(Item::of(self.held.page, line), actual)
    }

    /// Aligns all blocks without a difference. Where that cannot be, says how
    /// far it came before the first block that leaves lines out: up to there no
    /// alignment is better.
    fn exact(&mut self, rows: &mut Vec<Row>) -> Result<(), Progress> {
        let mut sure = Progress {
            blocks: 0,
            actual: 0,
            rows: 0,
        };
        let mut stretches = self
            .blocks
            .split(|block| matches!(block, Block::Elision(_)))
            .enumerate()
            .peekable();
        let (mut first_block, mut actual) = (0, 0);
        while let Some((nth, stretch)) = stretches.next() {
            let blocks = first_block..first_block + stretch.len();
            let must_end = stretches.peek().is_none();
            actual = if nth == 0 {
                self.exact_stretch(&blocks, 0, must_end, rows, Some(&mut sure))
                    .ok_or(sure)?
            } else {
                self.exact_after_elision(&blocks, actual, must_end, rows)
                    .ok_or(sure)?
            };
            first_block = blocks.end + 1;
        }
        Ok(())
    }

    /// The first place at which the blocks between two elisions fit.
    fn exact_after_elision(
        &mut self,
        blocks: &Range<usize>,
        from: u32,
        must_end: bool,
        rows: &mut Vec<Row>,
    ) -> Option<u32> {
        if let Some(Block::Elision(line)) = self.blocks.get(blocks.start - 1) {
            rows.push(Row::Elision { line: *line });
        }
        let elided = rows.len();
        if blocks.is_empty() {
            let end = if must_end { self.end() } else { from };
            rows.extend((from..end).map(|actual| Row::Elided { actual }));
            return Some(end);
        }
        let mut start = from;
        while start <= self.end() {
            start = self.next_start(blocks, start)?;
            rows.truncate(elided);
            rows.extend((from..start).map(|actual| Row::Elided { actual }));
            if let Some(end) = self.exact_stretch(blocks, start, must_end, rows, None) {
                return Some(end);
            }
            start = self.start_after(blocks, start);
        }
        None
    }

    /// Where to try again after blocks that do not fit from `start` on.
    fn start_after(&mut self, blocks: &Range<usize>, start: u32) -> u32 {
        let all = self.blocks;
        if let Block::Scene(scene) = &all[blocks.start]
            && scene.elides
        {
            let rehearsal = Rehearsal::new(self.held.page, scene);
            if rehearsal.begins_with_elisions() {
                // To begin later leaves more to the elision before, and helps
                // nothing: what the scene elides could have taken those lines.
                let ends = |actual: &u32| !rehearsal.knows(self.voices[*actual as usize]);
                return (start..self.end())
                    .find(ends)
                    .unwrap_or(self.end())
                    .max(start + 1);
            }
        }
        start + 1
    }

    /// The next place at which these blocks may begin, by a quick look.
    fn next_start(&mut self, blocks: &Range<usize>, mut start: u32) -> Option<u32> {
        let all = self.blocks;
        match &all[blocks.start] {
            Block::Cue(line) => (start..self.end()).find(|actual| self.fits_cue(*line, *actual)),
            Block::Scene(scene) if !scene.elides && blocks.len() > 1 => {
                // The scene goes on to its cue, so its length says where it begins.
                let len = u32::try_from(scene.lines.len()).ok()?;
                loop {
                    let cue = self.next_cue[start as usize];
                    if cue >= self.end() {
                        return None;
                    }
                    if cue - start >= len {
                        return Some(cue - len);
                    }
                    start = cue + 1;
                }
            }
            Block::Scene(scene) if !scene.elides => {
                let fits = |stage: &mut Self, actual: &u32| stage.begins_scene(scene, *actual);
                (start..self.end()).find(|actual| fits(self, actual))
            }
            Block::Scene(_) | Block::Elision(_) => Some(start),
        }
    }

    /// Whether a scene that leaves nothing out may begin with this line.
    fn begins_scene(&mut self, scene: &Scene, actual: u32) -> bool {
        let Voice::Speaker(speaker) = self.voices[actual as usize] else {
            return false;
        };
        let first = scene.items(self.held.page).find(|(who, _)| *who == speaker);
        first.is_some_and(|(_, item)| self.held.fits(item, actual))
    }

    /// Aligns blocks without elisions between them; gives where they end.
    fn exact_stretch(
        &mut self,
        blocks: &Range<usize>,
        from: u32,
        must_end: bool,
        rows: &mut Vec<Row>,
        mut sure: Option<&mut Progress>,
    ) -> Option<u32> {
        let mut actual = from;
        let all = self.blocks;
        for at in blocks.clone() {
            let is_last = at + 1 == blocks.end;
            match &all[at] {
                Block::Cue(line) => {
                    if !self.fits_cue(*line, actual) {
                        return None;
                    }
                    rows.push(Row::Matched {
                        line: *line,
                        actual,
                    });
                    actual += 1;
                }
                Block::Scene(scene) => {
                    let end = match (is_last, must_end) {
                        (true, true) => self.end(),
                        (true, false) => self.shortest_scene(scene, actual)?,
                        (false, _) => self.next_cue[actual as usize],
                    };
                    self.exact_scene(scene, actual..end, rows)?;
                    actual = end;
                    if scene.elides {
                        sure = None;
                    }
                }
                Block::Elision(_) => return None,
            }
            // A scene before an elision may be longer in a better alignment.
            if let Some(sure) = sure.as_deref_mut().filter(|_| !is_last || must_end) {
                *sure = Progress {
                    blocks: at + 1,
                    actual,
                    rows: rows.len(),
                };
            }
        }
        (!must_end || actual == self.end()).then_some(actual)
    }

    /// Aligns a scene with these lines, if there is no difference.
    fn exact_scene(
        &mut self,
        scene: &Scene,
        actual: Range<u32>,
        rows: &mut Vec<Row>,
    ) -> Option<()> {
        if !scene.elides {
            rows.extend(
                self.cast
                    .play_exactly(self.held, scene, self.voices, actual)?,
            );
            return Some(());
        }
        if actual.len() < scene.len(self.held.page) {
            return None;
        }
        let played = self.cast.play(self.held, scene, self.voices, actual);
        if !played.is_exact() {
            return None;
        }
        rows.extend(played.rows);
        Some(())
    }

    /// The first end of a scene that an elision follows.
    fn shortest_scene(&mut self, scene: &Scene, from: u32) -> Option<u32> {
        let cue = self.next_cue[from as usize];
        if !scene.elides {
            let len = u32::try_from(scene.lines.len()).ok()?;
            return from.checked_add(len).filter(|end| *end <= cue);
        }
        let mut rehearsal = Rehearsal::new(self.held.page, scene);
        for end in from..cue {
            if rehearsal.is_complete() {
                return Some(end);
            }
            rehearsal.hear(self.held, self.voices[end as usize], end)?;
        }
        rehearsal.is_complete().then_some(cue)
    }

    /// Takes what fits at the end, as far as nothing is left out; gives the
    /// block and the line of the output where that begins.
    fn exact_tail(&mut self, sure: Progress, last_rows: &mut Vec<Row>) -> (usize, u32) {
        let (mut block, mut end) = (self.blocks.len(), self.end());
        let mut pieces: Vec<Vec<Row>> = Vec::new();
        let all = self.blocks;
        while block > sure.blocks {
            match &all[block - 1] {
                Block::Cue(line) if end > sure.actual && self.fits_cue(*line, end - 1) => {
                    end -= 1;
                    pieces.push(vec![Row::Matched {
                        line: *line,
                        actual: end,
                    }]);
                }
                Block::Scene(scene) if !scene.elides => {
                    let len = u32::try_from(scene.lines.len()).unwrap_or(u32::MAX);
                    let Some(start) = end.checked_sub(len).filter(|start| *start >= sure.actual)
                    else {
                        break;
                    };
                    let is_whole =
                        start == sure.actual || self.voices[start as usize - 1] == Voice::None;
                    if !is_whole || self.next_cue[start as usize] < end {
                        break;
                    }
                    let Some(rows) =
                        self.cast
                            .play_exactly(self.held, scene, self.voices, start..end)
                    else {
                        break;
                    };
                    pieces.push(rows);
                    end = start;
                }
                _ => break,
            }
            block -= 1;
        }
        last_rows.extend(pieces.into_iter().rev().flatten());
        (block, end)
    }
}
