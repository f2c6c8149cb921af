//! The outline of a lesson, for the review of a change.

use insta::assert_snapshot;
use lesson::{Lesson, outline};

use crate::fixture::page;

#[test]
fn an_outline_names_all_that_a_page_is_tied_to() {
    let page = page()
        .with("prerequisites: []", "prerequisites: [walking, talking]")
        .with(
            "estimated_minutes: 5\n",
            "estimated_minutes: 5\ntimeout_seconds: 2.5\nplaceholders:\n  version: \"[0-9]+\"\ncommands:\n  serve: [node, \"my server.mjs\"]\n",
        )
        .with("There is more.\n", "```rust file=experiment/src/main.rs#story\nfn main() {}\n```\n\n```sh illustration\n```\n")
        .with("Not greeting.\n", "```text run=serve args=\"--name \"Ada Lovelace\"\" exit=SIGTERM\nhello\nyou\n```\n\n```text stderr=loud order=speakers\n[a] oh\n```\n")
        .with("## Challenge\n", "## On the Wire\n\n```text wire=greeting\n[client] FIN\n```\n\n## Challenge\n");
    assert_snapshot!(outline(&Lesson::of_page(page.0)));
}

/// Prose may change without a word from the outline.
#[test]
fn an_outline_leaves_prose_out() {
    let other = page()
        .with("There is more.", "There is much more.")
        .with("greet loudly", "greet very loudly");
    assert_eq!(
        outline(&Lesson::of_page(page().0)),
        outline(&Lesson::of_page(other.0))
    );
}

#[test]
fn a_broken_page_has_an_outline_too() {
    assert_snapshot!(outline(&Lesson::of_page(
        "## Concept\n\n```\n```\n".to_owned()
    )));
}
