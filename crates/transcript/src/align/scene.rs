//! One scene: each speaker's lines taken alone, then put in the page's order.

use std::ops::Range;

use super::{
    Held, Item, Row, align_into,
    blocks::{Scene, Voice},
};

use crate::page::Page;

/// A scene aligned with some lines of the output.
pub(super) struct Played {
    pub(super) rows: Vec<Row>,
    pub(super) is_minimal: bool,
}

impl Played {
    pub(super) fn is_exact(&self) -> bool {
        !self.rows.iter().any(|row| row.differs())
    }
}

/// What one speaker is to say in a scene, and says.
#[derive(Default)]
struct Part {
    items: Vec<Item>,
    actual: Vec<u32>,
}

/// Whose turn it is with which line of a scene.
struct Turns<'t> {
    first: u32,
    /// For each line of the scene the next one of the same speaker.
    after: Vec<Option<usize>>,
    /// For each speaker of the page the next line, from the first of the scene.
    next: &'t mut [Option<usize>],
}

impl<'t> Turns<'t> {
    fn new(page: &Page, scene: &Scene, next: &'t mut [Option<usize>]) -> Self {
        let mut after = vec![None; scene.lines.len()];
        for (place, line) in scene.lines.clone().enumerate().rev() {
            if let Some(speaker) = page.line(line).speaker {
                after[place] = next[speaker as usize].replace(place);
            }
        }
        Self {
            first: scene.lines.start,
            after,
            next,
        }
    }

    /// Gives every line its turn; `None` where one does not fit.
    fn take(
        mut self,
        held: &mut Held<'_>,
        voices: &[Voice],
        actual: Range<u32>,
    ) -> Option<Vec<Row>> {
        let mut rows = vec![None; self.after.len()];
        for actual in actual {
            let place = self.next(voices[actual as usize])?;
            let line = self.first + u32::try_from(place).ok()?;
            if !held.fits(Item::of(held.page, line), actual) {
                return None;
            }
            rows[place] = Some(Row::Matched { line, actual });
        }
        rows.into_iter().collect()
    }

    /// The place of the line whose turn it is when somebody speaks.
    fn next(&mut self, voice: Voice) -> Option<usize> {
        let Voice::Speaker(speaker) = voice else {
            return None;
        };
        let next = &mut self.next[speaker as usize];
        let place = (*next)?;
        *next = self.after[place];
        Some(place)
    }
}

/// Parts by speaker, without a look at the speakers who are not in the scene.
pub(super) struct Cast {
    /// For each speaker of the page a place among the scene's parts or lines;
    /// `None` between two scenes.
    places: Vec<Option<usize>>,
}

impl Cast {
    pub(super) fn new(speakers: usize) -> Self {
        Self {
            places: vec![None; speakers],
        }
    }

    /// Aligns a scene that leaves nothing out with as many lines of the output,
    /// if there is no difference: one pass, in the order of the output.
    pub(super) fn play_exactly(
        &mut self,
        held: &mut Held<'_>,
        scene: &Scene,
        voices: &[Voice],
        actual: Range<u32>,
    ) -> Option<Vec<Row>> {
        if actual.len() != scene.lines.len() {
            return None;
        }
        let turns = Turns::new(held.page, scene, &mut self.places);
        let rows = turns.take(held, voices, actual);
        for (speaker, _) in scene.items(held.page) {
            self.places[speaker as usize] = None;
        }
        rows
    }

    /// Aligns a scene with these lines of the output, whoever speaks them.
    pub(super) fn play(
        &mut self,
        held: &mut Held<'_>,
        scene: &Scene,
        voices: &[Voice],
        actual: Range<u32>,
    ) -> Played {
        let mut parts: Vec<Part> = Vec::new();
        for (speaker, item) in scene.items(held.page) {
            let place = self.places[speaker as usize].get_or_insert_with(|| {
                parts.push(Part::default());
                parts.len() - 1
            });
            parts[*place].items.push(item);
        }
        let mut others = Vec::new();
        for line in actual {
            let place = match voices[line as usize] {
                Voice::Speaker(speaker) => self.places[speaker as usize],
                Voice::None | Voice::Stranger => None,
            };
            match place {
                Some(place) => parts[place].actual.push(line),
                None => others.push(Row::Added { actual: line }),
            }
        }
        for (speaker, _) in scene.items(held.page) {
            self.places[speaker as usize] = None;
        }
        in_order_of_page(held, scene, voices, &parts, others)
    }
}

