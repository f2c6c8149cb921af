//! What a learner has met so far: `practice/progress.toml`.
//!
//! ```toml
//! [tcp-basics.chat]
//! met = 12
//! of = 25
//! hints = 2
//! laid_out = "8a3c1e52f07b9d64"
//!
//! [tcp-basics.chat.program]
//! line = "node chat.mjs"
//! folder = "practice/tcp-basics"
//! ```

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::CommandLine;
use crate::hash::fnv1a;

const HEADER: &str = "\
# What you have met of the challenges, and how many hints you have seen.
# `cargo xtask start`, `verify` and `hint` write this file, `list` shows it.

";

/// The file that is locked while the other is changed: that one is replaced each time.
const LOCK: &str = ".progress.lock";

/// What has been met, of every lesson's challenges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    path: PathBuf,
    lessons: BTreeMap<String, BTreeMap<String, Standing>>,
}

/// How far a learner is with one challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The most requirements that were met at once.
    #[serde(default)]
    pub met: usize,
    /// All requirements, when that was judged.
    #[serde(default)]
    pub of: usize,
    /// Hints that were shown.
    #[serde(default)]
    pub hints: usize,
    /// A hash of the starter that was laid out. The course may have another one by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    laid_out: Option<String>,
    /// What was judged last, where it is not the program that was laid out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<CommandLine>,
}

impl Standing {
    /// Were all requirements met?
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.of > 0 && self.met >= self.of
    }
}

/// `chat (12 of 25 met)`: what there is to say after the challenge's name.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { of: 0, .. } => Ok(()),
            done if done.is_done() => f.write_str(" (met)"),
            Self { met, of, .. } => write!(f, " ({met} of {of} met)"),
        }
    }
}

impl Progress {
    /// Reads the progress of the learner whose course is in `root`: none, where nothing
    /// has been judged yet.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or understood. It is the learner's, and stays.
    pub fn read(root: &Path) -> Result<Self> {
        let path = root.join("practice").join("progress.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let lessons = toml::from_str(&text).with_context(|| {
            format!(
                "cannot understand {}: mend it, or move it away",
                path.display()
            )
        })?;
        Ok(Self { path, lessons })
    }

    /// Changes the progress of the learner whose course is in `root`. What two commands note at
    /// the same moment is noted one after the other.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, understood or written.
    pub fn change(root: &Path, change: impl FnOnce(&mut Self)) -> Result<()> {
        let folder = root.join("practice");
        let locked = fs::create_dir_all(&folder)
            .and_then(|()| File::create(folder.join(LOCK)))
            .with_context(|| format!("cannot write to {}", folder.display()))?;
        // Not every file system has locks, and a note is seldom lost without.
        let _ = locked.lock();
        let mut progress = Self::read(root)?;
        change(&mut progress);
        progress.write()
    }

    /// Reads the progress to show it. That it is damaged is said, and keeps nothing else
    /// back.
    #[must_use]
    pub fn read_or_none(root: &Path) -> Self {
        Self::read(root).unwrap_or_else(|error| {
            anstream::eprintln!("note: your progress is not shown: {error:#}");
            Self::default()
        })
    }

    /// How far the learner is with a challenge.
    #[must_use]
    pub fn of(&self, lesson: &str, challenge: &str) -> Standing {
        let standing = self
            .lessons
            .get(lesson)
            .and_then(|challenges| challenges.get(challenge));
        standing.cloned().unwrap_or_default()
    }

    /// Notes a verdict: so many requirements met, of so many. Once met is met, as long
    /// as there are not more requirements to meet. `program` starts what was judged, where
    /// that is not the program that was laid out.
    pub fn judged(
        &mut self,
        lesson: &str,
        challenge: &str,
        (met, of): (usize, usize),
        program: Option<CommandLine>,
    ) {
        let standing = self.standing(lesson, challenge);
        standing.program = program;
        if standing.of != of || standing.met < met {
            standing.met = met;
            standing.of = of;
        }
    }

    /// Notes what was laid out for a challenge.
    pub fn laid_out(&mut self, lesson: &str, challenge: &str, starter: &str) {
        self.standing(lesson, challenge).laid_out = Some(hash(starter.as_bytes()));
    }

    /// Is this what was laid out for a challenge, as far as that was noted?
    #[must_use]
    pub fn is_laid_out(&self, lesson: &str, challenge: &str, file: &[u8]) -> bool {
        self.of(lesson, challenge).laid_out == Some(hash(file))
    }

    /// Notes that one more hint has been shown.
    pub fn hinted(&mut self, lesson: &str, challenge: &str) {
        self.standing(lesson, challenge).hints += 1;
    }

    fn write(&self) -> Result<()> {
        let text = format!("{HEADER}{}", toml::to_string(&self.lessons)?);
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.persist(&self.path)?;
            std::io::Result::Ok(())
        };
        write().with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn standing(&mut self, lesson: &str, challenge: &str) -> &mut Standing {
        let challenges = self.lessons.entry(lesson.to_owned()).or_default();
        challenges.entry(challenge.to_owned()).or_default()
    }
}

/// As the file has it: a number of its own would be too large for TOML.
fn hash(file: &[u8]) -> String {
    format!("{:016x}", fnv1a(file))
}
