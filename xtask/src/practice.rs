//! A learner's work: `practice/LESSON`, a crate of its own beside the course.
//!
//! It has its own workspace and target folder and a copy of the course's lock file, and
//! is no part of the course: updating the course cannot touch it, and nothing here ever
//! writes over a file of it.

mod command_line;
mod progress;

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use lesson::Lesson;
use serde::Serialize;

use crate::{
    cargo::{self, Built, Cargo},
    challenges::{self, Workspace},
};

pub use command_line::CommandLine;
pub use progress::{Progress, Standing};

const OURS_NO_MORE: &str = "\
# Your work on the challenges of a lesson. It is yours: add what you like, no command of
# the course writes here again.

";

const FOR_CARGO: &str = "\
# So that `cargo xtask` is the same command in here as in the course. If the course has
# moved, remove this file, and `cargo xtask start` lays it out anew.

";

/// The folder of a learner's work on one lesson.
#[derive(Clone, Debug)]
pub struct Practice {
    /// As it can be opened.
    pub folder: PathBuf,
    lesson: String,
}

/// What laying out did with one file.
#[derive(Clone, Debug)]
pub struct LaidOut {
    /// The file.
    pub path: PathBuf,
    /// It was there already, and was left alone.
    pub kept: bool,
}

impl Practice {
    /// The learner's work on this lesson, begun or not.
    #[must_use]
    pub fn of(root: &Path, lesson: &Lesson) -> Self {
        Self {
            folder: root.join("practice").join(&lesson.id),
            lesson: lesson.id.clone(),
        }
    }

    /// The learner's file for a challenge.
    #[must_use]
    pub fn file(&self, challenge: &str) -> PathBuf {
        self.folder
            .join("src/bin")
            .join(challenge)
            .with_extension("rs")
    }

    /// Is the learner's file for a challenge still what it began as? That need not be what
    /// the course begins it with today.
    #[must_use]
    pub fn is_starter(&self, lesson: &Lesson, challenge: &str, progress: &Progress) -> bool {
        let Ok(file) = fs::read(self.file(challenge)) else {
            return false;
        };
        progress.is_laid_out(&lesson.id, challenge, &file)
            || fs::read(starter(lesson, challenge)).is_ok_and(|starter| starter == file)
    }

    /// What starts the learner's program for a challenge, where it is not the one that
    /// was laid out: what was judged last, as long as nothing is made of the starter.
    #[must_use]
    pub fn elsewhere(
        &self,
        lesson: &Lesson,
        challenge: &str,
        progress: &Progress,
    ) -> Option<CommandLine> {
        let is_untouched =
            !self.file(challenge).exists() || self.is_starter(lesson, challenge, progress);
        let program = progress.of(&lesson.id, challenge).program;
        program.filter(|_| is_untouched)
    }

