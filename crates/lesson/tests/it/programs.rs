//! The runs that a page asks for, and the crates that give the programs.

use std::fs;

use insta::assert_debug_snapshot;
use lesson::{Lesson, Program};

use crate::fixture::{FOLDER, Folder, Page, page, short};

fn with_blocks(blocks: &str) -> Page {
    page().with("```text run=greeting\nhello\n```\n", blocks)
}

fn told(course: &Folder) -> Vec<String> {
    let lesson = course.only();
    let told = lesson.diagnostics.iter().map(|one| {
        let file = one.file.strip_prefix(FOLDER).unwrap_or(&one.file);
        format!("{} {}", file.display(), short(one))
    });
    told.collect()
}

/// One run is one program with one list of arguments.
#[test]
fn blocks_about_the_same_run_are_held_against_one() {
    let page = with_blocks(
        "```text run=greeting exit=3
hello
```
```text stderr=greeting
oh
```
```text run=greeting args=\"--to you\"
hello you
```
```text stderr=greeting args=\"--to  you\" exit=SIGTERM
oh
```
```text wire=greeting
[client] FIN
```
```text run=loud
HELLO
```
```text run=greeting
hello
```
",
    );
    let lesson = Lesson::of_page(page.0);
    assert_eq!(lesson.diagnostics, []);
    assert_debug_snapshot!(lesson.programs());
}

#[test]
fn how_a_run_ends_is_said_once() {
    let block = "```text run=greeting exit=1\nhello\n```\n";
    let page = with_blocks(&format!("{block}{block}"));
    let told: Vec<_> = Lesson::of_page(page.0)
        .diagnostics
        .iter()
        .map(short)
        .collect();
    assert_eq!(
        told,
        [
            "34:13 error: how this run ends is said twice, first on line 31 / say `exit=` once for each run: take it away here"
        ]
    );
}

#[test]
fn a_command_is_a_program_too() {
    let page = with_blocks("```text run=serve\nhello\n```\n").with(
        "---\n\n## Concept",
        "commands:\n  serve: [node, server.mjs]\n---\n\n## Concept",
    );
    let lesson = Folder::with(&page).only();
    assert_eq!(lesson.diagnostics, []);
    let run = &lesson.programs()[0];
    assert_eq!(run.program, Program::Command("serve".to_owned()));
    assert_eq!(run.program.name(), "serve");
    assert_eq!(run.stdout, [1]);
}

#[test]
fn every_way_to_give_a_binary_is_known() {
    let blocks = "```text run=loud\nHELLO\n```\n```text run=soft\nhello\n```\n```text run=greeting-other\nhello\n```\n";
    let course = Folder::with(&with_blocks(blocks));
    course.file(&format!("{FOLDER}/experiment/src/bin/greeting-loud.rs"), "");
    course.file(
        &format!("{FOLDER}/experiment/src/bin/greeting-soft/main.rs"),
        "",
    );
    course.file(&format!("{FOLDER}/experiment/src/other.rs"), "");
    course.file(
        &format!("{FOLDER}/experiment/Cargo.toml"),
        "[package]\nname = \"greeting\"\n\n[[bin]]\nname = \"greeting-other\"\npath = \"src/other.rs\"\n",
    );
    assert_eq!(told(&course), Vec::<String>::new());
    let lesson = course.only();
    let names: Vec<_> = lesson
        .programs()
        .iter()
        .map(|run| run.program.name())
        .collect();
    assert_eq!(names, ["greeting-loud", "greeting-soft", "greeting-other"]);
    assert!(lesson.has_experiment && lesson.has_challenges);
}

#[test]
fn a_program_that_nobody_gives_is_told() {
    let course = Folder::with(&with_blocks(
        "```text run=lud\nhello\n```\n```text run=sing\nla\n```\n",
    ));
    course.file(&format!("{FOLDER}/experiment/src/bin/greeting-loud.rs"), "");
    assert_eq!(
        told(&course),
        [
            "lesson.md 31:13 error: this lesson has no program `lud` / did you mean `loud`?",
            "lesson.md 34:13 error: this lesson has no program `sing` / its programs are `greeting`, `greeting-loud`; a further one would be `experiment/src/bin/greeting-sing.rs`",
        ]
    );
}

#[test]
fn a_program_that_is_still_to_be_written_is_given_its_file() {
    let blocks = "```text run=greeting\nhello\n```\n```text run=greetingtour\nla\n```\n```text run=greeting-sing\nla\n```\n";
    let page = with_blocks(blocks).with(
        "```rust file=experiment/src/main.rs",
        "```rust illustration",
    );
    let course = Folder::with(&page);
    fs::remove_file(course.path(&format!("{FOLDER}/experiment/src/main.rs"))).unwrap();
    course.file(&format!("{FOLDER}/experiment/src/bin/greeting-loud.rs"), "");
    assert_eq!(
        told(&course),
        [
            "lesson.md 31:13 error: this lesson has no program `greeting` / its programs are `greeting-loud`; a further one would be `experiment/src/main.rs`",
            "lesson.md 34:13 error: this lesson has no program `greetingtour` / its programs are `greeting-loud`; a further one would be `experiment/src/bin/greeting-greetingtour.rs`",
            "lesson.md 37:13 error: this lesson has no program `greeting-sing` / its programs are `greeting-loud`; a further one would be `experiment/src/bin/greeting-sing.rs`",
        ]
    );
}

