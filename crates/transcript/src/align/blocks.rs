//! A page of speakers as scenes and cues, and who speaks in the output.

use std::{collections::HashMap, ops::Range};

use super::{Held, Item};
use crate::{
    page::{Page, What},
    tag,
};

/// A part of the page. A scene without lines is no block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Spoken lines, between two cues.
    Scene(Scene),
    /// A line that nobody speaks.
    Cue(u32),
    /// A bare `...`.
    Elision(u32),
}

/// Lines that are spoken, one after the other in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) lines: Range<u32>,
    /// Whether it leaves out lines of a speaker.
    pub(super) elides: bool,
}

impl Scene {
    /// How many lines of output it takes, or the fewest if it elides some.
    pub(super) fn len(&self, page: &Page) -> usize {
        let is_line = |line: &u32| page.line(*line).what != What::Elision;
        self.lines.clone().filter(is_line).count()
    }

    pub(super) fn items(&self, page: &Page) -> impl Iterator<Item = (u32, Item)> {
        let spoken = |line: u32| {
            page.line(line)
                .speaker
                .map(|speaker| (speaker, Item::of(page, line)))
        };
        self.lines.clone().filter_map(spoken)
    }
}

/// The page's blocks, in its order.
pub(super) fn blocks(page: &Page) -> Vec<Block> {
    let mut blocks = Vec::new();
    for at in 0..page.len() {
        let line = page.line(at);
        let elides = line.what == What::Elision;
        match (line.speaker, blocks.last_mut()) {
            (Some(_), Some(Block::Scene(scene))) => {
                scene.lines.end = at + 1;
                scene.elides |= elides;
            }
            (Some(_), _) => blocks.push(Block::Scene(Scene {
                lines: at..at + 1,
                elides,
            })),
            (None, _) if elides => blocks.push(Block::Elision(at)),
            (None, _) => blocks.push(Block::Cue(at)),
        }
    }
    blocks
}

/// Who says a line of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// Nobody: it may be a cue.
    None,
    /// A speaker of the page, by its number.
    Speaker(u32),
    /// A speaker whom the page does not name.
    Stranger,
}

/// Who says each line of the output.
pub(super) fn voices(held: &Held<'_>) -> Vec<Voice> {
    let cast = Tags::new(&held.page.speakers);
    (0..held.output.len())
        .map(|line| cast.voice(held.output.line(line)))
        .collect()
}

/// The tags of a page's speakers.
struct Tags<'p> {
    speakers: HashMap<&'p str, u32>,
    /// The tags themselves, where they are so few that a look at each is fastest.
    few: Vec<(Vec<u8>, u32)>,
}

/// How many tags are few.
const FEW: usize = 8;

impl<'p> Tags<'p> {
    fn new(names: &'p [String]) -> Self {
        let numbered = || (0..).zip(names);
        let tag = |(nth, name): (u32, &String)| (format!("[{name}]").into_bytes(), nth);
        Self {
            speakers: numbered().map(|(nth, name)| (name.as_str(), nth)).collect(),
            few: if names.len() <= FEW {
                numbered().map(tag).collect()
            } else {
                Vec::new()
            },
        }
    }

    fn voice(&self, line: &[u8]) -> Voice {
        if line.first() != Some(&b'[') {
            return Voice::None;
        }
        let speaks = |tag: &[u8]| {
            line.strip_prefix(tag)
                .is_some_and(|rest| matches!(rest.first(), None | Some(b' ')))
        };
        if let Some((_, speaker)) = self.few.iter().find(|(tag, _)| speaks(tag)) {
            return Voice::Speaker(*speaker);
        }
        match tag::speaker(line) {
            None => Voice::None,
            Some(name) => self
                .speakers
                .get(name)
                .map_or(Voice::Stranger, |speaker| Voice::Speaker(*speaker)),
        }
    }
}
