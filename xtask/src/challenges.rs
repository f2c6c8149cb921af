//! A lesson's challenges: what judges them, and the proof that it judges well.
//!
//! A challenges crate holds the judge (the binary with the package's own name),
//! the reference solutions and the starters. They are built by cargo with
//! everything else, and found by their names: no lesson is registered anywhere.

mod claim;
mod judge;
mod mutants;
mod mutation;
mod proof;
mod workspace;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use lesson::Lesson;

use crate::{
    cargo::{Built, Cargo},
    stop::Stop,
};

pub(crate) use claim::UNSEEN;
pub use judge::{Candidate, Challenge, Judge, Judged, Requirement, Verdict};
pub(crate) use mutation::Mutated;
pub use proof::{How, prove};
pub use workspace::Workspace;

/// The package that holds a lesson's challenges.
#[must_use]
pub fn package(lesson: &Lesson) -> String {
    format!("{}-challenges", lesson.id)
}

/// The file of a challenge's reference solution, from the lesson's folder.
#[must_use]
pub fn solution(challenge: &str) -> PathBuf {
    Path::new("challenges/solutions")
        .join(challenge)
        .with_extension("rs")
}

/// The challenge that is called so.
///
/// # Errors
///
/// When there is none; the nearest is named, and all that there are.
pub fn named<'a>(names: impl IntoIterator<Item = &'a str>, wanted: &str) -> Result<&'a str> {
    let names: Vec<&str> = names.into_iter().collect();
    if let Some(name) = names.iter().find(|name| **name == wanted) {
        return Ok(name);
    }
    let nearest = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(name, wanted), name))
        .filter(|(edits, name)| *edits <= name.len() / 2 || name.starts_with(wanted))
        .min();
    let all = names.join("`, `");
    match nearest {
        Some((_, name)) => {
            bail!("there is no challenge `{wanted}`: did you mean `{name}`? There are `{all}`")
        }
        None => bail!("there is no challenge `{wanted}`: there are `{all}`"),
    }
}

/// A lesson's challenges crate, built.
#[derive(Debug)]
pub struct Crate {
    lesson: String,
    /// The names of all binaries that the lesson's crates are to give.
    binaries: Vec<String>,
    built: Built,
    /// What lists and judges the challenges.
    pub judge: Judge,
}

impl Crate {
    /// Builds the challenges of a lesson: judge, reference solutions and starters.
    ///
    /// # Errors
    ///
    /// When the lesson has none, its judge does not build, or that was stopped.
    pub async fn build(cargo: &Cargo, root: &Path, lesson: &Lesson) -> Result<Self> {
        if !lesson.has_challenges {
            bail!(
                "the lesson `{}` has no challenges that can be judged",
                lesson.id
            );
        }
        let built = cargo.build(root, [package(lesson).as_str()]).await?;
        Self::of(lesson, built, &cargo.stop)
    }

    /// Builds the challenges of several lessons, which have some, together.
    ///
    /// # Errors
    ///
    /// When a judge does not build.
    pub async fn build_all<'a>(
        cargo: &Cargo,
        root: &Path,
        lessons: impl IntoIterator<Item = &'a Lesson>,
    ) -> Result<Vec<Self>> {
        let lessons: Vec<&Lesson> = lessons.into_iter().collect();
        let packages: Vec<String> = lessons.iter().map(|lesson| package(lesson)).collect();
        let built = cargo
            .build(root, packages.iter().map(String::as_str))
            .await?;
        lessons
            .into_iter()
            .map(|lesson| Self::of(lesson, built.clone(), &cargo.stop))
            .collect()
    }

    fn of(lesson: &Lesson, built: Built, stop: &Stop) -> Result<Self> {
        let package = package(lesson);
        if built.is_unknown(&package) {
            bail!("the workspace has no package `{package}`: give challenges/Cargo.toml that name");
        }
        let Some(judge) = built.executable(&package) else {
            bail!("{}", built.why_not(&package));
        };
        let judge = Judge::new(judge, stop.clone());
        Ok(Self {
            lesson: lesson.id.clone(),
            binaries: lesson.binaries.clone(),
            built,
            judge,
        })
    }

    /// The lesson's id.
    #[must_use]
    pub fn lesson(&self) -> &str {
        &self.lesson
    }

    /// The reference solution of a challenge.
    ///
    /// # Errors
    ///
    /// When there is none that builds.
    pub fn solution(&self, challenge: &str) -> Result<&Path> {
        self.executable("solution", challenge)
    }

    /// The starter of a challenge.
    ///
    /// # Errors
    ///
    /// When there is none that builds.
    pub fn starter(&self, challenge: &str) -> Result<&Path> {
        self.executable("starter", challenge)
    }

    fn executable(&self, what: &str, challenge: &str) -> Result<&Path> {
        let name = format!("{}-{what}-{challenge}", self.lesson);
        if let Some(executable) = self.built.executable(&name) {
            return Ok(executable);
        }
        if self.binaries.contains(&name) {
            bail!("{}", self.built.why_not(&name));
        }
        bail!(
            "there is no program `{name}`: write `challenges/{what}s/{challenge}.rs`, and name it in \
             `challenges/Cargo.toml`:\n\n\
             [[bin]]\nname = \"{name}\"\npath = \"{what}s/{challenge}.rs\"\ntest = false"
        )
    }
}
