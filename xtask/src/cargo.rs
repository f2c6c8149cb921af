//! What cargo is asked: which packages the workspace has, and to build some of
//! them, all together and once.
//!
//! Cargo never stands between the runner and a program: a build says where the
//! executables are, and the runner starts those.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What one build gave.
#[derive(Clone, Debug, Default)]
pub struct Built {
    executables: BTreeMap<String, PathBuf>,
    unknown: BTreeSet<String>,
}

impl Built {
    /// The executable of a binary, by the binary's name.
    #[must_use]
    pub fn executable(&self, binary: &str) -> Option<&Path> {
        self.executables.get(binary).map(PathBuf::as_path)
    }

    /// Was this package asked for although the workspace has none of the name?
    #[must_use]
    pub fn is_unknown(&self, package: &str) -> bool {
        self.unknown.contains(package)
    }
}

/// Builds the binaries of `packages`, with what cargo says of it on standard
/// error. A package that does not build does not stop the others, and is no
/// error here: its executables are missing from what is returned.
///
/// # Errors
///
/// When cargo cannot be started, or does not understand the workspace.
pub fn build<'a>(root: &Path, packages: impl IntoIterator<Item = &'a str>) -> Result<Built> {
    let asked: BTreeSet<&str> = packages.into_iter().collect();
    if asked.is_empty() {
        return Ok(Built::default());
    }
    let members = members(root)?;
    let (known, unknown): (Vec<&str>, Vec<&str>) = asked
        .into_iter()
        .partition(|package| members.contains(*package));
    let executables = if known.is_empty() {
        BTreeMap::new()
    } else {
        build_members(root, &known)?
    };
    Ok(Built {
        executables,
        unknown: unknown.into_iter().map(str::to_owned).collect(),
    })
}

/// `cargo`, or the one that started us: `cargo xtask` says which in `CARGO`.
#[must_use]
pub fn command(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root).stdin(Stdio::null());
    command
}

fn build_members(root: &Path, packages: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let mut command = command(root);
    command.args([
        "build",
        "--bins",
        "--keep-going",
        "--message-format=json-render-diagnostics",
    ]);
    for package in packages {
        command.args(["--package", package]);
    }
    executables(command)
}

/// Runs a `cargo build` that prints JSON messages, and gathers the executables
/// that it names. That some package did not build is not an error: cargo has
/// said so on standard error.
///
/// # Errors
///
/// When cargo cannot be started, or its messages cannot be read.
pub fn executables(mut command: Command) -> Result<BTreeMap<String, PathBuf>> {
    let mut cargo = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let mut executables = BTreeMap::new();
    if let Some(messages) = cargo.stdout.take() {
        for line in BufReader::new(messages).lines() {
            let line = line.context("cannot read what cargo prints")?;
            // Lines that are no messages come from build scripts: not ours to judge.
            let Ok(message) = serde_json::from_str::<Message>(&line) else {
                continue;
            };
            if let (Some(target), Some(executable)) = (message.target, message.executable) {
                executables.insert(target.name, executable);
            }
        }
    }
    cargo.wait().context("cannot wait for cargo")?;
    Ok(executables)
}

/// What `cargo metadata` says of the workspace's own packages, as JSON.
///
/// # Errors
///
/// When cargo cannot be started, or does not understand the workspace.
pub fn metadata(root: &Path) -> Result<Vec<u8>> {
    let output = command(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo does not understand the workspace in {} (see above)",
            root.display()
        );
    }
    Ok(output.stdout)
}

/// The names of the workspace's packages.
fn members(root: &Path) -> Result<BTreeSet<String>> {
    let metadata: Metadata =
        serde_json::from_slice(&metadata(root)?).context("cannot read `cargo metadata`")?;
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| package.name)
        .collect())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

/// The part of cargo's messages that names executables
/// (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>).
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}
