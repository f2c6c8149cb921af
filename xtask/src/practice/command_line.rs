//! A learner's program that is not the one that was laid out: in another language, or at
//! another place.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::verdict::slashes;

/// What starts such a program.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CommandLine {
    /// As it was typed; the contract's arguments come after it.
    pub line: String,
    /// The folder in which it was typed, from the course's root where that is above it.
    folder: String,
}

impl CommandLine {
    /// What is typed here and now.
    ///
    /// # Errors
    ///
    /// When there is no current folder.
    pub fn here(root: &Path, line: &str) -> Result<Self> {
        let here = env::current_dir().context("cannot tell the current folder")?;
        Ok(Self {
            line: line.to_owned(),
            folder: match here.strip_prefix(root) {
                Ok(within) => slashes(within),
                Err(_) => here.to_string_lossy().into_owned(),
            },
        })
    }

    /// The folder in which it is started.
    #[must_use]
    pub fn folder(&self, root: &Path) -> PathBuf {
        root.join(&self.folder)
    }

    /// Its words, as a shell would split them.
    ///
    /// # Errors
    ///
    /// When a shell could not, or there are none.
    pub fn words(&self) -> Result<Vec<OsString>> {
        let line = &self.line;
        let words = shell_words::split(line)
            .with_context(|| format!("cannot split the command {line:?}"))?;
        if words.is_empty() {
            bail!(
                "the command is empty: write what starts your program, such as --command \"node chat.mjs\""
            );
        }
        Ok(words.into_iter().map(OsString::from).collect())
    }

    /// The files that it names: the program, or what an interpreter is to run.
    #[must_use]
    pub fn files(&self, root: &Path) -> Vec<PathBuf> {
        let folder = self.folder(root);
        let words = self.words().unwrap_or_default();
        let paths = words.into_iter().map(|word| folder.join(word));
        paths.filter(|path| path.is_file()).collect()
    }
}
