//! Where the links of a page lead in the book, and what it shows or copies because of
//! them. The `lesson` crate knows where they lead in the course.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use lesson::{Course, Destination, Lesson};

use crate::sources;

/// What the pages link to.
pub(crate) struct Links<'c> {
    course: lesson::Links<'c>,
    /// By lesson, the files that the book shows as text.
    sources: RefCell<Files>,
    /// By lesson, the files that the book copies as they are.
    copies: RefCell<Files>,
}

/// The file in which a link stands.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) lesson: &'a Lesson,
    /// The Markdown file, from the lesson's folder.
    pub(crate) file: &'a str,
}

impl<'c> Links<'c> {
    pub(crate) fn new(course: &'c Course) -> Self {
        let sources = course
            .lessons
            .iter()
            .map(|lesson| (lesson.id.clone(), sources::of(lesson)))
            .collect();
        Self {
            course: lesson::Links::of(&course.lessons),
            sources: RefCell::new(sources),
            copies: RefCell::default(),
        }
    }

    /// By lesson the files to show, and the files to copy.
    pub(crate) fn into_parts(self) -> (Files, Files) {
        (self.sources.into_inner(), self.copies.into_inner())
    }

    /// The address of a file's text, or of lines of it, from a lesson's page.
    pub(crate) fn to_source(
        &self,
        lesson: &Lesson,
        file: &str,
        lines: Option<&RangeInclusive<usize>>,
    ) -> Option<String> {
        let sources = self.sources.borrow();
        let shown = sources.get(&lesson.id)?;
        shown.contains(file).then(|| source(lesson, file, lines))
    }

    /// Where a link leads, from a lesson's page. `None` where it leads nowhere: the
    /// lesson's diagnostics tell.
    pub(crate) fn follow(&self, target: &str, origin: Origin<'_>) -> Option<String> {
        let Origin { lesson, file } = origin;
        let destination = self.course.follow(target, lesson, file).ok()?;
        Some(match destination {
            Destination::Elsewhere => target.to_owned(),
            Destination::Page { lesson, anchor } => {
                let page = if target.starts_with('#') {
                    String::new()
                } else {
                    format!("{}.html", lesson.id)
                };
                anchor.map_or(page.clone(), |anchor| format!("{page}#{anchor}"))
            }
            Destination::Text {
                lesson,
                file,
                lines,
            } => {
                self.show(lesson, [file.as_str()]);
                source(lesson, &file, lines.as_ref())
            }
            Destination::Folder { lesson, files } => {
                let files = sources::in_order(files);
                self.show(lesson, files.iter().map(String::as_str));
                source(lesson, files.first()?, None)
            }
            Destination::Bytes { lesson, file } => self.copy(lesson, &file),
        })
    }

    /// Where an image is, from a lesson's page; likewise.
    pub(crate) fn image(&self, target: &str, origin: Origin<'_>) -> Option<String> {
        let Origin { lesson, file } = origin;
        match self.course.image(target, lesson, file).ok()? {
            Destination::Bytes { lesson, file } => Some(self.copy(lesson, &file)),
            _ => None,
        }
    }

    /// Notes that files are to be shown.
    fn show<'f>(&self, lesson: &Lesson, files: impl IntoIterator<Item = &'f str>) {
        let mut sources = self.sources.borrow_mut();
        let shown = sources.entry(lesson.id.clone()).or_default();
        shown.extend(files.into_iter().map(str::to_owned));
    }

    /// Notes that a file is to be copied; gives its address.
    fn copy(&self, lesson: &Lesson, file: &str) -> String {
        self.copies
            .borrow_mut()
            .entry(lesson.id.clone())
            .or_default()
            .insert(file.to_owned());
        format!("{}/{}", lesson.id, encoded(file))
    }
}

/// Files of lessons, by the lesson's id.
pub(crate) type Files = BTreeMap<String, BTreeSet<String>>;

/// The address of a file that the book shows.
fn source(lesson: &Lesson, file: &str, lines: Option<&RangeInclusive<usize>>) -> String {
    let _ = lines;
    format!("{}/sources.html#{}", lesson.id, sources::anchor(file))
}

/// A path as an address has it.
fn encoded(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEEP: AsciiSet = NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    utf8_percent_encode(path, &KEEP).to_string()
}
