//! The files behind a lesson: every one that its page shows a part of, or links to, and
//! all of its experiment, whole, on one page.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    ops::RangeInclusive,
    path::Path,
};

use lesson::{Lesson, Tie};

use crate::{
    block,
    html::{NEWLINE, count, escape, escape_lines},
};

/// The files that a lesson's book shows in any case, from its folder.
pub(crate) fn of(lesson: &Lesson) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for folder in ["experiment", "challenges/starters"] {
        files.extend(lesson.files_below(folder));
    }
    for block in &lesson.blocks {
        if let Tie::Listing(tie) = &block.tie {
            files.insert(tie.file.clone());
        }
    }
    for command in &lesson.front.commands {
        let words = command.args.iter().chain([&command.program]);
        files.extend(words.cloned());
    }
    files.retain(|file| lesson.text_of(file).is_ok());
    files
}

/// The name of the place at which a file stands on its lesson's page of sources.
pub(crate) fn anchor(file: &str) -> String {
    // Without a dot: mdBook takes `.md` in an address for a page of its own.
    let mut name = "file:".to_owned();
    for character in file.chars() {
        match character {
            '.' => name.push('_'),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '/' => name.push(character),
            other => {
                let _ = write!(name, "_{:x}_", u32::from(other));
            }
        }
    }
    name
}

/// Lines of a file that a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The first line and the last, counted from 1.
    first: usize,
    last: usize,
}

impl Mark {
    pub(crate) fn of(lines: &RangeInclusive<usize>) -> Self {
        Self {
            first: *lines.start(),
            last: *lines.end(),
        }
    }

    /// The name of the place on the lesson's page of sources.
    pub(crate) fn anchor(self, file: &str) -> String {
        let name = anchor(file);
        if self.first == self.last {
            format!("{name}:L{}", self.first)
        } else {
            format!("{name}:L{}-L{}", self.first, self.last)
        }
    }
}

/// What holds others comes before them.
impl Ord for Mark {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.first, Reverse(self.last)).cmp(&(other.first, Reverse(other.last)))
    }
}

impl PartialOrd for Mark {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A file's lines, each one an element, which the style sheet numbers. A mark that begins
/// within another ends with it at the latest, as elements do.
fn numbered(file: &str, text: &str, marks: &BTreeSet<Mark>) -> String {
    let mut marks = marks.iter().peekable();
    let mut open: Vec<usize> = Vec::new();
    let mut html = String::new();
    for (number, line) in (1..).zip(text.lines()) {
        while let Some(mark) = marks.next_if(|mark| mark.first == number) {
            let _ = write!(html, "<span class=\"marked\" id=\"{}\">", mark.anchor(file));
            let within = open.last().copied().unwrap_or(usize::MAX);
            open.push(mark.last.min(within));
        }
        let _ = write!(html, "<span class=\"line\">{}</span>", escape_lines(line));
        while open.pop_if(|last| *last == number).is_some() {
            html.push_str("</span>");
        }
        html.push_str(NEWLINE);
    }
    // The file may have lost lines since the links were followed.
    html.push_str(&"</span>".repeat(open.len()));
    html
}

/// The page of a lesson's sources.
pub(crate) fn page(lesson: &Lesson, files: &BTreeMap<String, BTreeSet<Mark>>) -> String {
    let mut html = format!(
        "<p class=\"crumbs\"><a href=\"../{}.html\">{}</a></p>\
         <h1 id=\"sources-of:{}\"><a class=\"header\" href=\"#sources-of:{0}\">Sources</a></h1>\
         <p>The files behind <a href=\"../{0}.html\">{1}</a>, whole. In the course they are in \
         <code>{}</code>.</p>",
        escape(&lesson.id),
        escape(&lesson.front.title),
        escape(&lesson.id),
        escape(&lesson::folder_of(lesson)),
    );
    for file in in_order(files.keys().cloned()) {
        let file = &file;
        // It was read before, when the list was made; it may have gone since.
        let Ok(text) = lesson.text_of(file) else {
            continue;
        };
        let anchor = anchor(file);
        let language = Path::new(file)
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        let _ = write!(
            html,
            "<section class=\"source\"><h2 id=\"{anchor}\"><a class=\"header\" href=\"#{anchor}\">{}</a></h2>\
             <p class=\"length\">{}</p>{}</section>",
            escape(file),
            count(text.lines().count(), "line"),
            block::framed(language, &numbered(file, &text, &files[file])),
        );
    }
    html
}

/// The files in the order in which a reader wants them.
pub(crate) fn in_order(files: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut files: Vec<String> = files.into_iter().collect();
    files.sort_by_cached_key(|file| (place(file), file.clone()));
    files
}

/// The order in which a reader wants the files: the experiment's story first, then what
/// it is made of, its further programs, and where the challenges begin.
fn place(file: &str) -> u8 {
    if file == "experiment/src/main.rs" {
        0
    } else if file.starts_with("experiment/src/bin/") {
        2
    } else if file.starts_with("experiment/src/") {
        1
    } else if file.starts_with("challenges/") {
        4
    } else {
        3
    }
}
