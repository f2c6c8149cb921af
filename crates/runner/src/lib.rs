//! Programs that nobody vouches for, run under a budget.
//!
//! A [`Program`] and a [`Budget`] in, what became of it out: a [`Run`]. The
//! runner knows no lessons. Whatever the program does, the run ends in time and
//! nothing that it started is left behind.

use std::{ffi::OsString, path::PathBuf, time::Duration};

/// What to start: standard input is empty, the environment is a known one.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable; a name without a separator is looked up in `PATH`.
    pub executable: PathBuf,
    /// Its arguments, without its own name.
    pub args: Vec<OsString>,
    /// The folder in which it runs.
    pub dir: PathBuf,
    /// Variables beyond the known environment.
    pub env: Vec<(OsString, OsString)>,
}

/// What a program may use before it is ended.
#[derive(Clone, Debug)]
pub struct Budget {
    /// From start to end.
    pub time: Duration,
    /// Between SIGTERM and SIGKILL.
    pub grace: Duration,
    /// Bytes of standard output and standard error together.
    pub output: usize,
}

/// How the program itself ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited, with this code.
    Code(i32),
    /// A signal ended it.
    Signal(i32),
}

/// What became of a program.
#[derive(Clone, Debug)]
pub struct Run {
    /// How it ended.
    pub ended: Ended,
    /// It was still running when its time was over, and was ended.
    pub timed_out: bool,
    /// It printed more than its budget, and was ended.
    pub too_much_output: bool,
    /// It ended, but left a process behind or its output open.
    pub leaked: bool,
    /// What it printed on standard output, as bytes.
    pub stdout: Vec<u8>,
    /// What it printed on standard error, as bytes.
    pub stderr: Vec<u8>,
    /// From start to end.
    pub elapsed: Duration,
}
