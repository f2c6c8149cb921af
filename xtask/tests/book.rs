//! `book`, as far as it needs no book: pages that do not hold make none. What a book
//! looks like is the package `book`'s to test.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use course::{Course, Page};

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
