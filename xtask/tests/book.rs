//! `book`, as far as it needs no book: pages that do not hold make none. What a book
//! looks like is the package `book`'s to test.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use course::{Course, Page, judged};

#[test]
fn no_book_is_made_of_pages_that_do_not_hold() {
    let course = Course::of(&Page::new("echo two", "one\n"));
    let told = course.xtask(&["book"]);
    assert_eq!(told.code, 1);
    assert!(told.stdout.contains("mismatch"), "{}", told.stdout);
    assert!(
        told.stderr
            .contains("no book is made of pages that do not hold"),
        "{}",
        told.stderr
    );
    assert!(!course.root().join("target/book").exists());
}

#[test]
fn no_book_is_made_of_a_page_that_was_saved_since_it_was_proved() {
    let course = judged::course();
    // A judge is built once the pages are proved.
    let saves = r#"fn main() {
        let page = std::fs::read_to_string("../lesson.md").unwrap();
        std::fs::write("../lesson.md", page.replace("Four.", "Five.")).unwrap();
    }"#;
    judged::challenge(&course, "build.rs", saves);
    let told = course.xtask(&["book"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    for part in [
        "saved since the pages were proved: lessons/01-tests/01-echo/lesson.md",
        "run `cargo xtask book` again",
    ] {
        assert!(told.stderr.contains(part), "{part}: {}", told.whole());
    }
    assert!(!course.root().join("target/book").exists());
}
