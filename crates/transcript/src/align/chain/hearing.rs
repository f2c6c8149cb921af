//! One scene against one stretch of the output, with the differences counted.

use crate::align::{
    Held, Item,
    blocks::{Scene, Voice},
};

/// A scene heard line by line, with the differences so far.
pub(super) struct Hearing {
    parts: Vec<Part>,
    /// Lines of the output that no speaker of the scene speaks.
    others: usize,
}

struct Part {
    speaker: u32,
    items: Vec<Item>,
    elides: bool,
    heard: usize,
    /// For each number of items the fewest differences to the lines heard.
    differences: Vec<usize>,
    least: usize,
    /// How many differences count at all.
    left: usize,
}

impl Hearing {
    pub(super) fn new(held: &Held<'_>, scene: &Scene, left: usize) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for (speaker, item) in scene.items(held.page) {
            let known = parts.iter().position(|part| part.speaker == speaker);
            let place = known.unwrap_or_else(|| {
                parts.push(Part::new(speaker, left));
                parts.len() - 1
            });
            parts[place].push(item);
        }
        Self { parts, others: 0 }
    }

    /// Takes one more line; gives the work that it was.
    pub(super) fn hear(&mut self, held: &mut Held<'_>, voice: Voice, actual: u32) -> usize {
        let speaks = |part: &&mut Part| voice == Voice::Speaker(part.speaker);
        if let Some(part) = self.parts.iter_mut().find(speaks) {
            return part.hear(held, actual);
        }
        self.others += 1;
        1
    }

    /// The differences if the scene ends here.
    pub(super) fn differences(&self) -> usize {
        let parts = self
            .parts
            .iter()
            .map(|part| part.differences[part.items.len()]);
        parts.fold(self.others, usize::saturating_add)
    }

    /// No end of the scene from here on has fewer.
    pub(super) fn least(&self) -> usize {
        self.parts
            .iter()
            .map(|part| part.least)
            .fold(self.others, usize::saturating_add)
    }
}

impl Part {
    fn new(speaker: u32, left: usize) -> Self {
        Self {
            speaker,
            items: Vec::new(),
            elides: false,
            heard: 0,
            differences: vec![0],
            least: 0,
            left,
        }
    }

    fn push(&mut self, item: Item) {
        let before = self.differences[self.items.len()];
        self.differences
            .push(before + usize::from(!item.is_elision()));
        self.elides |= item.is_elision();
        self.items.push(item);
    }

    fn hear(&mut self, held: &mut Held<'_>, actual: u32) -> usize {
        self.heard += 1;
        // Without elisions, lines that are further apart than this differ too much.
        let (low, high) = if self.elides {
            (0, self.items.len())
        } else {
            (
                self.heard.saturating_sub(self.left),
                (self.heard + self.left).min(self.items.len()),
            )
        };
        if low > self.items.len() {
            self.least = usize::MAX;
            self.differences[self.items.len()] = usize::MAX;
            return 1;
        }
        let mut diagonal = if low == 0 {
            usize::MAX
        } else {
            self.differences[low - 1]
        };
        let mut below = usize::MAX;
        self.least = usize::MAX;
        for place in low..=high {
            let same = self.differences[place];
            let mut best = same.saturating_add(1).min(below.saturating_add(1));
            if let Some(item) = place.checked_sub(1).map(|before| self.items[before]) {
                if item.is_elision() {
                    best = best.min(same).min(below);
                } else if diagonal < best && held.fits(item, actual) {
                    best = diagonal;
                }
            }
            diagonal = same;
            below = best;
            self.differences[place] = best;
            self.least = self.least.min(best);
        }
        if low > 0 {
            self.differences[low - 1] = usize::MAX;
        }
        high - low + 1
    }
}
