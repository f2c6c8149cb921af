//! `run`: one program of a lesson, with its output live.
//!
//! It gets what it gets under `check`, an empty standard input and the lesson's
//! folder as its working directory, but no bounds: it runs until it ends or
//! somebody presses Ctrl-C. It is not isolated, so that other tools can reach a
//! server that it starts.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, anyhow};
use lesson::Lesson;

use crate::{
    cargo::Cargo,
    cli, course,
    programs::{Executable, Programs},
    verdict::Outcome,
};

/// Runs the program that `args` name, and tells how it ended where that is not
/// exit code 0.
///
/// # Errors
///
/// When there is no such lesson or program, or it does not build or start.
pub fn run(root: &Path, args: &cli::Run) -> Result<Outcome> {
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    let name = args.program.as_deref().unwrap_or(&lesson.id);
    let program = lesson
        .program(name)
        .map_err(|instead| anyhow!("`{}` has no program `{name}`: {instead}", lesson.id))?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let programs = runtime.block_on(Programs::build(&Cargo::default(), root, [lesson]))?;
    let executable = programs
        .find(lesson, &program)
        .map_err(|reason| anyhow!(reason))?;
    let path = from_folder(&executable, lesson);
    let status = Command::new(&path)
        .args(&executable.args)
        .args(&args.args)
        .current_dir(&lesson.folder)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", path.display()))?;
    if status.success() {
        return Ok(Outcome::Holds);
    }
    anstream::eprintln!("note: `{}` ended with {status}", program.name());
    Ok(Outcome::Fails)
}

/// The executable as it is started from the lesson's folder: a path with a
/// separator begins there, a bare name is looked up in `PATH`.
fn from_folder(executable: &Executable, lesson: &Lesson) -> PathBuf {
    if executable.path.components().count() > 1 {
        lesson.folder.join(&executable.path)
    } else {
        executable.path.clone()
    }
}
