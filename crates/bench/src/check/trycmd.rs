//! trycmd on the same cases: a file for each, as its users write them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Result, ensure};
use tempfile::TempDir;

use super::course::{PROGRAM, WORD};
/// Where the cases are.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    folder: PathBuf,
}

/// Writes so many cases.
pub(super) fn cases(count: usize) -> Result<TempDir> {
    let folder = tempfile::tempdir()?;
    for case in 0..count {
        let text = format!(
            "bin.path = \"{PROGRAM}\"\nargs = [\"{WORD}\"]\nstatus = \"success\"\n\
             stdout = \"{WORD}\\n\"\nstderr = \"\"\n"
        );
        fs::write(folder.path().join(format!("case-{case}.toml")), text)?;
    }
    Ok(folder)
}

/// Runs trycmd in a process of its own, as a test binary would be: a build of this
/// program.
pub(super) fn run(program: &Path, folder: &Path, jobs: usize) -> Result<()> {
    let status = Command::new(program)
        .args(["part", "trycmd"])
        .arg(folder)
        .env("RAYON_NUM_THREADS", jobs.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    ensure!(status.success(), "trycmd finds its cases wrong: {status}");
    Ok(())
}

/// Runs all cases of a folder; where one is wrong, trycmd panics.
pub(crate) fn play(args: &Args) {
    let cases = ::trycmd::TestCases::new();
    cases.case(args.folder.join("*.toml"));
    cases.run();
}
