//! The challenges that a page sets.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Findings;
use crate::markdown::Item;
use crate::names::{is_kebab, kebab};
use crate::place::Lines;
use crate::suggest;

/// How many names are compared, for one page, to suggest one.
const SUGGESTION_BUDGET: usize = 100_000;

/// One item of a page's list of challenges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeItem {
    /// The challenge's name.
    pub name: String,
    /// What the page says about it first: a paragraph, as one line of plain text.
    pub text: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
}

/// Reads the items of the list, and holds their names against the modules of
/// the challenges crate, where they are known.
pub(crate) fn read(
    items: Vec<Item>,
    modules: Option<&[String]>,
    lines: &Lines,
    findings: &mut Findings,
) -> Vec<ChallengeItem> {
    let judges = modules.map(Judges::of);
    let mut suggestions = SUGGESTION_BUDGET;
    let mut first_lines: BTreeMap<String, usize> = BTreeMap::new();
    let mut challenges = Vec::new();
    for item in items {
        let line = lines.number(item.span.start);
        let Some((name, span)) = item.name else {
            let first_line = item.span.start..item.span.start;
            findings
                .error(first_line, "this challenge has no name")
                .help("begin it with one in backticks: 1. `chat`: what to build");
            continue;
        };
        if !is_kebab(&name) {
            let better = kebab(&name);
            findings
                .error(
                    span,
                    format!("`{name}` is no name for a challenge: it is in kebab case"),
                )
                .maybe_help(is_kebab(&better).then(|| format!("write `{better}`")));
            continue;
        }
        if let Some(first) = first_lines.get(&name) {
            findings
                .error(
                    span,
                    format!("the challenge `{name}` stands twice in the list"),
                )
                .help(format!(
                    "it is on line {first} already: give one of the two another name"
                ));
            continue;
        }
        if let Some(judges) = &judges
            && !judges.names.contains(&name)
        {
            findings
                .error(span, format!("nothing judges the challenge `{name}`"))
                .help(judges.instead_of(&name, &mut suggestions));
        }
        first_lines.insert(name.clone(), line);
        challenges.push(ChallengeItem {
            name,
            text: sentence(&item.text),
            line,
        });
    }
    challenges
}

/// What there is in a challenges crate, or would be.
struct Judges {
    has_crate: bool,
    /// The challenges that its modules judge.
    names: BTreeSet<String>,
}

impl Judges {
    fn of(modules: &[String]) -> Self {
        let judging = modules
            .iter()
            .filter(|module| !matches!(module.as_str(), "main" | "lib"));
        Self {
            has_crate: !modules.is_empty(),
            // A module's name has `_` where its challenge's has `-`.
            names: judging.map(|module| module.replace('_', "-")).collect(),
        }
    }

    /// What to do about a challenge that nothing judges.
    fn instead_of(&self, name: &str, suggestions: &mut usize) -> String {
        let file = name.replace('-', "_");
        let mut meant = None;
        if let Some(left) = suggestions.checked_sub(self.names.len()) {
            *suggestions = left;
            meant = suggest::nearest(name, self.names.iter().map(String::as_str));
        }
        match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if self.has_crate => format!("write its judge, `challenges/src/{file}.rs`"),
            None => format!(
                "the lesson has no judge: give it a crate `challenges/`, as `cargo xtask new` lays out, \
                 with `challenges/src/{file}.rs`"
            ),
        }
    }
}

/// What follows the name, without the sign that joins the two.
fn sentence(text: &str) -> String {
    text.trim_start_matches([':', '—', '–', '-', '.', ',', ' '])
        .to_owned()
}
