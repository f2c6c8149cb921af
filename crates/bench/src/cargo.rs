//! Building what is measured.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// How cargo builds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Profile {
    /// As it does by default.
    Dev,
    /// With `--release`.
    Release,
}

/// Builds a binary of this workspace, and says where it is.
///
/// # Errors
///
/// Where cargo cannot be started, or the build fails; cargo has said why.
pub(crate) fn build(package: &str, binary: &str, profile: Profile) -> Result<PathBuf> {
    eprintln!("building {binary} ({profile:?})");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
        ])
        .args(["--package", package, "--bin", binary])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .stderr(Stdio::inherit());
    if let Profile::Release = profile {
        command.arg("--release");
    }
    let output = command.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!("cargo could not build {binary}");
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().find_map(|line| executable(line, binary));
    executable.with_context(|| format!("cargo built {binary}, and did not say where it is"))
}

/// Where a binary is, if this line of cargo's says so.
fn executable(line: &str, binary: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let is_it = message["target"]["name"] == binary;
    let path = message["executable"].as_str()?;
    is_it.then(|| path.into())
}

/// This program: what it plays in a process of its own, it plays itself.
///
/// # Errors
///
/// Where the system does not say where it is.
pub(crate) fn this_program() -> Result<PathBuf> {
    env::current_exe().context("cannot tell where this program is")
}
