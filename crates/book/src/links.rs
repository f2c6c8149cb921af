//! Where the links of a page lead in the book, and what it shows or copies because of
//! them. The `lesson` crate knows where they lead in the course.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use lesson::{Course, Destination, Lesson};

use crate::sources::{self, Mark};

/// What the pages link to.
pub(crate) struct Links<'c> {
    course: lesson::Links<'c>,
    sources: RefCell<Sources>,
    copies: RefCell<Copies>,
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
        let sources = course.lessons.iter().map(|lesson| {
            let files = sources::of(lesson).into_iter();
            let unmarked = files.map(|file| (file, BTreeSet::new()));
            (lesson.id.clone(), unmarked.collect())
        });
        Self {
            course: lesson::Links::of(&course.lessons),
            sources: RefCell::new(sources.collect()),
            copies: RefCell::default(),
        }
    }

    /// What the book shows, and what it copies.
    pub(crate) fn into_parts(self) -> (Sources, Copies) {
        (self.sources.into_inner(), self.copies.into_inner())
    }

    /// The address of a file's text, or of lines of it, from a lesson's page.
    pub(crate) fn to_source(
        &self,
        lesson: &Lesson,
        file: &str,
        lines: Option<&RangeInclusive<usize>>,
    ) -> Option<String> {
        let is_shown = self.sources.borrow().get(&lesson.id)?.contains_key(file);
        is_shown.then(|| self.show(lesson, file, lines))
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
            } => self.show(lesson, &file, lines.as_ref()),
            Destination::Folder { lesson, files } => {
                let files = sources::in_order(files);
                let shown: Vec<_> = files
                    .iter()
                    .map(|file| self.show(lesson, file, None))
                    .collect();
                shown.into_iter().next()?
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

    /// Notes that a file is to be shown, and that these lines of it are to be a place to
    /// go to; gives the address.
    fn show(&self, lesson: &Lesson, file: &str, lines: Option<&RangeInclusive<usize>>) -> String {
        let mut sources = self.sources.borrow_mut();
        let shown = sources.entry(lesson.id.clone()).or_default();
        let marks = shown.entry(file.to_owned()).or_default();
        let anchor = match lines {
            Some(lines) => {
                let mark = Mark::of(lines);
                marks.insert(mark);
                mark.anchor(file)
            }
            None => sources::anchor(file),
        };
        format!("{}/sources.html#{anchor}", lesson.id)
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

/// By lesson's id, the files that the book shows as text, and what of each is a place to
/// go to.
pub(crate) type Sources = BTreeMap<String, BTreeMap<String, BTreeSet<Mark>>>;

/// By lesson's id, the files that the book copies as they are.
pub(crate) type Copies = BTreeMap<String, BTreeSet<String>>;

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
