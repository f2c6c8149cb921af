//! An alignment of scenes and cues that differ too much for the shortest one.
//!
//! The cues are aligned first, as if nobody spoke; then each scene with what is
//! spoken between its cues.

use std::ops::Range;

use super::{
    Item, Row, align_into,
    blocks::{Block, Voice},
    speakers::Stage,
};

pub(super) fn align(
    stage: &mut Stage<'_, '_>,
    blocks: Range<usize>,
    actual: Range<u32>,
    rows: &mut Vec<Row>,
) {
    let matched = matched_cues(stage, &blocks, &actual);
    let (mut block, mut line) = (blocks.start, actual.start);
    for (cue, actual) in matched {
        align_region(stage, block..cue, line..actual, rows);
        if let Block::Cue(line) = stage.blocks[cue] {
            rows.push(Row::Matched { line, actual });
        }
        (block, line) = (cue + 1, actual + 1);
    }
    align_region(stage, block..blocks.end, line..actual.end, rows);
}

/// Which block is which line of the output, among those that nobody speaks.
fn matched_cues(
    stage: &mut Stage<'_, '_>,
    blocks: &Range<usize>,
    actual: &Range<u32>,
) -> Vec<(usize, u32)> {
    let mut items = Vec::new();
    let mut places = Vec::new();
    for at in blocks.clone() {
        match stage.blocks[at] {
            Block::Cue(line) => items.push(Item::Line(line)),
            Block::Elision(line) => items.push(Item::Elision(line)),
            Block::Scene(_) => continue,
        }
        places.push(at);
    }
    let silent: Vec<u32> = actual
        .clone()
        .filter(|line| stage.voices[*line as usize] == Voice::None)
        .collect();
    let mut rows = Vec::new();
    align_into(stage.held, &items, &silent, &mut rows);
    let mut places = items.iter().zip(places).peekable();
    let mut matched = Vec::new();
    for row in rows {
        let (Row::Matched { line, .. } | Row::Removed { line } | Row::Elision { line }) = row
        else {
            continue;
        };
        let place = places.find(|(item, _)| item.line() == line);
        if let (Row::Matched { actual, .. }, Some((_, block))) = (row, place) {
            matched.push((block, actual));
        }
    }
    matched
}

/// Aligns the blocks between two cues that are matched: scenes, and cues that
/// are missing. The lines are dealt out to the scenes by how many each wants;
/// an elision takes what is left over.
fn align_region(
    stage: &mut Stage<'_, '_>,
    blocks: Range<usize>,
    actual: Range<u32>,
    rows: &mut Vec<Row>,
) {
    let all = stage.blocks;
    let wants = |block: &Block| match block {
        Block::Scene(scene) => u32::try_from(scene.lines.len()).unwrap_or(u32::MAX),
        Block::Cue(_) | Block::Elision(_) => 0,
    };
    let mut at = actual.start;
    for nth in blocks.clone() {
        let after: u32 = all[nth + 1..blocks.end]
            .iter()
            .map(wants)
            .fold(0, u32::saturating_add);
        let left = actual.end - at;
        match &all[nth] {
            Block::Cue(line) => rows.push(Row::Removed { line: *line }),
            Block::Elision(line) => {
                let end = at.max(actual.end - after.min(left));
                rows.push(Row::Elision { line: *line });
                rows.extend((at..end).map(|actual| Row::Elided { actual }));
                at = end;
            }
            scene @ Block::Scene(spoken) => {
                let has_room = all[nth + 1..blocks.end]
                    .iter()
                    .any(|block| !matches!(block, Block::Cue(_)));
                let end = if has_room {
                    at + wants(scene).min(left)
                } else {
                    actual.end
                };
                let played = stage.cast.play(stage.held, spoken, stage.voices, at..end);
                rows.extend(played.rows);
                at = end;
            }
        }
    }
    rows.extend((at..actual.end).map(|actual| Row::Added { actual }));
}
