//! Why a program could not be started, or signalled: what is wrong, and the remedy.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::Program;

/// Why a program could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no such file, or no such command in `PATH`.
    #[error("there is no program `{}`: build or install it, or correct its name", .0.display())]
    NotFound(PathBuf),
    /// The file is there, but not the interpreter that it asks for.
    #[error(
        "`{}` needs an interpreter that is not on this machine: install it, or correct the \
         script's first line",
        .0.display()
    )]
    NoInterpreter(PathBuf),
    /// The file may not be executed.
    #[error("`{}` may not be executed: allow it with `chmod +x {}`", .0.display(), .0.display())]
    NotExecutable(PathBuf),
    /// It is a folder.
    #[error("`{}` is a folder, not a program: name a file in it", .0.display())]
    IsFolder(PathBuf),
    /// The file is executable, but nothing that this machine can execute.
    #[error(
        "`{}` is no program of this machine: build it for this one, or, if it is a script, begin \
         it with a line such as `#!/bin/sh`",
        .0.display()
    )]
    NotAProgram(PathBuf),
    /// The folder in which the program is to run cannot be entered.
    #[error(
        "cannot enter the folder `{}`, in which the program is to run ({source}): create it, or \
         correct its name",
        dir.display()
    )]
    BadDir {
        /// The folder.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An argument, a variable or a path holds a NUL byte, which no program can be given.
    #[error(
        "`{}` cannot be given a NUL byte: take it out of its arguments, variables and paths",
        .0.display()
    )]
    Nul(PathBuf),
    /// The system refused for another reason, such as a limit that was reached.
    #[error("the system could not start `{}` ({step}: {source})", program.display())]
    System {
        /// The program.
        program: PathBuf,
        /// What was being done.
        step: &'static str,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// Finds the reason for which the system refused to execute `file` in the
    /// program's folder.
    pub(crate) fn explain(program: &Program, file: &Path, source: io::Error) -> Self {
        let name = program.executable.clone();
        match fs::metadata(&program.dir) {
            Err(error) => return Self::bad_dir(program, error),
            Ok(dir) if !dir.is_dir() => {
                return Self::bad_dir(program, io::ErrorKind::NotADirectory.into());
            }
            Ok(_) => {}
        }
        let metadata = fs::metadata(program.dir.join(file));
        match (source.kind(), metadata) {
            (io::ErrorKind::InvalidInput, _) => Self::Nul(name),
            (io::ErrorKind::NotFound, Ok(_)) => Self::NoInterpreter(name),
            (io::ErrorKind::NotFound | io::ErrorKind::NotADirectory, Err(_)) => {
                Self::NotFound(name)
            }
            (_, Ok(metadata)) if metadata.is_dir() => Self::IsFolder(name),
            (io::ErrorKind::PermissionDenied, _) => Self::NotExecutable(name),
            _ if is_no_program(&source) => Self::NotAProgram(name),
            _ => Self::system(program, "execute", source),
        }
    }

    /// The folder of the program cannot be entered.
    pub(crate) fn bad_dir(program: &Program, source: io::Error) -> Self {
        Self::BadDir {
            dir: program.dir.clone(),
            source,
        }
    }

    /// The system refused to do `step`.
    pub(crate) fn system(program: &Program, step: &'static str, source: io::Error) -> Self {
        Self::System {
            program: program.executable.clone(),
            step,
            source,
        }
    }
}

/// Whether the system found the file to be nothing that it can execute.
fn is_no_program(error: &io::Error) -> bool {
    /// On every Unix, see `errno(3)`.
    const ENOEXEC: i32 = 8;
    const ERROR_BAD_EXE_FORMAT: i32 = 193;
    let code = if cfg!(windows) {
        ERROR_BAD_EXE_FORMAT
    } else {
        ENOEXEC
    };
    error.raw_os_error() == Some(code)
}

/// Why a program could not be sent a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignalError {
    /// The program has ended.
    #[error("the program has already ended, so that no signal reaches it")]
    Ended,
    /// This system cannot do it.
    #[error("this system has no such signal: here a program can only be killed")]
    Unsupported,
}
