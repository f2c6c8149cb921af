//! Small courses, made for one test each.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot make its course has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use lesson::{Course, Diagnostic, Lesson};
use tempfile::TempDir;

/// The folder of the lesson that [`page`] is the page of.
pub(crate) const FOLDER: &str = "lessons/01-first-steps/01-greeting";

/// A page with nothing wrong, of a lesson with an experiment and challenges.
pub(crate) fn page() -> Page {
    Page(
        r#"---
id: greeting
phase: 1
phase_title: First Steps
sequence: 1
title: A Greeting
difficulty: beginner
tags: [hello]
prerequisites: []
estimated_minutes: 5
---

## Concept

Programs greet.

## Key Insight

> A greeting is a line.

## Experiment

```rust file=experiment/src/main.rs
fn main() {
    println!("hello");
}
```

## Expected Output

```text run=greeting
hello
```

## Challenge

1. `shout`: greet loudly

## Deep Dive

There is more.

## Common Mistakes

Not greeting.
"#
        .to_owned(),
    )
}

/// A page that can be changed in single places.
#[derive(Clone)]
pub(crate) struct Page(pub(crate) String);

impl Page {
    /// Another text in place of one that has to be there, once.
    pub(crate) fn with(&self, text: &str, other: &str) -> Self {
        assert_eq!(self.0.matches(text).count(), 1, "{text:?} in the page");
        Self(self.0.replacen(text, other, 1))
    }

    /// The page of another lesson of the same phase.
    pub(crate) fn of(&self, id: &str, sequence: u32) -> Self {
        let page = self
            .with("\nid: greeting", &format!("\nid: {id}"))
            .with("sequence: 1", &format!("sequence: {sequence}"));
        page.with("run=greeting", &format!("run={id}"))
    }
}

/// A course in a folder of its own, which is gone after the test.
pub(crate) struct Folder(TempDir);

impl Folder {
    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    /// A course of one lesson with this page, and all that it needs.
    pub(crate) fn with(page: &Page) -> Self {
        let course = Self::empty();
        course.lesson(FOLDER, "greeting", page);
        course
    }

    /// Adds a lesson, with all that its page needs.
    pub(crate) fn lesson(&self, folder: &str, id: &str, page: &Page) {
        self.file(&format!("{folder}/lesson.md"), &page.0);
        let main = "fn main() {\n    println!(\"hello\");\n}\n";
        self.file(&format!("{folder}/experiment/src/main.rs"), main);
        self.manifest(&format!("{folder}/experiment"), id);
        self.manifest(&format!("{folder}/challenges"), &format!("{id}-challenges"));
        self.file(
            &format!("{folder}/challenges/src/main.rs"),
            "fn main() {}\n",
        );
        self.file(&format!("{folder}/challenges/src/shout.rs"), "//! Shout.\n");
    }

    pub(crate) fn manifest(&self, folder: &str, name: &str) {
        let text = format!("[package]\nname = \"{name}\"\n");
        self.file(&format!("{folder}/Cargo.toml"), &text);
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

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn open(&self) -> Course {
        Course::open(self.root()).expect("a course")
    }

    /// The only lesson.
    pub(crate) fn only(&self) -> Lesson {
        let mut lessons = self.open().lessons;
        assert_eq!(lessons.len(), 1);
        lessons.remove(0)
    }
}

/// What is wrong with a page in a folder that is right.
pub(crate) fn told(page: &Page) -> Vec<String> {
    Folder::with(page)
        .only()
        .diagnostics
        .iter()
        .map(short)
        .collect()
}

/// What is wrong with a page, as one text: the rendering of each diagnostic.
pub(crate) fn rendered(page: &Page) -> String {
    all(&Folder::with(page).only().diagnostics)
}

pub(crate) fn all(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

/// A diagnostic on one line: its line and column, what is wrong, what to do.
pub(crate) fn short(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.as_ref();
    let place = place.map_or("-".to_owned(), |place| {
        format!("{}:{}", place.line, place.column)
    });
    let help = diagnostic.help.as_deref().unwrap_or("nothing");
    format!(
        "{place} {}: {} / {help}",
        diagnostic.severity, diagnostic.message
    )
}
