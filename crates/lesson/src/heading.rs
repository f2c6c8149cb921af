//! The names by which links find the headings of a page.

use std::collections::BTreeMap;
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
            anchor: names.unique(slug(&text)),
        })
        .collect()
}

/// The name of a heading, as forges and mdBook make it: lower case, `-` for spaces, no
/// punctuation.
fn slug(heading: &str) -> String {
    let heading = heading.trim().to_lowercase();
    let mut slug = String::with_capacity(heading.len());
    slug.extend(heading.chars().filter_map(|character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        character => character.is_alphanumeric().then_some(character),
    }));
    slug
}

/// The names that are given away, and for each which number to try next for another one.
#[derive(Default)]
struct Names(BTreeMap<String, usize>);

impl Names {
    /// The name, with a number behind it where it is taken.
    fn unique(&mut self, name: String) -> String {
        let Some(next) = self.0.get(&name) else {
            self.0.insert(name.clone(), 1);
            return name;
        };
        let mut number = *next;
        loop {
            let candidate = format!("{name}-{number}");
            number += 1;
            if !self.0.contains_key(&candidate) {
                self.0.insert(name, number);
                self.0.insert(candidate.clone(), 1);
                return candidate;
            }
        }
    }
}
