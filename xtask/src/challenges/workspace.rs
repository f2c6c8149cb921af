//! What the workspace says that a crate outside it has to agree with: versions,
//! features, edition, profile.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::cargo;

/// The part of `cargo metadata` that matters here
/// (<https://doc.rust-lang.org/cargo/commands/cargo-metadata.html>).
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// Where cargo builds.
    pub target_directory: PathBuf,
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    edition: String,
    dependencies: Vec<Dependency>,
}

/// A dependency, as the workspace resolves it.
#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    req: String,
    /// `dev`, `build`, or none.
    kind: Option<String>,
    features: Vec<String>,
    uses_default_features: bool,
    /// Where it is a folder.
    path: Option<PathBuf>,
}

impl Workspace {
    /// Asks cargo.
    ///
    /// # Errors
    ///
    /// When cargo cannot be started, or does not understand the workspace.
    pub fn read(root: &Path) -> Result<Self> {
        serde_json::from_slice(&cargo::metadata(root)?).context("cannot read `cargo metadata`")
    }

    /// The manifest of a crate outside the workspace, in which sources of the
    /// challenges crate `package` build as they do there: a workspace of its own,
    /// with what `package` takes from registries. What it takes from folders is the
    /// judge's, and no part of a solution.
    ///
    /// # Errors
    ///
    /// When the workspace has no such package.
    pub fn manifest<'a>(
        &self,
        package: &str,
        name: &str,
        binaries: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<String> {
        let package = self
            .packages
            .iter()
            .find(|member| member.name == package)
            .ok_or_else(|| anyhow!("the workspace has no package `{package}`"))?;
        let mut manifest = format!(
            "[workspace]\n\n\
             [package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = {:?}\npublish = false\n\n\
             [dependencies]\n",
            package.edition
        );
        for dependency in package.for_solutions() {
            manifest.push_str(&dependency.line());
        }
        for (binary, path) in binaries {
            // Writing into a string does not fail.
            let _ = write!(manifest, "\n[[bin]]\nname = {binary:?}\npath = {path:?}\n");
        }
        Ok(manifest)
    }
}

impl Dependency {
    /// Its line in a manifest.
    fn line(&self) -> String {
        let Self {
            name,
            req,
            features,
            uses_default_features,
            ..
        } = self;
        let req = req.trim_start_matches('^');
        let defaults = if *uses_default_features {
            ""
        } else {
            ", default-features = false"
        };
        if features.is_empty() && defaults.is_empty() {
            return format!("{name} = {req:?}\n");
        }
        format!("{name} = {{ version = {req:?}{defaults}, features = {features:?} }}\n")
    }
}

impl Package {
    fn for_solutions(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies
            .iter()
            .filter(|dependency| dependency.kind.is_none() && dependency.path.is_none())
    }
}

/// The workspace's profiles, as the end of a manifest: dependencies that are built
/// alike are not built twice. What is said there of single packages concerns others.
///
/// # Errors
///
/// When the workspace's manifest cannot be read.
pub(super) fn profiles(root: &Path) -> Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        profile: toml::Table,
    }
    let path = root.join("Cargo.toml");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let Manifest { mut profile } =
        toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    for (_, settings) in &mut profile {
        if let Some(packages) = settings
            .get_mut("package")
            .and_then(toml::Value::as_table_mut)
        {
            packages.retain(|package, _| package == "*");
        }
    }
    Ok(toml::to_string(&BTreeMap::from([("profile", profile)]))?)
}

/// Writes a file, but only where it says something else: what has not changed is
/// not built again.
///
/// # Errors
///
/// When it cannot be written.
pub(super) fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
