//! `new`, seen from outside: a lesson that passes every check as it stands, and what it
//! refuses.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{fmt::Write as _, fs};

use course::{Course, Page};

/// A course of two lessons, `echo` and `other`, in a workspace that is never built.
fn course() -> Course {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    course.add(&Page::named("other", 2));
    let root = course.root();
    fs::write(root.join("Cargo.toml"), "[workspace]\n").unwrap();
    let lock = "version = 4\n\n[[package]]\nname = \"tokio\"\nversion = \"1.0.0\"\n";
    fs::write(root.join("Cargo.lock"), lock).unwrap();
    course
}

/// All that is below the course's `lessons`.
fn files(course: &Course) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![course.root().join("lessons")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            files.push(
                path.strip_prefix(course.root())
                    .unwrap()
                    .display()
                    .to_string(),
            );
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn a_new_lesson_passes_every_check_as_it_stands() {
    let course = Course::workspace();
    // A name that no lesson has: its programs are in the folder of all programs.
    let told = course.xtask(&[
        "new",
        "laid-out-by-a-test",
        "--phase-title",
        "What's next: \"tests\"",
        "--challenge",
        "say-hello",
        "--challenge",
        "answer",
    ]);
    assert_eq!(told.code, 0, "{}", told.whole());
    // And so it does with further challenges.
    let told = course.xtask(&[
        "new",
        "--into",
        "laid-out",
        "--challenge",
        "knock",
        "--challenge",
        "wait-for-an-answer",
    ]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let told = course.xtask(&["check", "--challenges"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let sum = "(page, 1 listing, 1 run, 1 judge, 4 hint-pages, 4 solutions, 4 coverages, 4 starters, 16 stand-ins, 4 mutants)";
    assert!(told.stdout.contains(sum), "{}", told.whole());
    // Nothing of it is left for bless to write.
    let told = course.xtask(&["bless", "--dry-run"]);
    assert!(!told.stdout.contains("changed"), "{}", told.whole());
    // In another language it can be met, too.
    let told = course.cargo(&["test", "--package", "laid-out-by-a-test-challenges"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    // Not so with a program that does not build, even if the page does not run it.
    let lesson = fs::read_dir(course.root().join("lessons")).unwrap().next();
    let broken = lesson
        .unwrap()
        .unwrap()
        .path()
        .join("01-laid-out-by-a-test/experiment/src/bin/laid-out-by-a-test-broken.rs");
    fs::create_dir(broken.parent().unwrap()).unwrap();
    fs::write(broken, "fn main() {\n    five\n}\n").unwrap();
    let told = course.xtask(&["check"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    for part in [
        "unbuilt  laid-out-by-a-test  (build laid-out-by-a-test-broken)",
        "cannot find value `five`",
        "laid-out-by-a-test-broken.rs:2)",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.whole());
    }
}

#[test]
fn what_is_laid_out_and_how_to_go_on_is_told() {
    let course = course();
    let told = course.xtask(&["new", "message-framing", "--prerequisite", "1.2"]);
    insta::assert_snapshot!(told.whole());
    let page = course.lesson("message-framing", 3).join("lesson.md");
    let page = fs::read_to_string(page).unwrap();
    let front_matter = page.split("---").nth(1).unwrap();
    insta::assert_snapshot!("front_matter", front_matter.trim());
    assert!(!page.contains("{{"), "{page}");
}

#[test]
fn what_stands_in_the_way_of_a_lesson_is_told_all_at_once_and_nothing_is_written() {
    let course = course();
    fs::create_dir(course.root().join("lessons/01-tests/07-notes")).unwrap();
    // A judge that is not as `new` lays it out.
    let mutants = course.lesson("echo", 1).join("challenges/mutants.toml");
    fs::write(mutants, "").unwrap();
    let before = files(&course);
    let mut all = String::new();
    for args in [
        &["Message_Framing"][..],
        &["9p"],
        &["echo"],
        &["deps"],
        &["tokio", "--challenge", "match"],
        &["framing", "--phase", "2"],
        &["framing", "--phase-title", "Experiments"],
        &["framing", "--phase", "2", "--phase-title", "?!"],
        &["framing", "--sequence", "2"],
        &["framing", "--sequence", "7"],
        &["framing", "--prerequisite", "ecko"],
        &[
            "Framing",
            "--phase",
            "0",
            "--phase-title",
            "Before",
            "--prerequisite",
            "other",
            "--challenge",
            "Greet",
        ],
        &["framing", "--minutes", "0"],
        &["framing", "--difficulty", "hard"],
        &["framing", "--title", "one\ntwo"],
        &[],
        &["--into", "echo", "--title", "Framing"],
        &["--into", "ecko"],
        &[
            "--into",
            "echo",
            "--challenge",
            "five",
            "--challenge",
            "Match",
        ],
        &["--into", "echo", "--challenge", "say-six"],
    ] {
        let told = course.xtask(&[&["new"], args].concat());
        assert_eq!(told.code, 2, "{}", told.whole());
        writeln!(all, "$ xtask new {}\n{}", args.join(" "), told.stderr).unwrap();
    }
    insta::assert_snapshot!(all);
    assert_eq!(files(&course), before);
}

#[test]
fn behind_the_last_place_that_there_can_be_comes_no_lesson() {
    let course = course();
    let last = u32::MAX.to_string();
    let told = course.xtask(&["new", "last", "--sequence", &last]);
    assert_eq!(told.code, 0, "{}", told.whole());
    for (args, refusal) in [
        (
            &["new", "framing"][..],
            "nothing can come behind 1.4294967295",
        ),
        (
            &["new", "framing", "--sequence", &last],
            "1.4294967295 is taken by `last`: choose another",
        ),
    ] {
        let told = course.xtask(args);
        assert_eq!(told.code, 2, "{}", told.whole());
        assert!(told.stderr.contains(refusal), "{}", told.whole());
    }
    let told = course.xtask(&["new", "framing", "--sequence", "3"]);
    assert_eq!(told.code, 0, "{}", told.whole());
}

#[test]
fn a_folder_that_is_there_is_not_touched() {
    let course = course();
    let folder = course.lesson("framing", 3);
    fs::create_dir(&folder).unwrap();
    // Its number is taken, so a lesson without another goes behind it.
    assert_eq!(course.xtask(&["new", "framing"]).code, 0);
    assert!(course.lesson("framing", 4).join("lesson.md").exists());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}
