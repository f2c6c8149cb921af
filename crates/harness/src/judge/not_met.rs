//! Why a requirement is not met.

use std::{
    fmt, io,
    time::{Duration, Instant},
};

/// Why a requirement is not met, or could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotMet {
    /// The candidate did something wrong.
    Wrong(Wrong),
    /// The candidate seems to have done something wrong, and that says nothing: this
    /// machine is so busy that the judge itself was kept waiting.
    Unclear {
        /// What it looked like.
        seems: Wrong,
        /// For how long the judge was kept waiting, at one stretch.
        stall: Duration,
    },
    /// The judge itself could not go on, and says nothing about the candidate.
    Trouble(String),
}

/// What a candidate did wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    what: String,
    expected: Option<Box<str>>,
    came: Option<Box<str>>,
    about: Option<Box<str>>,
    seen: Option<Instant>,
    is_certain: bool,
}

impl Wrong {
    /// Says what is wrong, in one sentence without its full stop.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            expected: None,
            came: None,
            about: None,
            seen: None,
            is_certain: false,
        }
    }

    /// Adds what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl fmt::Display) -> Self {
        self.expected = Some(expected.to_string().into());
        self
    }

    /// Adds what came instead.
    #[must_use]
    pub fn came(mut self, came: impl fmt::Display) -> Self {
        self.came = Some(came.to_string().into());
        self
    }

    /// Of the conversation only what this one did matters.
    #[must_use]
    pub fn about(mut self, who: &str) -> Self {
        self.about = Some(who.into());
        self
    }

    /// When the judge saw it: what came long after that does not matter.
    #[must_use]
    pub fn seen(mut self, at: Instant) -> Self {
        self.seen = Some(at);
        self
    }

    /// When it was seen, where that is known.
    pub(crate) fn when(&self) -> Option<Instant> {
        self.seen
    }

    /// However late the judge or the candidate was, this is wrong: time has no part in it. So
    /// it is never [`NotMet::Unclear`].
    #[must_use]
    pub fn whatever_the_time(mut self) -> Self {
        self.is_certain = true;
        self
    }

    /// Whether it is wrong however late it was seen.
    pub(crate) fn is_certain(&self) -> bool {
        self.is_certain
    }

    /// Whose part of the conversation matters; everybody's where nobody is named.
    pub(crate) fn whose(&self) -> Option<&str> {
        self.about.as_deref()
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.what)?;
        if let Some(expected) = &self.expected {
            write!(f, "\nexpected  {expected}")?;
        }
        if let Some(came) = &self.came {
            write!(f, "\ncame      {came}")?;
        }
        Ok(())
    }
}

impl NotMet {
    /// The judge could not do what it has to: `what`, because of `error`.
    pub(crate) fn trouble(what: &str, error: &io::Error) -> Self {
        Self::Trouble(format!("cannot {what}: {error}"))
    }
}

impl From<Wrong> for NotMet {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl fmt::Display for NotMet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(wrong) => wrong.fmt(f),
            Self::Unclear { seems, stall } => write!(
                f,
                "This is no verdict: the machine is so busy that the judge itself was kept waiting, \
                 for {:.1} s at a stretch, and what is late on it may look wrong. Judge it again \
                 when the machine is less busy. What it looked like:\n\n{seems}",
                stall.as_secs_f64()
            ),
            Self::Trouble(trouble) => f.write_str(trouble),
        }
    }
}