    /// Has it been begun?
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.folder.join("Cargo.toml").exists()
    }

    /// Lays out what is not there yet: the crate, and a starter for each challenge.
    /// What is there stays as it is.
    ///
    /// # Errors
    ///
    /// When the lesson has no challenges, or a file cannot be written.
    pub fn lay_out(&self, root: &Path, lesson: &Lesson) -> Result<Vec<LaidOut>> {
        if !lesson.has_challenges {
            bail!("the lesson `{}` has no challenges to start on", lesson.id);
        }
        let manifest = Workspace::read(root)?.manifest(
            &challenges::package(lesson),
            &format!("{}-practice", self.lesson),
            [],
        )?;
        let lock = read(&root.join("Cargo.lock"))?;
        let mut laid_out = Vec::new();
        if let Some(alias) = alias(root)? {
            let config = self.folder.with_file_name(".cargo").join("config.toml");
            laid_out.push(write_new(config, &alias)?);
        }
        laid_out.extend([
            write_new(
                self.folder.join("Cargo.toml"),
                &format!("{OURS_NO_MORE}{manifest}"),
            )?,
            write_new(self.folder.join("Cargo.lock"), &lock)?,
        ]);
        let mut starters = Vec::new();
        for challenge in &lesson.challenges {
            let starter = read(&starter(lesson, &challenge.name))?;
            let file = write_new(self.file(&challenge.name), &starter)?;
            if !file.kept {
                starters.push((&challenge.name, starter));
            }
            laid_out.push(file);
        }
        self.note(root, &starters);
        Ok(laid_out)
    }

    /// Notes with what challenges were begun. That it cannot be noted is no reason to lay
    /// out less.
    fn note(&self, root: &Path, starters: &[(&String, String)]) {
        if starters.is_empty() {
            return;
        }
        let noted = Progress::change(root, |progress| {
            for (challenge, starter) in starters {
                progress.laid_out(&self.lesson, challenge, starter);
            }
        });
        if let Err(error) = noted {
            anstream::eprintln!("note: what was laid out is not noted: {error:#}");
        }
    }

    /// Builds the learner's programs, which are called as their challenges are, or only the
    /// one for a challenge.
    ///
    /// # Errors
    ///
    /// When the work has not been begun, cargo cannot be started, or was stopped.
    pub async fn build(&self, cargo: &Cargo, only: Option<&str>) -> Result<Built> {
        if !self.is_begun() {
            bail!(
                "there is no {} yet: `cargo xtask start {}` lays it out. \
                 Or name what to judge: --command \"…\" for a program of yours, --solution",
                self.folder.display(),
                self.lesson,
            );
        }
        let only = only.filter(|only| self.file(only).exists());
        let mut command = cargo::build_command(&self.folder, only);
        command
            // The course's own settings are not meant for this crate.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_BUILD_TARGET_DIR");
        cargo.run_build(command).await
    }

    /// The learner's program for a challenge, among those that were built.
    ///
    /// # Errors
    ///
    /// When it is not among them, with what to do.
    pub fn executable<'a>(&self, built: &'a Built, challenge: &str) -> Result<&'a Path> {
        let file = self.file(challenge);
        match built.executable(challenge) {
            Some(executable) => Ok(executable),
            None if file.exists() => bail!("{} does not build (see above)", file.display()),
            None => bail!(
                "there is no {}: `cargo xtask start {}` lays it out again",
                file.display(),
                self.lesson
            ),
        }
    }
}

/// Writes a file, unless there is one already.
fn write_new(path: PathBuf, text: &str) -> Result<LaidOut> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    // Whether it is there is asked and answered in one step, so that nobody's work can be
    // lost in between.
    let written = fs::File::create_new(&path).and_then(|mut new| new.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(LaidOut { path, kept: false }),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(LaidOut { path, kept: true }),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", path.display())),
    }
}

/// The cargo configuration that makes `cargo xtask` the same command in `practice/` as in
/// the course. The course's own alias looks for the package in the workspace around it,
/// and that is the learner's. There is none where that has no commands, or lies in a folder
/// that cannot be named there: cargo cuts an alias at every blank, and would not let a list
/// of words stand in for the course's.
fn alias(root: &Path) -> Result<Option<String>> {
    #[derive(Serialize)]
    struct Config {
        alias: BTreeMap<&'static str, String>,
    }
    let manifest = root.join("Cargo.toml").display().to_string();
    if !root.join("xtask/Cargo.toml").exists() || manifest.contains(char::is_whitespace) {
        return Ok(None);
    }
    let run = format!("run --manifest-path {manifest} --package xtask --bin xtask --");
    let config = Config {
        alias: BTreeMap::from([("xtask", run)]),
    };
    Ok(Some(format!("{FOR_CARGO}{}", toml::to_string(&config)?)))
}

/// What a learner begins a challenge with.
fn starter(lesson: &Lesson, challenge: &str) -> PathBuf {
    let starters = lesson.folder.join("challenges/starters");
    starters.join(challenge).with_extension("rs")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}
