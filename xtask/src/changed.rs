//! `check --changed`: only the lessons that a difference touches.
//!
//! A lesson is touched by a change in its folder, and by one in a crate of the
//! workspace that its own crates depend on. Of the workspace's manifest and lock file
//! it is touched by what they say of its dependencies, so that a new lesson, which
//! always adds to the lock file, touches no other. What every crate is built with, such
//! as the toolchain, touches all lessons that are built.

mod dependencies;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use lesson::Lesson;

use crate::git::Git;

use dependencies::{Lock, Manifest};

pub(crate) use dependencies::Crates;

/// Files at the root that every crate is built with.
pub(crate) const FOR_ALL: [&str; 4] = [
    "rust-toolchain.toml",
    "rust-toolchain",
    ".cargo/config.toml",
    ".cargo/config",
];

/// What a difference touches.
#[derive(Debug)]
pub struct Changed {
    /// Every file that differs, from the course's root.
    files: BTreeSet<PathBuf>,
    crates: Crates,
    /// Dependencies that the workspace's manifest says something else of.
    dependencies: BTreeSet<String>,
    /// The lock file before and now, where the two differ.
    locks: Option<(Lock, Lock)>,
    /// Something differs that every crate is built with.
    everything: bool,
}

impl Changed {
    /// The difference between `revision` and the files as they are now, with
    /// those that git does not know yet. Of a branch, it is what has come since
    /// this one has left it.
    ///
    /// # Errors
    ///
    /// When git is not there, this is no checkout, or there is no such revision.
    pub fn since(root: &Path, revision: &str) -> Result<Self> {
        let Some(git) = Git::at(root)? else {
            bail!(
                "--changed asks git what has changed, and {} is in no checkout of git: leave it out",
                root.display()
            );
        };
        let base = git.base(revision)?;
        let files = git
            .differing(&base)
            .context("cannot tell what has changed")?;
        let crates = if root.join("Cargo.toml").is_file() {
            Crates::of(root)?
        } else {
            Crates::default()
        };
        let mut changed = Self {
            everything: FOR_ALL.iter().any(|file| files.contains(Path::new(file))),
            files,
            crates,
            dependencies: BTreeSet::new(),
            locks: None,
        };
        // A file that is not there on one side is as good as one that says nothing.
        let both = |file: &str| -> Result<(String, String)> {
            let now = match fs::read_to_string(root.join(file)) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(error).with_context(|| format!("cannot read {file}")),
            };
            Ok((git.file(&base, file)?, now))
        };
        if changed.files.contains(Path::new("Cargo.toml")) {
            let (before, now) = both("Cargo.toml")?;
            changed.compare_manifests(&before, &now);
        }
        if changed.files.contains(Path::new("Cargo.lock")) {
            let (before, now) = both("Cargo.lock")?;
            changed.compare_locks(&before, &now);
        }
        Ok(changed)
    }

    /// Does the difference touch this lesson?
    #[must_use]
    pub fn touches(&self, root: &Path, lesson: &Lesson) -> bool {
        let folder = lesson.folder.strip_prefix(root).unwrap_or(&lesson.folder);
        let own = self.crates.within(folder);
        let needed = self.crates.needed(&own);
        let is_in = |file: &Path, folder: &Path| file.starts_with(folder);
        self.files
            .iter()
            .any(|file| is_in(file, folder) || needed.iter().any(|needed| is_in(file, needed)))
            || !own.is_empty()
                && (self.everything
                    || self.crates.use_any(&needed, &self.dependencies)
                    || self.is_locked_otherwise(&own))
            || self.may_have_broken(lesson)
    }

    /// Are other packages compiled into one of these crates than before?
    fn is_locked_otherwise(&self, crates: &[&Path]) -> bool {
        let Some((before, now)) = &self.locks else {
            return false;
        };
        crates
            .iter()
            .filter_map(|folder| self.crates.name(folder))
            .any(|name| before.needed(name) != now.needed(name))
    }

    /// A page can be wrong because of another one: a prerequisite that is no more, or
    /// comes later now.
    fn may_have_broken(&self, lesson: &Lesson) -> bool {
        let is_page = |file: &PathBuf| file.file_name().is_some_and(|name| name == "lesson.md");
        !lesson.is_valid() && self.files.iter().any(is_page)
    }

    fn compare_manifests(&mut self, before: &str, now: &str) {
        match (Manifest::parse(before), Manifest::parse(now)) {
            (Some(before), Some(now)) if before.settings == now.settings => {
                self.dependencies = before.differing_dependencies(&now);
            }
            _ => self.everything = true,
        }
    }

    fn compare_locks(&mut self, before: &str, now: &str) {
        match (Lock::parse(before), Lock::parse(now)) {
            (Some(before), Some(now)) => self.locks = Some((before, now)),
            _ => self.everything = true,
        }
    }
}
