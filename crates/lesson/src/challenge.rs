//! The challenges that a page sets.

use std::collections::HashMap;

use crate::finding::Findings;
use crate::markdown::Item;
use crate::names::{is_kebab, kebab};
use crate::place::Lines;
use crate::suggest;

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
    let mut first_lines: HashMap<String, usize> = HashMap::new();
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
        if let Some(modules) = modules {
            check_judged(&name, span, modules, findings);
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

fn check_judged(
    name: &str,
    span: std::ops::Range<usize>,
    modules: &[String],
    findings: &mut Findings,
) {
    // A module's name has `_` where its challenge's has `-`.
    let judged: Vec<String> = modules
        .iter()
        .filter(|module| !matches!(module.as_str(), "main" | "lib"))
        .map(|module| module.replace('_', "-"))
        .collect();
    if judged.iter().any(|judged| judged == name) {
        return;
    }
    let file = name.replace('-', "_");
    let help = match suggest::nearest(name, judged.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if modules.is_empty() => format!(
            "the lesson has no judge: give it a crate `challenges/`, as `cargo xtask new` lays out, with \
             `challenges/src/{file}.rs`"
        ),
        None => format!("write its judge, `challenges/src/{file}.rs`"),
    };
    findings
        .error(span, format!("nothing judges the challenge `{name}`"))
        .help(help);
}

/// What follows the name, without the sign that joins the two.
fn sentence(text: &str) -> String {
    text.trim_start_matches([':', '—', '–', '-', '.', ',', ' '])
        .to_owned()
}