#[test]
fn a_lesson_without_crates_is_told_how_to_get_them() {
    let course = Folder::empty();
    let page = page().with(
        "```rust file=experiment/src/main.rs",
        "```rust illustration",
    );
    course.file(&format!("{FOLDER}/lesson.md"), page.0);
    assert_eq!(
        told(&course),
        [
            "lesson.md 31:13 error: this lesson has no program `greeting` / give it a program: a crate `experiment/`, or `commands:` in the front matter",
            "lesson.md 37:4 error: nothing judges the challenge `shout` / the lesson has no judge: give it a crate `challenges/`, as `cargo xtask new` lays out, with `challenges/src/shout.rs`"
        ]
    );
    let lesson = course.only();
    assert!(!lesson.has_experiment && !lesson.has_challenges);
}

/// The binaries of all lessons share one folder.
#[test]
fn every_binary_begins_with_the_lessons_id() {
    let course = Folder::with(&page());
    for file in ["loud.rs", "soft/main.rs", "greetings.rs", "b.rs"] {
        course.file(&format!("{FOLDER}/experiment/src/bin/{file}"), "");
    }
    assert_eq!(
        told(&course),
        [
            "experiment/src/bin/b.rs - error: the binary `b` does not begin with its lesson's id / rename it: `src/bin/greeting-b.rs`; pages may still write `run=b`",
            "experiment/src/bin/greetings.rs - error: the binary `greetings` does not begin with its lesson's id / rename it: `src/bin/greeting-greetings.rs`; pages may still write `run=greetings`",
            "experiment/src/bin/loud.rs - error: the binary `loud` does not begin with its lesson's id / rename it: `src/bin/greeting-loud.rs`; pages may still write `run=loud`",
            "experiment/src/bin/soft - error: the binary `soft` does not begin with its lesson's id / rename it: `src/bin/greeting-soft`; pages may still write `run=soft`",
        ]
    );
}

/// Editors and systems leave such files behind; cargo takes none for a program.
#[test]
fn hidden_names_are_no_binaries_and_no_judges() {
    let course = Folder::with(&page());
    for file in [
        "experiment/src/bin/.#loud.rs",
        "experiment/src/bin/.soft/main.rs",
        "challenges/src/bin/._loud.rs",
    ] {
        course.file(&format!("{FOLDER}/{file}"), "");
    }
    assert_eq!(told(&course), Vec::<String>::new());
    assert_eq!(
        course.only().binaries,
        ["greeting", "greeting-challenges"].map(str::to_owned)
    );

    let shout = |name: &str| course.path(&format!("{FOLDER}/challenges/src/{name}.rs"));
    fs::rename(shout("shout"), shout(".shout")).unwrap();
    assert_eq!(
        told(&course),
        [
            "lesson.md 37:4 error: nothing judges the challenge `shout` / write its judge, `challenges/src/shout.rs`"
        ]
    );
}

#[test]
fn what_is_wrong_with_a_manifest_is_told_there() {
    #[rustfmt::skip]
    let cases = [
        ("experiment", "[package]\nname = \"hello\"\n", "experiment/Cargo.toml 2:8 error: this package is called `hello` / call it `greeting`: the binaries of all lessons share one folder, so each has its lesson's id"),
        ("challenges", "[package]\nname = \"hello\"\n", "challenges/Cargo.toml 2:8 error: this package is called `hello` / call it `greeting-challenges`: the binaries of all lessons share one folder, so each has its lesson's id"),
        ("challenges", "[package]\nname = \n", "challenges/Cargo.toml 2:8 error: this is not a manifest: string values must be quoted, expected literal string / nothing"),
        ("challenges", "[package]\nname = 1\n", "challenges/Cargo.toml 2:8 error: this is not a manifest: invalid type: integer `1`, expected a string / nothing"),
        ("experiment", "[package]\nname = \"greeting\"\n[[bin]]\nname = \"loud\"\n", "experiment/Cargo.toml 4:8 error: the binary `loud` does not begin with its lesson's id / call it `greeting-loud`"),
        ("challenges", "[package]\nname = \"greeting-challenges\"\n[[bin]]\nname = \"greeting-starter-shout\"\npath = \"starters/shout.rs\"\n", "challenges/Cargo.toml 5:8 error: there is no file `starters/shout.rs` / write it, or take this binary away"),
    ];
    for (folder, manifest, expected) in cases {
        let course = Folder::with(&page());
        course.file(&format!("{FOLDER}/{folder}/Cargo.toml"), manifest);
        let mut told = told(&course);
        told.retain(|one| !one.contains("no program"));
        assert_eq!(told, [expected], "{manifest:?}");
    }
}

/// What people type is read as what a page writes.
#[test]
fn a_lesson_finds_its_programs_by_name() {
    let commands = "commands:\n  serve: [node, server.mjs]\n---\n\n## Concept";
    let course = Folder::with(&page().with("---\n\n## Concept", commands));
    course.file(&format!("{FOLDER}/experiment/src/bin/greeting-loud.rs"), "");
    let lesson = course.only();
    for (written, expected) in [
        ("greeting", Ok(Program::Binary("greeting".to_owned()))),
        ("loud", Ok(Program::Binary("greeting-loud".to_owned()))),
        ("serve", Ok(Program::Command("serve".to_owned()))),
        ("lod", Err("did you mean `loud`?".to_owned())),
    ] {
        assert_eq!(lesson.program(written), expected, "{written}");
    }
}
