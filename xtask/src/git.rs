//! What git is asked.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Error, Result, anyhow, bail};

/// The checkout that holds the course.
pub(crate) struct Git<'a> {
    root: &'a Path,
}

impl<'a> Git<'a> {
    /// The checkout, or `None` where the course is in none.
    ///
    /// # Errors
    ///
    /// When git is not there, or there is a checkout that it will not or cannot read: one that
    /// belongs to somebody else, above all.
    pub(crate) fn at(root: &'a Path) -> Result<Option<Self>> {
        let git = Self { root };
        let asked = ["rev-parse", "--is-inside-work-tree"];
        let answer = git.ask(&asked)?;
        if answer.status.success() {
            return Ok(Some(git));
        }
        // Of a checkout that is damaged, it names the place instead.
        let is_none = complaint(&answer).contains("not a git repository (or any");
        if !is_none {
            return Err(refused(&asked, &answer));
        }
        Ok(None)
    }

    /// The commit that is checked out; empty where nothing was committed yet.
    ///
    /// # Errors
    ///
    /// When git cannot be started.
    pub(crate) fn head(&self) -> Result<String> {
        Ok(text(&self.ask(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "HEAD",
        ])?))
    }

    /// Does the course differ from that commit?
    ///
    /// # Errors
    ///
    /// When git cannot say.
    pub(crate) fn is_dirty(&self) -> Result<bool> {
        let status = self.answer(&["status", "--porcelain", "--", "."])?;
        Ok(!status.is_empty())
    }

    /// The commit to compare with: where `revision` and the current commit have parted.
    ///
    /// # Errors
    ///
    /// When there is no such revision.
    pub(crate) fn base(&self, revision: &str) -> Result<String> {
        let commit = format!("{revision}^{{commit}}");
        let resolved = self.ask(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ])?;
        if !resolved.status.success() {
            bail!("{}", self.no_such(revision));
        }
        let commit = text(&resolved);
        // It has one where the two have a common past, none (exit code 1) where not.
        let parted = self.ask(&["merge-base", &commit, "HEAD"])?;
        if parted.status.success() {
            return Ok(text(&parted));
        }
        anstream::eprintln!(
            "note: git knows no commit that `{revision}` and this branch have in common{}: \
             what differs between the two counts, whoever changed it",
            if self.is_shallow() {
                ", since this is a shallow clone"
            } else {
                ""
            }
        );
        Ok(commit)
    }

    fn no_such(&self, revision: &str) -> String {
        let remedy = if revision == "HEAD" {
            "nothing has been committed yet"
        } else if self.is_shallow() {
            "this is a shallow clone: fetch that revision, with all that came before it \
             (`git fetch --unshallow`; `fetch-depth: 0` for GitHub's checkout)"
        } else {
            "name a commit, a branch or a tag, such as `main` or `origin/main`"
        };
        format!("git knows no revision `{revision}`: {remedy}")
    }

    fn is_shallow(&self) -> bool {
        self.ask(&["rev-parse", "--is-shallow-repository"])
            .is_ok_and(|answer| text(&answer) == "true")
    }

    /// Every file that differs from `base`, or that git does not know yet, from the
    /// course's root. Of a file that was moved, it is both places.
    ///
    /// # Errors
    ///
    /// When git cannot say.
    pub(crate) fn differing(&self, base: &str) -> Result<BTreeSet<PathBuf>> {
        let known = self.answer(&[
            "diff",
            "--name-only",
            "-z",
            "--relative",
            "--no-renames",
            base,
            "--",
        ])?;
        let unknown = self.answer(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        Ok(known
            .split('\0')
            .chain(unknown.split('\0'))
            .filter(|file| !file.is_empty())
            .map(PathBuf::from)
            .collect())
    }

    /// The text of a file as it was in `commit`; empty where it was not there.
    ///
    /// # Errors
    ///
    /// When git cannot be started.
    pub(crate) fn file(&self, commit: &str, file: &str) -> Result<String> {
        let shown = self.ask(&["show", &format!("{commit}:./{file}")])?;
        Ok(if shown.status.success() {
            String::from_utf8_lossy(&shown.stdout).into_owned()
        } else {
            String::new()
        })
    }

    /// What git answers.
    ///
    /// # Errors
    ///
    /// When it cannot.
    fn answer(&self, args: &[&str]) -> Result<String> {
        let output = self.ask(args)?;
        if !output.status.success() {
            return Err(refused(args, &output));
        }
        // A name that is not UTF-8 is no page's; the folders above it still say where it is.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn ask(&self, args: &[&str]) -> Result<Output> {
        Command::new("git")
            .args(args)
            .current_dir(self.root)
            // What it says is looked at: in English.
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .context("cannot start git")
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What git says where it does not do what it is asked.
fn refused(args: &[&str], output: &Output) -> Error {
    anyhow!("git {} says: {}", args[0], complaint(output))
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}
