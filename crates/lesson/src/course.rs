//! The course: every lesson under one root, in order.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::cores::on_every_core;
use crate::curriculum;
use crate::diagnostic::{Diagnostic, Severity};
use crate::folder;
use crate::lesson::Lesson;
use crate::link;
use crate::names::FolderName;
use crate::select::{self, SelectError};

/// A course, read whole.
#[derive(Debug)]
pub struct Course {
    /// The folder that holds `lessons/`.
    pub root: PathBuf,
    /// Every lesson, by phase and sequence.
    pub lessons: Vec<Lesson>,
    /// What is wrong with the course and belongs to no lesson.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is no course.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The root holds no `lessons/`.
    #[error("there is no course in `{}`: it holds no folder `lessons`", root.display())]
    NoLessons {
        /// The root that was given.
        root: PathBuf,
    },
    /// `lessons/` cannot be read.
    #[error("cannot read `{}`: {source}", folder.display())]
    Unreadable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Course {
    /// Reads and checks every lesson under `root`: each folder
    /// `lessons/PHASE/LESSON` with a `lesson.md` in it. No registration is needed.
    ///
    /// A page that is wrong is a lesson with diagnostics, and hides no other.
    ///
    /// # Errors
    ///
    /// Where there is no `lessons/` in `root`, or it cannot be read.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, OpenError> {
        let root = root.as_ref().to_owned();
        let mut found = Found::default();
        found.phases(&root)?;
        let mut lessons = Vec::new();
        let folders = std::mem::take(&mut found.lessons);
        let read = on_every_core(&folders, |folder| Lesson::read(&root.join(folder), folder));
        for (folder, lesson) in folders.iter().zip(read) {
            match lesson {
                Some(lesson) => lessons.push(lesson),
                None => found.tell_missing_page(&root, folder),
            }
        }
        curriculum::sort(&mut lessons);
        curriculum::check(&mut lessons);
        link::check(&mut lessons);
        Ok(Self {
            root,
            lessons,
            diagnostics: found.diagnostics,
        })
    }

    /// The lessons of these names, in the course's order, each once; all of
    /// them where no name is given.
    ///
    /// A name is an id, phase and sequence (`6.1`), or the beginning of one id only.
    ///
    /// # Errors
    ///
    /// Every name that fits no lesson, or several, with the nearest.
    pub fn select<S: AsRef<str>>(&self, names: &[S]) -> Result<Vec<&Lesson>, SelectError> {
        select::select(&self.lessons, names)
    }
}

/// The folders of the course.
#[derive(Debug, Default)]
struct Found {
    /// Each folder that may be a lesson's, relative to the root.
    lessons: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    fn phases(&mut self, root: &Path) -> Result<(), OpenError> {
        let lessons = Path::new("lessons");
        let folder = root.join(lessons);
        let names = folder::entries(&folder).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => OpenError::NoLessons {
                root: root.to_owned(),
            },
            _ => OpenError::Unreadable { folder, source },
        })?;
        self.tell_stray_page(lessons, &names);
        for phase in self.folders(lessons, &names) {
            if root.join(&phase).is_dir() {
                self.lessons_of(root, &phase);
            }
        }
        Ok(())
    }

    fn lessons_of(&mut self, root: &Path, phase: &Path) {
        let names = match folder::entries(&root.join(phase)) {
            Ok(names) => names,
            Err(error) => {
                self.tell(phase, format!("this folder cannot be read: {error}"), None);
                return;
            }
        };
        self.tell_stray_page(phase, &names);
        let folders = self.folders(phase, &names);
        self.lessons.extend(folders);
    }

    /// What in a folder may be part of the course: hidden names are not, nor
    /// such as no page could write.
    fn folders(&mut self, folder: &Path, names: &[OsString]) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for name in names {
            let path = folder.join(name);
            match name.to_str() {
                Some(name) if name.starts_with('.') => {}
                Some(_) => folders.push(path),
                None => self.tell(
                    &path,
                    "this name is not UTF-8, and what it names is not read".to_owned(),
                    Some("rename it".to_owned()),
                ),
            }
        }
        folders
    }

    fn tell_stray_page(&mut self, folder: &Path, names: &[OsString]) {
        if names.iter().any(|name| name == "lesson.md") {
            self.tell(
                &folder.join("lesson.md"),
                "this page is in no lesson's folder, and is not read".to_owned(),
                Some("move it: `lessons/06-phase-title/01-lesson-id/lesson.md`".to_owned()),
            );
        }
    }

    /// A folder that is named as a lesson's and has no page would be left out
    /// without a word.
    fn tell_missing_page(&mut self, root: &Path, folder: &Path) {
        let names = folder::names(&root.join(folder)).unwrap_or_default();
        if FolderName::of(folder).number.is_none() || names.is_empty() {
            return;
        }
        let similar = names
            .iter()
            .find(|name| name.eq_ignore_ascii_case("lesson.md"));
        let help = match similar {
            Some(name) => format!("rename `{name}` to `lesson.md`"),
            None => "write one, or take the folder away".to_owned(),
        };
        self.tell(
            folder,
            "this lesson has no page, `lesson.md`".to_owned(),
            Some(help),
        );
    }

    fn tell(&mut self, file: &Path, message: String, help: Option<String>) {
        self.diagnostics.push(Diagnostic {
            file: file.to_owned(),
            place: None,
            severity: Severity::Error,
            message,
            help,
        });
    }
}
