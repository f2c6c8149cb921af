//! What is run, what it may use, and what became of it: plain values.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::PathBuf,
    process::ExitStatus,
    time::Duration,
};

use crate::{Capture, Output};

/// What to start: standard input is empty, the environment is a known one.
///
/// Of the caller's environment the program gets what it needs to be found and to
/// run (`PATH`, `HOME`, `TMPDIR`, where the toolchains live), and nothing else: no
/// token, no key. The language is fixed, and colours are off.
#[derive(Clone, Debug)]
pub struct Program {
    /// The executable; a name without a separator is looked up in `PATH`, any
    /// other relative path starts at `dir`.
    pub executable: PathBuf,
    /// Its arguments, without its own name.
    pub args: Vec<OsString>,
    /// The folder in which it runs.
    pub dir: PathBuf,
    /// Variables beyond the known environment; they win over it.
    pub env: Vec<(OsString, OsString)>,
}

impl Program {
    /// A program without arguments, run in `dir`.
    pub fn new(executable: impl Into<PathBuf>, dir: impl Into<PathBuf>) -> Self {
        Self {
            executable: executable.into(),
            args: Vec::new(),
            dir: dir.into(),
            env: Vec::new(),
        }
    }

    /// The same program with one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// The same program with one more variable in its environment.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }
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

impl Default for Budget {
    /// 10 seconds, half a second of grace, 8 MiB of output.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            grace: Duration::from_millis(500),
            output: 8 << 20,
        }
    }
}

/// How the program itself ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited, with this code.
    Code(i32),
    /// A signal ended it; its number on this system.
    Signal(i32),
}

impl Ended {
    /// Ended by SIGKILL, which has the same number everywhere.
    pub(crate) const KILLED: Self = Self::Signal(9);

    /// What a status of the standard library says.
    pub(crate) fn from_status(status: ExitStatus) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        status.code().map_or(Self::KILLED, Self::Code)
    }

    /// The name of the signal that ended it, as signal(7) has it: `SIGABRT`.
    #[must_use]
    pub fn signal_name(self) -> Option<&'static str> {
        match self {
            Self::Code(_) => None,
            Self::Signal(number) => signal_name(number),
        }
    }
}

/// `exit code 3`, `SIGABRT`, or `signal 64` where that has no name.
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.signal_name()) {
            (Self::Code(code), _) => write!(f, "exit code {code}"),
            (Self::Signal(_), Some(name)) => f.write_str(name),
            (Self::Signal(number), None) => write!(f, "signal {number}"),
        }
    }
}

/// The signals that end a program unless it handles them; signal(7).
#[cfg(unix)]
fn signal_name(number: i32) -> Option<&'static str> {
    Some(match number {
        libc::SIGABRT => "SIGABRT",
        libc::SIGALRM => "SIGALRM",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGHUP => "SIGHUP",
        libc::SIGILL => "SIGILL",
        libc::SIGINT => "SIGINT",
        libc::SIGIO => "SIGIO",
        libc::SIGKILL => "SIGKILL",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGPROF => "SIGPROF",
        #[cfg(target_os = "linux")]
        libc::SIGPWR => "SIGPWR",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGSEGV => "SIGSEGV",
        #[cfg(all(
            target_os = "linux",
            any(
                target_arch = "x86_64",
                target_arch = "aarch64",
                target_arch = "riscv64"
            )
        ))]
        libc::SIGSTKFLT => "SIGSTKFLT",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTERM => "SIGTERM",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGVTALRM => "SIGVTALRM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        _ => return None,
    })
}

#[cfg(not(unix))]
fn signal_name(_number: i32) -> Option<&'static str> {
    None
}

/// A signal that a running program can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end, please.
    Terminate,
    /// SIGINT: what Ctrl-C sends.
    Interrupt,
    /// SIGKILL: the end, without a word.
    Kill,
}

impl Signal {
    /// Its number, which is the same on every Unix.
    #[cfg(unix)]
    pub(crate) fn number(self) -> i32 {
        match self {
            Self::Terminate => libc::SIGTERM,
            Self::Interrupt => libc::SIGINT,
            Self::Kill => libc::SIGKILL,
        }
    }
}

/// What became of a program.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each may be true beside the others"
)]
pub struct Run {
    /// How it ended.
    pub ended: Ended,
    /// It was still running when its time was over, and was ended.
    pub timed_out: bool,
    /// It printed more than its budget, and was ended.
    pub too_much_output: bool,
    /// It ended of itself, but left a process behind or its output open.
    pub leaked: bool,
    /// It was still running, with time left, when its caller wanted an end to it.
    pub stopped: bool,
    /// What it printed on standard output.
    pub stdout: Output,
    /// What it printed on standard error.
    pub stderr: Output,
    /// From start to end.
    pub elapsed: Duration,
    /// The packets that it put on its network, where it was [prepared](crate::prepare)
    /// with a tap.
    pub capture: Option<Capture>,
}
