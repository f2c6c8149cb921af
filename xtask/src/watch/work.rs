//! What there is to do after a save: which lessons to check, which challenges to judge.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    path::{Component, Path, PathBuf},
    time::{Duration, SystemTime},
};

use lesson::{Course, Lesson, Tie};
use notify::RecursiveMode::{self, NonRecursive, Recursive};

use crate::{
    changed::{Crates, FOR_ALL},
    practice::{Practice, Progress},
};

/// What there is to do. A lesson is known by its folder: a page that is being written may
/// well lose its id for a while.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// Lessons to check.
    pub(super) lessons: BTreeSet<PathBuf>,
    /// The learner's challenges to judge, by lesson.
    pub(super) challenges: BTreeSet<(PathBuf, String)>,
    /// Challenges of which it is to be proved that they are judged well, by lesson.
    pub(super) proofs: BTreeSet<(PathBuf, String)>,
    /// What was saved, from the course's root.
    pub(super) saved: BTreeSet<PathBuf>,
}

impl Work {
    pub(super) fn is_empty(&self) -> bool {
        self.lessons.is_empty() && self.challenges.is_empty() && self.proofs.is_empty()
    }

    pub(super) fn add(&mut self, mut more: Self) {
        self.lessons.append(&mut more.lessons);
        self.challenges.append(&mut more.challenges);
        self.proofs.append(&mut more.proofs);
        self.saved.append(&mut more.saved);
    }

    /// Is there something that both would do?
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        !self.lessons.is_disjoint(&other.lessons)
            || !self.challenges.is_disjoint(&other.challenges)
            || !self.proofs.is_disjoint(&other.proofs)
    }
}

/// By how much the time of a file may lie before the moment at which it was written: Linux
/// takes it from a clock that goes on with each tick, of which there are 100 to 1,000 in a
/// second. No save that began a round is as new as that, since a burst has to be over first.
const TICK: Duration = Duration::from_millis(10);

/// The part of the course that is watched.
pub(super) struct Area {
    root: PathBuf,
    /// The folder of the only lesson that is watched.
    only: Option<PathBuf>,
    crates: Crates,
    /// When the last round began, and when it was over.
    round: Option<(SystemTime, Option<SystemTime>)>,
}

impl Area {
    pub(super) fn new(root: &Path, only: Option<PathBuf>) -> Self {
        let mut area = Self {
            root: root.to_path_buf(),
            only,
            crates: Crates::default(),
            round: None,
        };
        area.read_crates();
        area
    }

    /// Notes that from now on, files may be written by what we have started.
    pub(super) fn begin_round(&mut self) {
        self.round = Some((SystemTime::now() - TICK, None));
    }

    /// Notes that this is over.
    pub(super) fn end_round(&mut self) {
        if let Some((_, end)) = &mut self.round {
            *end = Some(SystemTime::now());
        }
    }

