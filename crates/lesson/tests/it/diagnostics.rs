//! What people see of a page that is wrong.

use insta::assert_snapshot;
use lesson::{Lesson, Look, Severity};

use crate::fixture::{FOLDER, Folder, Page, page, rendered, short, told};

#[test]
fn a_right_page_has_nothing_to_tell() {
    assert_eq!(told(&page()), Vec::<String>::new());
}

/// Everything at once, not one a run.
#[test]
fn twenty_mistakes_are_told_at_once() {
    let page = Page(
        r#"---
id: Greeting
id: greeting
phase: one
phse_title: First Steps
sequence: 1
title: [A, Greeting]
difficulty: begginer
tags: []
prerequisites: [readable-streams, greeting]
estimated_minutes: 0
timeout_seconds: soon
placeholders:
  port: "[0-9]+"
  version: "[0-9"
commands:
  server: node server.mjs
---

Programs greet.

## Concept

```rust
fn main() {}
```

## Key Insight

A greeting is a line.

## Expected Output

```text run=greting exits=1
hello
```

```text run=greeting order=random exit=SIGABORT
<prot:server> and <prt:server>
```

## Experiment

```rust file=../../secrets.txt
```

```rust file=experiment/src/mian.rs
```

```rust file=experiment/src/main.rs#story
```

## Challenge

1. `shout`: greet loudly
2. whisper
3. `shuot`: again

## Deep Dive

    let forgotten = "a fence";

## Summary

## Common Mistakes
"#
        .to_owned(),
    );
    let told = told(&page);
    assert!(told.len() > 20, "{told:#?}");
    assert_snapshot!(rendered(&page));
}

#[test]
fn the_mark_stands_below_what_is_meant_whatever_is_before_it() {
    let cases = [
        ("```text run=greeting", "```テキスト run=greetig"),
        ("```text run=greeting", "```text\trun=greetig"),
        ("```text run=greeting", "   ```text  run=greetig"),
    ];
    let rendered: Vec<_> = cases
        .into_iter()
        .map(|(text, other)| rendered(&page().with(text, other)))
        .collect();
    assert_snapshot!(rendered.join("\n"));
}

#[test]
fn a_long_line_is_cut_around_what_is_meant() {
    let before = "before ".repeat(100);
    let after = "after ".repeat(100);
    let line = format!("```text args=\"{before}\" run=greetig args=\"{after}\"");
    assert_snapshot!(rendered(&page().with("```text run=greeting", &line)));
}

/// What stands on a page may be meant for the terminal of who checks it.
#[test]
fn hidden_characters_are_shown_and_never_sent() {
    let hidden = [
        "\u{1b}[31m",
        "\u{7}",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{85}",
        "\u{9b}",
        "\r",
        "\u{e0041}",
    ];
    for text in hidden {
        let page = page().with("run=greeting", &format!("run=gre{text}etig"));
        let rendered = rendered(&page);
        assert!(!rendered.contains(text), "{rendered:?}");
        let escaped: String = text.escape_unicode().collect();
        let first = &escaped[..=escaped.find('}').unwrap_or_default()];
        assert!(rendered.contains(first), "{rendered:?} has {first}");
    }
}

#[test]
fn a_file_name_is_shown_and_never_sent() {
    let course = Folder::empty();
    course.file("lessons/01-\u{1b}[2J/01-greeting/lesson.md", "");
    let lesson = course.only();
    assert!(
        lesson
            .diagnostics
            .iter()
            .all(|one| !one.to_string().contains('\u{1b}'))
    );
    assert!(lesson.diagnostics[0].to_string().contains("01-\\u{1b}[2J"));
}

#[test]
fn colours_are_there_where_they_are_asked_for() {
    let lesson = Lesson::of_page(page().with("difficulty: beginner", "difficulty: hard").0);
    let one = &lesson.diagnostics[0];
    assert!(!one.render(Look::Plain).contains('\u{1b}'));
    assert_snapshot!(one.render(Look::Coloured).replace('\u{1b}', "ESC"));
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let page = page().with("---\nid: greeting\n", "\u{feff}--\nid: greeting\n");
    let lesson = Lesson::of_page(page.0);
    let place = lesson.diagnostics[0].place.clone().expect("a place");
    assert_eq!((place.line, place.column), (1, 1));
    assert_eq!(place.excerpt, "--");
}

#[test]
fn a_page_of_mistakes_alone_is_told_of_the_first_five_hundred() {
    let many = "```\n```\n".repeat(2000);
    let lesson = Lesson::of_page(page().with("Programs greet.\n", &many).0);
    assert_eq!(lesson.diagnostics.len(), 501);
    let last = lesson.diagnostics.last().expect("a last one");
    assert!(
        last.message
            .ends_with("more things are wrong with this file"),
        "{last}"
    );
    assert_eq!(last.severity, Severity::Error);
}

#[test]
fn what_is_left_out_is_counted_for_a_manifest_too() {
    let course = Folder::with(&page());
    let many = "[[bin]]\npath = \"none\"\n".repeat(501);
    course.file(
        &format!("{FOLDER}/challenges/Cargo.toml"),
        format!("[package]\nname = \"greeting-challenges\"\n{many}"),
    );
    let told = course.only().diagnostics;
    assert_eq!(told.len(), 501);
    let last = told.last().map(short);
    let expected = "- error: one more thing is wrong with this file / the first 500 are told";
    assert_eq!(last.as_deref(), Some(expected));
}

/// A page is as wrong as its worst mistake, told or not.
#[test]
fn warnings_alone_leave_a_page_valid_however_many_they_are() {
    let many = "<prot>\n".repeat(2000);
    let odd = page().with(
        "hello\n```\n\n## Challenge",
        &format!("{many}```\n\n## Challenge"),
    );
    let lesson = Lesson::of_page(odd.0.clone());
    assert_eq!(lesson.diagnostics.len(), 501);
    assert!(lesson.is_valid());
    let wrong = odd.with("Not greeting.\n", "");
    let lesson = Lesson::of_page(wrong.0);
    assert_eq!(lesson.diagnostics.len(), 501);
    assert!(!lesson.is_valid());
}

#[test]
fn a_warning_leaves_the_lesson_valid() {
    let page = page().with("```text run=greeting\nhello", "```text illustration\nhello");
    let lesson = Folder::with(&page).only();
    assert!(lesson.is_valid());
    assert_snapshot!(rendered(&page));
}
