//! `check --changed`: only the lessons that a difference touches.
//!
//! A lesson is touched by a change in its folder, and by one in a crate of the
//! workspace that its own crates depend on. What all of them depend on, such as
//! the workspace's lock file, touches every lesson.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use lesson::Lesson;
use serde::Deserialize;

use crate::cargo;

/// Files at the root that every crate is built with.
const FOR_ALL: [&str; 4] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
];

/// What a difference touches.
#[derive(Debug)]
pub struct Changed {
    /// Every file that differs, from the course's root.
    files: Vec<PathBuf>,
    /// The folders of the workspace's crates, from the root, and of those that
    /// each depends on.
    crates: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

impl Changed {
    /// The difference between `revision` and the files as they are now, with
    /// those that git does not know yet. Of a branch, it is what has come since
    /// this one has left it.
    ///
    /// # Errors
    ///
    /// When git is not there, or knows no such revision.
    pub fn since(root: &Path, revision: &str) -> Result<Self> {
        let base = match git(root, ["merge-base", "--end-of-options", revision, "HEAD"]) {
            Ok(base) => base.trim().to_owned(),
            // A revision without a common past is compared as it is.
            Err(_) => revision.to_owned(),
        };
        let differing = git(
            root,
            [
                "diff",
                "--name-only",
                "-z",
                "--relative",
                "--no-renames",
                "--end-of-options",
                &base,
                "--",
            ],
        )
        .with_context(|| format!("cannot tell what has changed since `{revision}`"))?;
        let untracked = git(root, ["ls-files", "--others", "--exclude-standard", "-z"])?;
        let files = differing
            .split('\0')
            .chain(untracked.split('\0'))
            .filter(|file| !file.is_empty())
            .map(PathBuf::from)
            .collect();
        let crates = if root.join("Cargo.toml").is_file() {
            crates(root)?
        } else {
            BTreeMap::new()
        };
        Ok(Self { files, crates })
    }

    /// Does the difference touch this lesson?
    #[must_use]
    pub fn touches(&self, root: &Path, lesson: &Lesson) -> bool {
        let folder = lesson.folder.strip_prefix(root).unwrap_or(&lesson.folder);
        let own = self
            .crates
            .iter()
            .filter(|(crate_folder, _)| crate_folder.starts_with(folder));
        let mut folders: BTreeSet<&Path> = own
            .flat_map(|(_, needs)| needs)
            .map(PathBuf::as_path)
            .collect();
        folders.insert(folder);
        let is_built = folders.len() > 1;
        self.files.iter().any(|file| {
            folders.iter().any(|folder| file.starts_with(folder))
                || is_built && FOR_ALL.iter().any(|name| file == Path::new(name))
        })
    }
}

pub(crate) fn git<'a>(root: &Path, args: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let output = Command::new("git")
        .args(args.into_iter().map(OsStr::new))
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .context("cannot start git, which knows what has changed")?;
    if !output.status.success() {
        bail!(
            "git says: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).context("git names a file that is not UTF-8")
}

/// Each crate's folder, and those of all crates of the workspace that it needs,
/// itself among them.
fn crates(root: &Path) -> Result<BTreeMap<PathBuf, BTreeSet<PathBuf>>> {
    let metadata: Metadata =
        serde_json::from_slice(&cargo::metadata(root)?).context("cannot read `cargo metadata`")?;
    let from_root = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_path_buf();
    let direct: BTreeMap<PathBuf, Vec<PathBuf>> = metadata
        .packages
        .iter()
        .filter_map(|package| {
            let folder = from_root(package.manifest_path.parent()?);
            let needs = package
                .dependencies
                .iter()
                .filter_map(|one| Some(from_root(one.path.as_deref()?)));
            Some((folder, needs.collect()))
        })
        .collect();
    let all = direct
        .keys()
        .map(|folder| (folder.clone(), reachable(folder, &direct)));
    Ok(all.collect())
}

fn reachable(from: &Path, direct: &BTreeMap<PathBuf, Vec<PathBuf>>) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut to_see = vec![from.to_path_buf()];
    while let Some(folder) = to_see.pop() {
        to_see.extend(
            direct
                .get(&folder)
                .into_iter()
                .flatten()
                .filter(|next| !found.contains(*next))
                .cloned(),
        );
        found.insert(folder);
    }
    found
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

/// A dependency; only those inside the workspace have a path.
#[derive(Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}
