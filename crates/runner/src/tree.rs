//! A program and everything it started, as one thing to be ended.
//!
//! How that is done depends on the system; what is here is the same everywhere.

use std::{
    env,
    ffi::OsStr,
    path::{self, Path, PathBuf},
};

use crate::{Ended, Program, StartError, environment};

#[cfg(target_os = "linux")]
mod marker;
#[cfg(target_os = "linux")]
mod pipe;

#[cfg(target_os = "linux")]
#[path = "tree/linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "tree/portable.rs"]
mod system;

pub(crate) use system::{Pipe, Refusal, Tree};
#[cfg(target_os = "linux")]
pub(crate) use system::{try_namespace, try_tap};

/// What is told of a program. Who does not wait for its start is better off not being
/// woken by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Its end, or that there was no start.
    OfEnd,
    /// Its start as well.
    OfStart,
}

/// What can happen to a program's processes, in this order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// The program could not be executed. Nothing else will happen.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "there it is known from the start")
    )]
    Refused(Refusal),
    /// The program runs; [`Notice::OfStart`].
    Running,
    /// The program itself has ended.
    Ended(Ended),
    /// Nothing is left.
    Gone {
        /// There was somebody to be killed.
        was_killed: bool,
    },
}

/// A program that was started: its processes, and both its outputs.
pub(crate) struct Started {
    pub(crate) tree: Tree,
    pub(crate) stdout: Pipe,
    pub(crate) stderr: Pipe,
}

/// The file to execute: a bare name is looked up in the program's own `PATH`, any
/// other relative path starts at the program's folder.
fn resolve(program: &Program) -> Result<PathBuf, StartError> {
    let name = &program.executable;
    if name.as_os_str().is_empty() {
        return Err(StartError::NotFound(name.clone()));
    }
    let is_bare = name.components().count() == 1 && name.file_name() == Some(name.as_os_str());
    if !is_bare {
        return match path::absolute(&program.dir) {
            Ok(dir) => Ok(dir.join(name)),
            Err(error) => Err(StartError::bad_dir(program, error)),
        };
    }
    if cfg!(windows) {
        // The system looks it up, with the endings it knows.
        return Ok(name.clone());
    }
    let environment = environment::of(program);
    let path = environment.get(OsStr::new("PATH"));
    path.into_iter()
        .flat_map(env::split_paths)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
        .ok_or_else(|| StartError::NotFound(name.clone()))
}

/// Whether somebody may execute the file; whether we may, the attempt will show.
fn is_executable(file: &Path) -> bool {
    let Ok(metadata) = file.metadata() else {
        return false;
    };
    #[cfg(unix)]
    let may_run = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = true;
    may_run && metadata.is_file()
}
