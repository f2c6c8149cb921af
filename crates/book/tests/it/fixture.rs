//! Small courses in temporary folders, and the books made of them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot make its book has failed"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use book::{BookError, Challenge, Commit, Facts, Requirement};
use lesson::Course;
use tempfile::TempDir;

/// The folder of the lesson that [`Page::new`] is the page of.
pub(crate) const FOLDER: &str = "lessons/01-first-steps/01-greeting";

/// A page that can be changed in single places.
#[derive(Clone)]
pub(crate) struct Page(pub(crate) String);

impl Page {
    /// A page with nothing wrong. Its program is a command, so that nothing has to be
    /// built.
    pub(crate) fn new() -> Self {
        Self(
            r"---
id: greeting
phase: 1
phase_title: First Steps
sequence: 1
title: A Greeting
difficulty: beginner
tags: [hello]
prerequisites: []
estimated_minutes: 5
commands:
  greet: [sh, greet.sh]
---

## Concept

Programs greet.

## Key Insight

> A greeting is a line.

## Experiment

```sh file=greet.sh
echo hello
```

## Expected Output

```text run=greet
hello
```

## Challenge

1. `shout`: greet loudly

## Deep Dive

There is more.

## Common Mistakes

Not greeting.
"
            .to_owned(),
        )
    }

    /// Another text in place of one that has to be there, once.
    pub(crate) fn with(&self, text: &str, other: &str) -> Self {
        assert_eq!(self.0.matches(text).count(), 1, "{text:?} in the page");
        Self(self.0.replacen(text, other, 1))
    }

    /// With this in its section Deep Dive.
    pub(crate) fn saying(&self, text: &str) -> Self {
        self.with("There is more.", text)
    }

    /// With this section On the Wire.
    pub(crate) fn on_the_wire(&self, lines: &str) -> Self {
        self.with(
            "## Challenge\n",
            &format!("## On the Wire\n\n```text wire=greet\n{lines}```\n\n## Challenge\n"),
        )
    }

    /// The page of another lesson of the same phase.
    pub(crate) fn of(&self, id: &str, sequence: u32) -> Self {
        self.with("\nid: greeting", &format!("\nid: {id}"))
            .with("sequence: 1", &format!("sequence: {sequence}"))
    }
}

/// A course, and room for its book; both are gone after the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A course of one lesson with this page, and what it shows.
    pub(crate) fn with(page: &Page) -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        folder.lesson(FOLDER, page);
        folder
    }

    /// The course that this book is made for, and one more lesson.
    pub(crate) fn with_all_lessons(page: &Page) -> Self {
        let folder = Self::with(page);
        let lessons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lessons");
        copy(&lessons, &folder.path("lessons"));
        folder
    }

    /// Adds a lesson.
    pub(crate) fn lesson(&self, folder: &str, page: &Page) {
        self.file(&format!("{folder}/lesson.md"), &page.0);
        self.file(&format!("{folder}/greet.sh"), "echo hello\n");
        self.file(&format!("{folder}/challenges/Cargo.toml"), "");
        self.file(&format!("{folder}/challenges/src/shout.rs"), "//! Shout.\n");
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, content).expect("a file");
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn course(&self) -> Course {
        Course::open(self.0.path()).expect("a course")
    }

    /// Makes the book of it, in the folder `book`.
    pub(crate) fn build(&self, facts: &Facts) -> Result<PathBuf, BookError> {
        book::build(&self.course(), facts, &self.path("book"))
    }

    /// Makes the book, which has to succeed.
    pub(crate) fn built(&self) -> &Self {
        if let Err(error) = self.build(&facts()) {
            panic!("{error}");
        }
        self
    }

    /// What is wrong with the book.
    pub(crate) fn refused(&self) -> String {
        match self.build(&facts()) {
            Ok(_) => panic!("a book was made of it"),
            Err(error) => error.to_string(),
        }
    }

    /// What stands on a page of the book, without what mdBook puts around it.
    pub(crate) fn main_of(&self, page: &str) -> String {
        let html = fs::read_to_string(self.path("book").join(page)).expect("a page");
        let (_, rest) = html.split_once("<main>").expect("a page has a main part");
        let (main, _) = rest.split_once("</main>").expect("it ends");
        let lines: Vec<&str> = main.trim().lines().map(str::trim_end).collect();
        lines.join("\n")
    }

    /// The same of the page of the lesson.
    pub(crate) fn main(&self) -> String {
        self.main_of("lessons/greeting.html")
    }
}

/// What is known of a course whose lesson sets one challenge.
pub(crate) fn facts() -> Facts {
    Facts {
        proved: true,
        commit: Some(Commit {
            hash: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            dirty: false,
        }),
        challenges: [("greeting".to_owned(), vec![challenge("shout")])].into(),
    }
}

pub(crate) fn challenge(name: &str) -> Challenge {
    let requirement = |name: &str, reason: &str| Requirement {
        name: name.to_owned(),
        reason: reason.to_owned(),
    };
    Challenge {
        name: name.to_owned(),
        summary: "greets".to_owned(),
        requirements: vec![
            requirement("it greets", "a program that says `nothing` greets nobody"),
            requirement("a \\r just before the <end> belongs to it", "so it is"),
        ],
    }
}

/// Copies the pages and files of lessons, without what was built of them.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            if entry.file_name() != "target" {
                copy(&entry.path(), &to);
            }
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