    /// The lessons that are watched.
    pub(super) fn lessons<'a>(&self, course: &'a Course) -> impl Iterator<Item = &'a Lesson> {
        let is_watched =
            |lesson: &&Lesson| self.only.as_ref().is_none_or(|only| *only == lesson.folder);
        course.lessons.iter().filter(is_watched)
    }

    /// The folders in which a save may matter. Those in which cargo builds are not among
    /// them: a build writes thousands of files.
    pub(super) fn folders(&self, course: &Course) -> BTreeMap<PathBuf, RecursiveMode> {
        let practice = self.root.join("practice");
        let mut folders = BTreeMap::from([
            (self.root.clone(), NonRecursive),
            (self.root.join(".cargo"), NonRecursive),
            (self.root.join("lessons"), Recursive),
            (practice, NonRecursive),
        ]);
        for lesson in self.lessons(course) {
            let practice = Practice::of(&self.root, lesson).folder;
            folders.insert(practice.join("src"), Recursive);
            folders.insert(practice, NonRecursive);
            let files = self.programs(lesson).into_iter();
            for file in files.flat_map(|(_, files)| files) {
                let folder = file.parent().unwrap_or(&file).to_path_buf();
                // Where it is watched for something else, it is watched well enough.
                folders.entry(folder).or_insert(NonRecursive);
            }
            let needed = self.crates_of(lesson).into_iter();
            folders.extend(
                needed
                    .map(|folder| self.root.join(folder))
                    .filter(|folder| !folder.starts_with(self.root.join("lessons")))
                    .map(|folder| (folder, Recursive)),
            );
        }
        folders
    }

    /// What there is to do now that these files have been saved, or are no more.
    pub(super) fn work(&mut self, course: &Course, saved: &[PathBuf]) -> Work {
        let lessons = self.lessons(course);
        let programs: BTreeSet<PathBuf> = lessons
            .flat_map(|lesson| self.programs(lesson))
            .flat_map(|(_, files)| files)
            .collect();
        let saved: Vec<&Path> = saved
            .iter()
            .filter(|path| !is_noise(self.relative(path)) || programs.contains(*path))
            .map(|path| path.strip_prefix(&self.root).unwrap_or(path))
            .collect();
        if saved.iter().any(|path| path.ends_with("Cargo.toml")) {
            self.read_crates();
        }
        let mut work = Work::default();
        for lesson in self.lessons(course) {
            for path in &saved {
                let mut challenges = self.challenges(lesson, path);
                challenges.extend(self.challenges_elsewhere(lesson, path));
                let is_checked = self.is_about(lesson, path);
                if is_checked || !challenges.is_empty() {
                    work.saved.insert(path.to_path_buf());
                }
                if is_checked {
                    work.lessons.insert(lesson.folder.clone());
                }
                let of_lesson = |challenge| (lesson.folder.clone(), challenge);
                work.challenges
                    .extend(challenges.into_iter().map(of_lesson));
                work.proofs
                    .extend(self.proofs(lesson, path).into_iter().map(of_lesson));
            }
        }
        // Proofs take long. Nobody writes in two lessons at once: that is another version
        // of the course, and nobody waits for a proof of it.
        let mut proved = work.proofs.iter().map(|(lesson, _)| lesson);
        let first = proved.next();
        if proved.any(|other| Some(other) != first) {
            work.proofs.clear();
        }
        work
    }

    /// The challenges that this file is about, of those that an author writes. A file that
    /// is about none of them alone is about all.
    fn proofs(&self, lesson: &Lesson, path: &Path) -> Vec<String> {
        let folder = self.relative(&lesson.folder).join("challenges");
        let Ok(within) = path.strip_prefix(folder) else {
            return Vec::new();
        };
        let names = || lesson.challenges.iter().map(|item| &item.name);
        // `solutions/chat.rs`, and of a judge in several files `src/chat/slow.rs`.
        let part = within
            .components()
            .nth(1)
            .map(|part| Path::new(part.as_os_str()));
        let about = part.and_then(Path::file_stem);
        let one = names().find(|name| about == Some(OsStr::new(name)));
        match one {
            Some(name) => vec![name.clone()],
            None => names().cloned().collect(),
        }
    }

    /// The learner's programs for this lesson that are not those that were laid out: the
    /// challenge, and the files that the command names.
    fn programs(&self, lesson: &Lesson) -> Vec<(String, Vec<PathBuf>)> {
        // Whoever judges says what is wrong with it.
        let progress = Progress::read(&self.root).unwrap_or_default();
        let names = lesson.challenges.iter().map(|item| item.name.clone());
        names
            .filter_map(|name| {
                let program = progress.of(&lesson.id, &name).program?;
                Some((name, program.files(&self.root)))
            })
            .collect()
    }

    /// The challenges whose programs are made from this file: it is named in the command,
    /// or is of the same kind and stands beside one that is.
    fn challenges_elsewhere(&self, lesson: &Lesson, path: &Path) -> Vec<String> {
        let path = self.root.join(path);
        let is_beside = |file: &PathBuf| {
            file.parent() == path.parent()
                && file.extension().is_some()
                && file.extension() == path.extension()
        };
        let is_made_from = |files: &[PathBuf]| files.contains(&path) || files.iter().any(is_beside);
        self.programs(lesson)
            .into_iter()
            .filter(|(_, files)| is_made_from(files))
            .map(|(name, _)| name)
            .collect()
    }

    /// Asks cargo again which crate needs which. Where it does not understand the
    /// workspace, the round that follows says so, and what was known still holds.
    fn read_crates(&mut self) {
        if !self.root.join("Cargo.toml").is_file() {
            self.crates = Crates::default();
        } else if let Ok(crates) = Crates::of(&self.root) {
            self.crates = crates;
        }
    }

    /// The folders of the crates that a lesson is built from, from the root.
    fn crates_of(&self, lesson: &Lesson) -> BTreeSet<&Path> {
        let own = self.crates.within(self.relative(&lesson.folder));
        self.crates.needed(&own)
    }

    fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Does what a check of this lesson says depend on this file or folder?
    fn is_about(&self, lesson: &Lesson, path: &Path) -> bool {
        let folder = self.relative(&lesson.folder);
        if is_either_in(path, folder) {
            return self.is_source(lesson, path) || !self.is_our_own(path);
        }
        let crates = self.crates_of(lesson);
        let is_built_with =
            path == Path::new("Cargo.toml") || FOR_ALL.iter().any(|file| path == Path::new(file));
        crates.iter().any(|folder| is_either_in(path, folder))
            || !crates.is_empty()
                && (is_built_with || path == Path::new("Cargo.lock") && !self.is_our_own(path))
    }

    /// Is it the page, or a part of the lesson that its programs have no business with?
    /// They are run in the lesson's folder, and may well leave a file there.
    fn is_source(&self, lesson: &Lesson, path: &Path) -> bool {
        let folder = self.relative(&lesson.folder);
        let Ok(within) = path.strip_prefix(folder) else {
            return true;
        };
        let is_listed = |block: &lesson::Block| match &block.tie {
            Tie::Listing(tie) => within == Path::new(&tie.file),
            _ => false,
        };
        let first = within.components().next().map(Component::as_os_str);
        first.is_none_or(|first| {
            ["lesson.md", "experiment", "challenges"]
                .iter()
                .any(|it| first == *it)
        }) || lesson.blocks.iter().any(is_listed)
    }

    /// Was it last written while a round was going on? What has come and gone was nobody's
    /// source either.
    fn is_our_own(&self, path: &Path) -> bool {
        let file = self.root.join(path).metadata();
        let Ok(written) = file.and_then(|file| file.modified()) else {
            return true;
        };
        self.round.is_some_and(|(began, over)| {
            began <= written && over.is_none_or(|over| written <= over)
        })
    }

    /// The learner's challenges of this lesson that are built from this file or folder.
    fn challenges(&self, lesson: &Lesson, path: &Path) -> Vec<String> {
        let practice = Practice::of(&self.root, lesson);
        let folder = self.relative(&practice.folder);
        let all = || {
            let is_there = |name: &String| practice.file(name).exists();
            let names = lesson.challenges.iter().map(|item| item.name.clone());
            names.filter(is_there).collect()
        };
        let Ok(within) = path.strip_prefix(folder) else {
            return if folder.starts_with(path) {
                all()
            } else {
                Vec::new()
            };
        };
        let mut parts = within.components().map(Component::as_os_str);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(src), Some(bin), Some(file)) if src == "src" && bin == "bin" => {
                let of_file =
                    |name: &&String| Path::new(file).file_stem() == Some(OsStr::new(name));
                let names = lesson.challenges.iter().map(|item| &item.name);
                names.filter(of_file).cloned().collect()
            }
            (Some(src), ..) if src == "src" || src == "Cargo.toml" => all(),
            (None, ..) => all(),
            _ => Vec::new(),
        }
    }
}

fn is_either_in(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Is it written by tools rather than by people: by cargo, by an editor that keeps what it
/// has not saved yet, by an interpreter?
fn is_noise(path: &Path) -> bool {
    let mut names = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    let mut in_sources = false;
    let is_from_tools = names.any(|name| {
        in_sources |= name == "src";
        name == "target" && !in_sources
            || matches!(&*name, "node_modules" | "__pycache__")
            || name.starts_with('.') && name != ".cargo"
    });
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_number = || name.bytes().all(|byte| byte.is_ascii_digit());
    let ends = ["~", ".swp", ".swx", ".tmp", "___jb_tmp___", "___jb_old___"];
    is_from_tools
        || name.starts_with('#')
        || ends.iter().any(|end| name.ends_with(end))
        // vim tries whether it may write a folder by a file with such a name.
        || !name.is_empty() && is_number()
}
