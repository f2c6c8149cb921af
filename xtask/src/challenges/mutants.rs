//! Wrong solutions, made from the right ones: `challenges/mutants.toml`.
//!
//! ```toml
//! [[mutant]]
//! challenge = "chat"
//! fails = "the sender does not hear itself"
//! replace = "peer.id != sender"
//! with = "true"
//! ```
//!
//! All mutants of a lesson are built together, as binaries of one generated crate.
//! It shares the workspace's lock file, profile and target folder, so that what
//! they depend on is not built again.

use std::{collections::BTreeMap, fs, ops::Range, path::Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use toml::Spanned;

use super::{
    solution as solution_file,
    workspace::{Workspace, profiles, write_if_changed},
};
use crate::{
    cargo::{self, Built, Cargo},
    verdict::slashes,
};

/// One wrong solution.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    /// Which of its challenge's mutants it is, counted from 1.
    pub(super) number: usize,
    /// The line of `mutants.toml` on which it begins, counted from 1.
    pub(super) line: usize,
    /// The challenge whose solution it changes.
    pub(super) challenge: String,
    /// The requirement that it fails.
    pub(super) fails: String,
    replace: String,
    with: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    mutant: Vec<Spanned<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    challenge: String,
    fails: String,
    replace: String,
    with: String,
}

impl Mutant {
    /// The mutants that the text of a `mutants.toml` describes.
    ///
    /// # Errors
    ///
    /// When it is no such document; the error shows the place.
    pub(super) fn parse(text: &str) -> Result<Vec<Self>> {
        let document: Document = toml::from_str(text)?;
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mutants = document.mutant.into_iter().map(|written| {
            let line = line_of(text, &written.span());
            let Written {
                challenge,
                fails,
                replace,
                with,
            } = written.into_inner();
            let number = numbers.entry(challenge.clone()).or_default();
            *number += 1;
            Self {
                number: *number,
                line,
                challenge,
                fails,
                replace,
                with,
            }
        });
        Ok(mutants.collect())
    }

    /// The mutant's name, as a binary.
    pub(super) fn binary(&self, lesson: &str) -> String {
        format!("{lesson}-mutant-{}-{}", self.challenge, self.number)
    }

    /// The wrong solution: the right one with the one change.
    ///
    /// # Errors
    ///
    /// When the text that is to be replaced is not there, or more than once.
    pub(super) fn apply(&self, solution: &str) -> Result<String> {
        match solution.matches(&self.replace).count() {
            1 => Ok(solution.replacen(&self.replace, &self.with, 1)),
            0 => bail!(
                "the solution has no text {:?} to replace: copy it from {}, as it stands there",
                self.replace,
                slashes(&solution_file(&self.challenge)),
            ),
            count => bail!(
                "the solution has the text {:?} {count} times: take in more of what is around it, so that \
                 `replace` stands there once",
                self.replace
            ),
        }
    }
}

/// The line on which a span begins, counted from 1.
pub(super) fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes()
        .take(span.start)
        .filter(|&byte| byte == b'\n')
        .count()
        + 1
}

/// Builds programs from sources, by the name of the binary, together and with the
/// dependencies of the challenges crate. One that does not build does not stop the
/// others.
///
/// # Errors
///
/// When the crate cannot be laid out, or cargo not be started.
pub(super) async fn build(
    cargo: &Cargo,
    root: &Path,
    package: &str,
    sources: &BTreeMap<String, &str>,
) -> Result<Built> {
    if sources.is_empty() {
        return Ok(Built::default());
    }
    let workspace = Workspace::read(root)?;
    let folder = workspace.target_directory.join("mutants").join(package);
    let binaries = sources
        .keys()
        .map(|name| (name.as_str(), format!("src/{name}.rs")));
    let mut manifest = workspace.manifest(package, &format!("{package}-mutants"), binaries)?;
    // A wrong solution may well leave something unused.
    manifest.push_str("\n[lints.rust]\nwarnings = \"allow\"\n\n");
    manifest.push_str(&profiles(root)?);
    write_if_changed(&folder.join("Cargo.toml"), &manifest)?;
    for (name, source) in sources {
        write_if_changed(&folder.join("src").join(name).with_extension("rs"), source)?;
    }
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))
        .with_context(|| format!("cannot copy Cargo.lock to {}", folder.display()))?;

    let mut command = cargo::build_command(&folder, None);
    command.arg("--target-dir").arg(&workspace.target_directory);
    cargo.run_build(command).await
}
