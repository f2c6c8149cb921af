//! How a program ends.

use std::fmt;

use crate::suggest;

/// How a program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// By itself, with this exit code.
    Code(u8),
    /// By a signal, by its name: `SIGABRT`.
    Signal(&'static str),
}

/// The signals that may end a program, as signal(7) names them. These are the ones by whose
/// names it can be said how a program has ended.
const SIGNALS: [&str; 23] = [
    "SIGABRT",
    "SIGALRM",
    "SIGBUS",
    "SIGFPE",
    "SIGHUP",
    "SIGILL",
    "SIGINT",
    "SIGIO",
    "SIGKILL",
    "SIGPIPE",
    "SIGPROF",
    "SIGPWR",
    "SIGQUIT",
    "SIGSEGV",
    "SIGSTKFLT",
    "SIGSYS",
    "SIGTERM",
    "SIGTRAP",
    "SIGUSR1",
    "SIGUSR2",
    "SIGVTALRM",
    "SIGXCPU",
    "SIGXFSZ",
];

impl Exit {
    /// Reads what stands behind `exit=`: a number up to 255, or a signal's name.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text
                .parse()
                .map(Self::Code)
                .map_err(|_| "an exit code is a number from 0 to 255".to_owned());
        }
        // The two are one signal.
        let text = if text == "SIGPOLL" { "SIGIO" } else { text };
        if let Some(name) = SIGNALS.into_iter().find(|name| *name == text) {
            return Ok(Self::Signal(name));
        }
        let upper = text.to_uppercase();
        Err(match suggest::nearest(&upper, SIGNALS) {
            Some(meant) => format!("did you mean `exit={meant}`?"),
            None => "write an exit code, `exit=101`, or a signal, `exit=SIGABRT`".to_owned(),
        })
    }
}

impl Default for Exit {
    fn default() -> Self {
        Self::Code(0)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Signal(name) => f.write_str(name),
        }
    }
}
