//! `bless`, seen from outside: what it writes, what it keeps, what it refuses.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::fs;

use course::{Course, Page};

fn page_of(course: &Course) -> String {
    fs::read_to_string(course.lesson("echo", 1).join("lesson.md")).unwrap()
}

#[test]
fn a_changed_line_is_written_and_every_other_keeps_its_placeholders() {
    let script = "echo on port $$; echo new; echo 'the end'";
    let course = Course::of(&Page::new(script, "on port <number:n>\nold\nthe end\n"));
    let told = course.xtask(&["bless"]);
    insta::assert_snapshot!(told.whole());
    assert!(page_of(&course).contains("on port <number:n>\nnew\nthe end\n"));
    assert_eq!(course.xtask(&["check"]).code, 0);
}

#[test]
fn a_second_bless_changes_nothing() {
    let course = Course::of(&Page::new("echo $$ and more", ""));
    assert_eq!(course.xtask(&["bless"]).code, 0);
    let once = page_of(&course);
    let told = course.xtask(&["bless"]);
    assert_eq!(page_of(&course), once);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_dry_run_shows_the_change_and_writes_nothing() {
    let course = Course::of(&Page::new("echo new", "old\n"));
    let before = page_of(&course);
    let told = course.xtask(&["bless", "--dry-run"]);
    assert_eq!(page_of(&course), before);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_placeholder_that_the_page_loses_is_told() {
    let course = Course::of(&Page::new(
        "echo nothing varies",
        "took <duration> in all\n",
    ));
    let told = course.xtask(&["bless"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_program_that_fails_blesses_nothing() {
    let course = Course::of(&Page::new("echo new; exit 3", "old\n"));
    let before = page_of(&course);
    let told = course.xtask(&["bless"]);
    assert_eq!(page_of(&course), before);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_listing_is_taken_from_its_file() {
    let page = Page::new("echo hello", "hello\n").block("file=story.txt", "");
    let course = Course::of(&page);
    fs::write(
        course.lesson("echo", 1).join("story.txt"),
        "It was a bright night.\n",
    )
    .unwrap();
    assert_eq!(course.xtask(&["bless"]).code, 0);
    assert!(page_of(&course).contains("It was a bright night.\n"));
    assert_eq!(course.xtask(&["check"]).code, 0);
}

#[test]
fn a_page_that_changes_meanwhile_is_not_written() {
    let course = Course::of(&Page::new(
        "echo '<!-- mine -->' >> lesson.md; echo new",
        "old\n",
    ));
    let told = course.xtask(&["bless"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    let page = page_of(&course);
    assert!(page.contains("old\n") && page.contains("mine"), "{page}");
}
