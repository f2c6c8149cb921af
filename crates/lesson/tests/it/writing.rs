//! Changing a page.

use std::fs;

use proptest::prelude::*;

use lesson::{Lesson, Listing, WriteError};

use crate::fixture::{FOLDER, Folder, Page, page};

#[test]
fn a_blocks_content_is_replaced_and_nothing_else() {
    let lesson = Lesson::of_page(page().0);
    let changed = lesson.with_block(&lesson.blocks[1], "goodbye\n\n  you\n");
    assert_eq!(
        changed,
        page()
            .with(
                "```text run=greeting\nhello\n",
                "```text run=greeting\ngoodbye\n\n  you\n"
            )
            .0
    );
    let empty = lesson.with_block(&lesson.blocks[1], "");
    assert_eq!(
        empty,
        page()
            .with("```text run=greeting\nhello\n", "```text run=greeting\n")
            .0
    );
    let same = lesson.with_block(&lesson.blocks[0], &lesson.blocks[0].content);
    assert_eq!(same, page().0);
}

#[test]
fn several_blocks_are_replaced_in_one_page() {
    let lesson = Lesson::of_page(page().0);
    let changes = [
        (&lesson.blocks[1], "goodbye\n"),
        (&lesson.blocks[0], "fn main() {}\n"),
    ];
    let page = Lesson::of_page(lesson.with_blocks(&changes));
    assert_eq!(page.blocks[0].content, "fn main() {}\n");
    assert_eq!(page.blocks[1].content, "goodbye\n");
}

#[test]
fn the_page_keeps_its_line_endings() {
    let windows = Page(page().0.replace('\n', "\r\n"));
    let lesson = Lesson::of_page(windows.0.clone());
    let changed = lesson.with_block(&lesson.blocks[1], "goodbye\nyou\n");
    assert_eq!(
        changed,
        windows
            .with("greeting\r\nhello\r\n", "greeting\r\ngoodbye\r\nyou\r\n")
            .0
    );
}

/// Blocks in all that a block may stand in.
const BLOCKS: [&str; 12] = [
    "```text illustration\nold\n```\n",
    "   ```text illustration\n   old\n   ```\n",
    "- ```text illustration\n  old\n  ```\n",
    "10. item\n\n    ```text illustration\n    old\n    ```\n",
    "> ```text illustration\n> old\n> ```\n",
    "> - ~~~text illustration\n>   old\n>   ~~~\n",
    "- ```text illustration\n  ```\n",
    "-\t```text illustration\n\told\n\t```\n",
    "````text illustration\nold\n`````\n",
    "```text illustration\nold\n```",
    "```text illustration\nold\n```   \n",
    "> ~~~text illustration\n> old\n> ~~~ \n",
];

/// A page with one of these blocks, which is its third.
fn page_with(block: &str) -> Lesson {
    let lesson = Lesson::of_page(page().with("Not greeting.\n", block).0);
    assert_eq!(lesson.diagnostics, [], "{block}");
    lesson
}

/// Whatever a block stands in, it reads as what was written.
fn check_written_is_read(block: &str, content: &str) {
    let lesson = page_with(block);
    let changed = Lesson::of_page(lesson.with_block(&lesson.blocks[2], content));
    assert_eq!(
        changed.diagnostics,
        [],
        "{block}{content}: {}",
        changed.source
    );
    let ending = if content.is_empty() || content.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let expected = format!("{content}{ending}");
    assert_eq!(
        changed.blocks[2].content, expected,
        "in {block}: {}",
        changed.source
    );
    assert_eq!(changed.blocks.len(), 3);
}

#[test]
fn what_is_written_into_a_block_is_what_is_read_from_it() {
    let contents = [
        "",
        "new\n",
        "\nnew\n\n",
        "  new\n\tline\n",
        "    ```\n",
        "```\n```text illustration\n",
        "  ````` \n~~~\n~~~~\n",
        "> quoted\n- item\n## Concept\n",
        "---\n<pre>\n",
        "new",
    ];
    for block in BLOCKS {
        for content in contents {
            check_written_is_read(block, content);
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_written_into_a_block_is_what_is_read_from_it(
        block in proptest::sample::select(&BLOCKS[..]),
        content in "([ >`~#é-]|[a-z<>&*\\\\]|\n|\t){0,60}",
    ) {
        check_written_is_read(block, &content);
    }
}

#[test]
fn a_listing_is_brought_up_to_date() {
    let course = Folder::with(&page().with("println!(\"hello\");", "println!(\"hi\");"));
    let lesson = course.only();
    let Some(Listing::Drifted { expected, .. }) = lesson.listing(&lesson.blocks[0]) else {
        panic!("a listing that has drifted");
    };
    lesson
        .write(&lesson.with_block(&lesson.blocks[0], &expected))
        .unwrap();
    let lesson = course.only();
    assert_eq!(lesson.source, page().0);
    assert_eq!(lesson.listing(&lesson.blocks[0]), Some(Listing::Same));
}

#[test]
fn a_page_that_has_changed_meanwhile_is_left_as_it_is() {
    let course = Folder::with(&page());
    let lesson = course.only();
    assert!(!lesson.has_changed().unwrap());
    let path = format!("{FOLDER}/lesson.md");
    course.file(&path, "mine");
    assert!(lesson.has_changed().unwrap());
    let error = lesson.write("yours").unwrap_err();
    assert!(matches!(error, WriteError::Changed { .. }));
    assert_eq!(
        error.to_string(),
        "`lessons/01-first-steps/01-greeting/lesson.md` has changed meanwhile, and was left as it is: try again"
    );
    assert_eq!(fs::read_to_string(course.path(&path)).unwrap(), "mine");

    fs::remove_file(course.path(&path)).unwrap();
    assert!(lesson.has_changed().is_err());
    assert!(matches!(lesson.write("yours"), Err(WriteError::Io { .. })));
    assert!(!course.path(&path).exists());

    fs::create_dir(course.path(&path)).unwrap();
    assert!(lesson.has_changed().unwrap());
}

#[test]
fn nothing_is_left_beside_a_page_that_was_written() {
    let course = Folder::with(&page());
    let names = || {
        let entries = fs::read_dir(course.path(FOLDER)).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    course.only().write("other").unwrap();
    assert_eq!(names(), before);
}

#[cfg(unix)]
#[test]
fn a_page_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let course = Folder::with(&page());
    let path = course.path(&format!("{FOLDER}/lesson.md"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    course.only().write("other").unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "other");
}