fn in_order_of_page(
    held: &mut Held<'_>,
    scene: &Scene,
    voices: &[Voice],
    parts: &[Part],
    others: Vec<Row>,
) -> Played {
    let mut is_minimal = true;
    let mut spoken = Vec::new();
    // For each line of the scene, the rows that go with it.
    let mut places: Vec<Range<usize>> = vec![0..0; scene.lines.len()];
    for part in parts {
        let start = spoken.len();
        is_minimal &= align_into(held, &part.items, &part.actual, &mut spoken);
        note_places(&spoken, start, scene.lines.start, &mut places);
    }
    let mut rows = Vec::with_capacity(spoken.len() + others.len());
    for place in places {
        rows.extend_from_slice(&spoken[place]);
    }
    rows.extend(others);
    Played {
        rows: cut_at_cues(rows, voices),
        is_minimal,
    }
}

/// Where the output has cues amid the scene, which the page does not have, the
/// rows are put before, between and after them, as they came: one scene cannot
/// hold a cue.
fn cut_at_cues(rows: Vec<Row>, voices: &[Voice]) -> Vec<Row> {
    let is_cue =
        |row: &Row| matches!(row, Row::Added { actual } if voices[*actual as usize] == Voice::None);
    let cues: Vec<u32> = rows
        .iter()
        .filter(|row| is_cue(row))
        .filter_map(|row| match row {
            Row::Added { actual } => Some(*actual),
            _ => None,
        })
        .collect();
    if cues.is_empty() {
        return rows;
    }
    let mut scenes: Vec<Vec<Row>> = vec![Vec::new(); cues.len() + 1];
    let scene_of = |row: &Row| match row {
        Row::Matched { actual, .. } | Row::Added { actual } | Row::Elided { actual } => {
            Some(cues.partition_point(|cue| cue < actual))
        }
        Row::Removed { .. } | Row::Elision { .. } => None,
    };
    let mut scene = 0;
    let mut elision = None;
    let mut rest = rows.iter().filter(|row| !is_cue(row)).peekable();
    while let Some(row) = rest.next() {
        if let Row::Elision { .. } = row {
            // It goes with the first line that it takes.
            elision = Some(*row);
            let taken = rest
                .peek()
                .filter(|next| matches!(next, Row::Elided { .. }));
            scene = taken.and_then(|taken| scene_of(taken)).unwrap_or(scene);
        }
        let next = scene_of(row).unwrap_or(scene);
        if next != scene && matches!(row, Row::Elided { .. }) {
            scenes[next].extend(elision);
        }
        scene = next;
        scenes[scene].push(*row);
    }
    let mut cut = Vec::new();
    let mut cues = cues.into_iter();
    for scene in scenes {
        cut.extend(scene);
        cut.extend(cues.next().map(|actual| Row::Added { actual }));
    }
    cut
}

/// A line goes with what its speaker adds after it, and the first one also with
/// what is added before.
fn note_places(rows: &[Row], start: usize, first_line: u32, places: &mut [Range<usize>]) {
    let mut from = start;
    let mut current: Option<u32> = None;
    for (at, row) in rows.iter().enumerate().skip(start) {
        let (Row::Matched { line, .. } | Row::Removed { line } | Row::Elision { line }) = row
        else {
            continue;
        };
        if let Some(before) = current {
            places[(before - first_line) as usize] = from..at;
            from = at;
        }
        current = Some(*line);
    }
    if let Some(last) = current {
        places[(last - first_line) as usize] = from..rows.len();
    }
}
