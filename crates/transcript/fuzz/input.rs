//! How the fuzz targets read their input: one byte of choices, the page, and
//! outputs, with a byte between them that no text has.
//!
//! ```console
//! $ cargo +nightly fuzz run match -- -dict=words.dict -max_total_time=600
//! ```

use std::sync::LazyLock;

use transcript::{Kinds, Order, Transcript};

/// Separates the page and the outputs.
const BETWEEN: u8 = 0xf8;

/// A page, as it was read, and outputs to hold against it.
pub struct Input<'i> {
    pub order: Order,
    pub kinds: Kinds,
    pub page: &'i str,
    pub outputs: Vec<&'i [u8]>,
}

impl<'i> Input<'i> {
    /// Reads an input; `None` where the page is not UTF-8.
    pub fn read(data: &'i [u8]) -> Option<Self> {
        let (choices, rest) = data.split_first()?;
        let mut parts = rest.split(|byte| *byte == BETWEEN);
        let order = if choices & 1 == 0 { Order::Total } else { Order::Speakers };
        Some(Self {
            order,
            kinds: KINDS[usize::from(*choices >> 1) % KINDS.len()].clone(),
            page: std::str::from_utf8(parts.next()?).ok()?,
            outputs: parts.collect(),
        })
    }

    /// The page parsed, if nothing is wrong with it.
    pub fn transcript(&self) -> Option<Transcript> {
        Transcript::parse(self.page, self.order, &self.kinds).ok()
    }
}

/// Kinds of the page's own, some of which are hard to match.
const OWN: [(&str, &str); 4] = [
    ("id", "[0-9a-f]{2,4}"),
    ("lazy", "(?:a|ab|b){1,3}?"),
    ("edge", r"\b\w+\b"),
    ("two", ".."),
];

/// Compiled once: to compile an expression takes longer than all the rest.
static KINDS: LazyLock<Vec<Kinds>> = LazyLock::new(|| (0..1 << OWN.len()).map(declare).collect());

fn declare(choices: usize) -> Kinds {
    let mut kinds = Kinds::default();
    for (bit, (name, pattern)) in OWN.iter().enumerate() {
        if choices >> bit & 1 == 1 {
            kinds.declare(name, pattern).expect("a kind that is well formed");
        }
    }
    kinds
}
