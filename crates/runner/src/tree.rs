//! A program and everything it started, as one thing to be ended.
//!
//! How that is done depends on the system; what is here is the same everywhere.

use std::{
    env,
    ffi::OsStr,
    io,
    path::{self, Path, PathBuf},
};

use crate::{Program, environment};

#[path = "tree/portable.rs"]
mod system;

pub(crate) use system::{Pipe, Tree};

/// A program that was started: its processes, and both its outputs.
pub(crate) struct Started {
    pub(crate) tree: Tree,
    pub(crate) stdout: Pipe,
    pub(crate) stderr: Pipe,
}

/// The file to execute: a bare name is looked up in the program's own `PATH`, any
/// other relative path starts at the program's folder.
fn resolve(program: &Program) -> io::Result<PathBuf> {
    let name = &program.executable;
    let is_bare = name.components().count() == 1 && name.file_name() == Some(name.as_os_str());
    if !is_bare {
        return Ok(path::absolute(&program.dir)?.join(name));
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
        .ok_or_else(|| io::ErrorKind::NotFound.into())
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
