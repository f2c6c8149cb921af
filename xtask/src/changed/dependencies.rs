//! Which crates need which, and what the workspace's own files say of that.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::cargo;

/// The workspace's crates, by their folders from its root.
#[derive(Debug, Default)]
pub(crate) struct Crates(BTreeMap<PathBuf, Crate>);

#[derive(Debug)]
struct Crate {
    name: String,
    /// The folders of those that it depends on, itself.
    folders: Vec<PathBuf>,
    /// What it depends on, as its manifest calls it.
    dependencies: BTreeSet<String>,
}

impl Crates {
    /// Asks cargo.
    ///
    /// # Errors
    ///
    /// When it does not understand the workspace.
    pub(crate) fn of(root: &Path) -> Result<Self> {
        let metadata: Metadata = serde_json::from_slice(&cargo::metadata(root)?)
            .context("cannot read `cargo metadata`")?;
        let from_root = |path: &Path| path.strip_prefix(root).unwrap_or(path).to_path_buf();
        let crates = metadata.packages.into_iter().filter_map(|package| {
            let folder = from_root(package.manifest_path.parent()?);
            let folders = package
                .dependencies
                .iter()
                .filter_map(|one| Some(from_root(one.path.as_deref()?)))
                .collect();
            let dependencies = package
                .dependencies
                .into_iter()
                .map(|one| one.rename.unwrap_or(one.name))
                .collect();
            let name = package.name;
            Some((
                folder,
                Crate {
                    name,
                    folders,
                    dependencies,
                },
            ))
        });
        Ok(Self(crates.collect()))
    }

    /// The crates in a folder.
    pub(crate) fn within(&self, folder: &Path) -> Vec<&Path> {
        // Paths are ordered by their components, so what is in a folder stands together.
        self.0
            .range(folder.to_path_buf()..)
            .map(|(one, _)| one.as_path())
            .take_while(|one| one.starts_with(folder))
            .collect()
    }

    /// The name of the crate in this very folder.
    pub(super) fn name(&self, folder: &Path) -> Option<&str> {
        Some(&self.0.get(folder)?.name)
    }

    /// These crates, and all of the workspace that they depend on.
    pub(crate) fn needed<'a>(&'a self, crates: &[&'a Path]) -> BTreeSet<&'a Path> {
        reachable(crates.iter().copied(), |folder| {
            let needs = self.0.get(*folder);
            needs
                .into_iter()
                .flat_map(|needs| needs.folders.iter().map(PathBuf::as_path))
        })
    }

    /// Does one of these crates depend on something that has one of these names?
    pub(super) fn use_any(&self, crates: &BTreeSet<&Path>, names: &BTreeSet<String>) -> bool {
        crates
            .iter()
            .filter_map(|folder| self.0.get(*folder))
            .any(|one| !one.dependencies.is_disjoint(names))
    }
}

/// All that can be reached.
fn reachable<T: Ord + Copy, N: IntoIterator<Item = T>>(
    from: impl IntoIterator<Item = T>,
    next: impl Fn(&T) -> N,
) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    let mut to_see: Vec<T> = from.into_iter().collect();
    while let Some(one) = to_see.pop() {
        if found.insert(one) {
            to_see.extend(next(&one));
        }
    }
    found
}

/// The part of `cargo metadata` that matters here
/// (<https://doc.rust-lang.org/cargo/commands/cargo-metadata.html>).
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

/// A dependency; only those inside the workspace have a path.
#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
    path: Option<PathBuf>,
}

/// What the workspace's manifest says.
pub(super) struct Manifest {
    dependencies: toml::Table,
    /// All else but which crates there are, which is seen by their folders.
    pub(super) settings: toml::Table,
}

impl Manifest {
    /// Reads one; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut settings: toml::Table = text.parse().ok()?;
        let mut dependencies = toml::Table::new();
        if let Some(toml::Value::Table(workspace)) = settings.get_mut("workspace") {
            for key in ["members", "default-members", "exclude"] {
                workspace.remove(key);
            }
            if let Some(toml::Value::Table(given)) = workspace.remove("dependencies") {
                dependencies = given;
            }
        }
        Some(Self {
            dependencies,
            settings,
        })
    }

    /// The dependencies of which the other says something else, or nothing.
    pub(super) fn differing_dependencies(&self, other: &Self) -> BTreeSet<String> {
        let both = [&self.dependencies, &other.dependencies];
        both.into_iter()
            .flat_map(toml::Table::keys)
            .filter(|name| self.dependencies.get(*name) != other.dependencies.get(*name))
            .cloned()
            .collect()
    }
}

/// A lock file: each package by its name and version.
#[derive(Debug)]
pub(super) struct Lock(BTreeMap<(String, String), Locked>);

#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    /// `name`, or `name version` where there are several of the name, or
    /// `name version (source)`.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    /// Reads one; `None` where it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            package: Vec<Locked>,
        }
        let document: Document = toml::from_str(text).ok()?;
        let packages = document
            .package
            .into_iter()
            .map(|package| ((package.name.clone(), package.version.clone()), package));
        Some(Self(packages.collect()))
    }

    /// Every package that those of this name need, themselves among them: what tells one
    /// from all others.
    pub(super) fn needed(&self, name: &str) -> BTreeSet<[Option<&str>; 4]> {
        let needed = reachable(self.called(name, None), |key| {
            let package = &self.0[*key];
            package.dependencies.iter().flat_map(|dependency| {
                let mut words = dependency.split(' ');
                self.called(words.next().unwrap_or_default(), words.next())
            })
        });
        needed
            .into_iter()
            .map(|key| {
                let package = &self.0[key];
                [
                    Some(package.name.as_str()),
                    Some(package.version.as_str()),
                    package.source.as_deref(),
                    package.checksum.as_deref(),
                ]
            })
            .collect()
    }

    fn called<'a>(
        &'a self,
        name: &'a str,
        version: Option<&'a str>,
    ) -> impl Iterator<Item = &'a (String, String)> {
        self.0
            .range((name.to_owned(), String::new())..)
            .map(|(key, _)| key)
            .take_while(move |(its_name, _)| its_name == name)
            .filter(move |(_, its_version)| version.is_none_or(|version| version == its_version))
    }
}
