//! The names by which links find the headings of a page.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A heading of a page, of whatever level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// The heading: bytes of the page.
    pub span: Range<usize>,
    /// What a link to it writes behind the `#`. No other heading of the page has it.
    pub anchor: String,
}

/// The headings of a page with these texts, in their order.
pub(crate) fn named(texts: Vec<(Range<usize>, String)>) -> Vec<Heading> {
    let mut names = Names::default();
    texts
        .into_iter()
        .map(|(span, text)| Heading {
            span,
            anchor: names.unique(&slug(&text)),
        })
        .collect()
}

/// The name of a heading, as forges and mdBook make it: lower case, `-` for spaces, no
/// punctuation.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            character => character.is_alphanumeric().then_some(character),
        })
        .collect()
}

/// The names that are given away.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// For each name that was asked for, how often.
    asked: HashMap<String, usize>,
}

impl Names {
    /// The name, with a number behind it where it is taken.
    fn unique(&mut self, name: &str) -> String {
        let asked = self.asked.entry(name.to_owned()).or_default();
        loop {
            let candidate = match *asked {
                0 => name.to_owned(),
                number => format!("{name}-{number}"),
            };
            *asked += 1;
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}
