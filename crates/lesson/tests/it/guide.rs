//! What the guide for authors says of blocks and front matter is what a page may say.

#![expect(clippy::expect_used, reason = "a test without its table has failed")]

use std::collections::BTreeSet;

use crate::fixture::{page, told};

const GUIDE: &str = include_str!("../../../transcript/GUIDE.md");

/// What stands first in each row of the tables of this section.
fn first_column(section: &str) -> Vec<&'static str> {
    let (_, text) = GUIDE
        .split_once(&format!("\n## {section}\n"))
        .expect("the section");
    let text = text.split("\n## ").next().unwrap_or_default();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

/// The names that are told to whoever writes one that there is not.
fn known(changed: &str, with: &str) -> BTreeSet<String> {
    let told = told(&page().with(changed, with));
    let (_, names) = told[0].split_once(" are `").expect("all names");
    let names = names.trim_end_matches('`').split("`, `");
    names.map(str::to_owned).collect()
}

#[test]
fn each_word_of_a_block_is_in_the_guide_and_is_read() {
    let words = first_column("What a block is tied to");
    for word in &words {
        let word = word
            .replace("PROGRAM", "greeting")
            .replace("PATH", "experiment/src/main.rs");
        let is_added = ["order", "args", "exit"].contains(&key(&word));
        let tie = if is_added { "run=greeting " } else { "" };
        let block = format!("```text {tie}{word}\nhello\n```");
        let page = page().with("There is more.", &block);
        assert_eq!(told(&page), Vec::<String>::new(), "{word}");
    }
    let words = words.iter().map(|word| key(word).to_owned());
    assert_eq!(
        words.collect::<BTreeSet<_>>(),
        known("run=greeting", "colour=red")
    );
}

fn key(word: &str) -> &str {
    word.split('=').next().unwrap_or_default()
}

#[test]
fn each_key_that_may_be_left_out_is_in_the_guide_and_is_read() {
    let keys = first_column("What the front matter may add");
    let minutes = "estimated_minutes: 5\n";
    let page_keys = page().0;
    let mut optional = known(minutes, &format!("{minutes}colour: red\n"));
    optional.retain(|key| !page_keys.contains(&format!("\n{key}: ")));
    let keys: BTreeSet<String> = keys.into_iter().map(str::to_owned).collect();
    assert_eq!(keys, optional);

    let examples = GUIDE.split("```yaml\n").skip(1);
    let mut shown = BTreeSet::new();
    for example in examples.filter_map(|rest| rest.split("```").next()) {
        let page = page().with(minutes, &format!("{minutes}{example}"));
        assert_eq!(told(&page), Vec::<String>::new(), "{example}");
        let lines = example.lines().filter(|line| !line.starts_with(' '));
        shown.extend(lines.filter_map(|line| Some(line.split_once(':')?.0.to_owned())));
    }
    assert_eq!(shown, optional);
}
