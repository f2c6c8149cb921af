//! A scene heard line by line, to find out where it may end.

use super::{
    Held, Item,
    blocks::{Scene, Voice},
};
use crate::page::Page;

/// How far each speaker of a scene may have come.
pub(super) struct Rehearsal {
    parts: Vec<Part>,
}

struct Part {
    speaker: u32,
    items: Vec<Item>,
    /// For each number of items whether the lines heard so far can be those.
    reached: Vec<bool>,
}

impl Rehearsal {
    pub(super) fn new(page: &Page, scene: &Scene) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for (speaker, item) in scene.items(page) {
            match parts.iter_mut().find(|part| part.speaker == speaker) {
                Some(part) => part.items.push(item),
                None => parts.push(Part {
                    speaker,
                    items: vec![item],
                    reached: Vec::new(),
                }),
            }
        }
        for part in &mut parts {
            part.reached = vec![false; part.items.len() + 1];
            part.reached[0] = true;
            part.pass_elisions();
        }
        Self { parts }
    }

    /// Whether every speaker of the scene may say anything first.
    pub(super) fn begins_with_elisions(&self) -> bool {
        self.parts.iter().all(|part| part.items[0].is_elision())
    }

    /// Whether this is a speaker of the scene.
    pub(super) fn knows(&self, voice: Voice) -> bool {
        self.parts
            .iter()
            .any(|part| voice == Voice::Speaker(part.speaker))
    }

    /// Whether the scene may end here.
    pub(super) fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.reached[part.items.len()])
    }

    /// Takes the next line; `None` where the scene cannot have it.
    pub(super) fn hear(&mut self, held: &mut Held<'_>, voice: Voice, actual: u32) -> Option<()> {
        let part = self
            .parts
            .iter_mut()
            .find(|part| voice == Voice::Speaker(part.speaker))?;
        let mut next = vec![false; part.reached.len()];
        for (nth, item) in part
            .items
            .iter()
            .enumerate()
            .filter(|(nth, _)| part.reached[*nth])
        {
            if item.is_elision() {
                next[nth] = true;
            } else if held.fits(*item, actual) {
                next[nth + 1] = true;
            }
        }
        part.reached = next;
        part.pass_elisions();
        part.reached.contains(&true).then_some(())
    }
}

impl Part {
    /// An elision may take nothing.
    fn pass_elisions(&mut self) {
        for (nth, item) in self.items.iter().enumerate() {
            if item.is_elision() && self.reached[nth] {
                self.reached[nth + 1] = true;
            }
        }
    }
}
