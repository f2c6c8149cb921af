//! The cases of `cases.toml`: is `actual` what `expected` promises?

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use serde::Deserialize;
use transcript::{Kinds, Order, Transcript};

const CASES: &str = include_str!("cases.toml");

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    expected: String,
    actual: String,
    verdict: Verdict,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    placeholders: BTreeMap<String, String>,
    /// Parts of what the page's errors or warnings say.
    #[serde(default)]
    says: Vec<String>,
    /// What names stand for, where it matters which filling was chosen.
    #[serde(default)]
    names: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Match,
    Mismatch,
    PageError,
}

impl Case {
    /// The verdict, what was said of the page, and what its names stand for.
    fn judge(&self) -> (Verdict, String, BTreeMap<String, String>) {
        let order: Order = self
            .order
            .as_deref()
            .map_or(Order::Total, |order| order.parse().unwrap());
        let mut kinds = Kinds::default();
        for (name, pattern) in &self.placeholders {
            if let Err(error) = kinds.declare(name, pattern) {
                return (Verdict::PageError, error.to_string(), BTreeMap::new());
            }
        }
        let page = match Transcript::parse(&self.expected, order, &kinds) {
            Ok(page) => page,
            Err(error) => return (Verdict::PageError, error.to_string(), BTreeMap::new()),
        };
        let said: Vec<String> = page.warnings().iter().map(ToString::to_string).collect();
        let said = said.join(
            "
",
        );
        let comparison = page.compare(self.actual.as_bytes());
        let names = comparison.bindings().into_iter().collect();
        let verdict = if comparison.matches() {
            Verdict::Match
        } else {
            Verdict::Mismatch
        };
        (verdict, said, names)
    }

    fn complaint(&self) -> Option<String> {
        let (verdict, said, names) = self.judge();
        if verdict != self.verdict {
            return Some(format!(
                "{}: {verdict:?}, not {:?}. {said}",
                self.name, self.verdict
            ));
        }
        if let Some(part) = self.says.iter().find(|part| !said.contains(*part)) {
            return Some(format!("{}: does not say `{part}`, but: {said}", self.name));
        }
        if self.says.is_empty() && verdict != Verdict::PageError && !said.is_empty() {
            return Some(format!("{}: warns: {said}", self.name));
        }
        let differs = self
            .names
            .iter()
            .find(|(name, text)| names.get(*name) != Some(text));
        differs.map(|(name, text)| {
            format!(
                "{}: `{name}` is {:?}, not `{text}`",
                self.name,
                names.get(name)
            )
        })
    }
}

#[test]
fn every_case_is_judged_as_it_says() {
    let cases: Cases = toml::from_str(CASES).unwrap();
    let complaints: Vec<String> = cases.case.iter().filter_map(Case::complaint).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_case_has_a_name_of_its_own() {
    let cases: Cases = toml::from_str(CASES).unwrap();
    let mut names: Vec<&str> = cases.case.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
