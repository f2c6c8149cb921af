//! The hints for a challenge.

use lesson::Hint;

use crate::fixture::{FOLDER, Folder, page, short};

/// The hints that a file of this text gives.
fn hints(text: &str) -> Vec<Hint> {
    let course = Folder::with(&page());
    course.file(&format!("{FOLDER}/challenges/hints/shout.md"), text);
    course.only().hints("shout").unwrap_or_default()
}

fn hint(title: &str, text: &str, line: usize) -> Hint {
    Hint {
        title: title.to_owned(),
        text: text.to_owned(),
        line,
    }
}

#[test]
fn each_heading_of_the_second_level_begins_a_hint() {
    let text = "# Hints\n\nRead one at a time.\n\n## Use `to_uppercase`\n\nOf `str`.\n\n### More\n\nAnd:\n\n> ## Quoted\n\n##   Shout   ##\n\nAll of it.\n";
    assert_eq!(
        hints(text),
        [
            hint(
                "Use `to_uppercase`",
                "Of `str`.\n\n### More\n\nAnd:\n\n> ## Quoted",
                5
            ),
            hint("Shout", "All of it.", 15),
        ]
    );
    assert_eq!(
        hints("## In C#\r\n\r\na\r\nb\r\n\r\n##One\r\ntwo\r\n---\r\nc\r\n"),
        [hint("In C#", "a\nb", 1), hint("##One two", "c", 6)]
    );
    assert_eq!(hints("# Hints\n\nNone.\n"), []);
    assert_eq!(hints(""), []);
}

#[test]
fn a_code_span_of_three_backticks_is_no_fence_around_the_hints_below() {
    let text = "## A\n\n``` `a` ``` is code.\n\n## B\n\nb\n";
    let titles: Vec<_> = hints(text).into_iter().map(|hint| hint.title).collect();
    assert_eq!(titles, ["A", "B"]);
}

#[test]
fn what_looks_like_a_heading_in_a_block_of_code_is_no_hint() {
    for fence in ["```", "~~~", "````"] {
        let text = format!("{fence}sh\n## x\n```x\n## y\n{fence}");
        let file = format!("## A\n\n{text}\n\n## B\n");
        assert_eq!(hints(&file), [hint("A", &text, 1), hint("B", "", 9)]);
    }
}

#[test]
fn the_first_hint_may_follow_a_byte_order_mark() {
    assert_eq!(hints("\u{feff}## A\n\na\n"), [hint("A", "a", 1)]);
}

#[test]
fn a_file_of_hints_without_one_is_told() {
    let course = Folder::with(&page());
    let file = format!("{FOLDER}/challenges/hints/shout.md");
    course.file(&file, "# Hints\n\n### Too low\n\nShout.\n");
    let lesson = course.only();
    let told: Vec<_> = lesson.diagnostics.iter().map(short).collect();
    assert_eq!(
        told,
        [
            "- error: this file of hints has none / begin each with a heading, such as `## What a read gives`"
        ]
    );
    assert!(
        lesson.diagnostics[0]
            .file
            .ends_with("challenges/hints/shout.md")
    );
    course.file(&file, "# Hints\n\n## Right\n\nShout.\n");
    assert_eq!(course.only().diagnostics, []);
}
