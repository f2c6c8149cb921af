//! What became of a check: the last value of the way, which reports only read.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

/// What can become of a check, the gravest first.
///
/// Where several are true of one check, the gravest is its status; what else
/// is true stands in its detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The page is wrong in itself.
    Invalid,
    /// Cargo could not build it, or its command cannot be started.
    Unbuilt,
    /// A listing is not its file.
    Drifted,
    /// It printed more than its budget.
    TooMuchOutput,
    /// It ran longer than its budget.
    TimedOut,
    /// It ended with another exit code or signal than promised.
    Crashed,
    /// It ended, but left a process behind or its output open.
    Leaked,
    /// What it printed is not what the page promises.
    Mismatch,
    /// What was seen does not tell: packets were lost or cannot be read, or the machine was
    /// too busy.
    Incomplete,
    /// Some runs passed, some did not.
    Flaky,
    /// It could not be checked here, and did not have to be.
    Skipped,
    /// All that was promised holds.
    Passed,
}

impl Status {
    /// The status in one word, as every report writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Unbuilt => "unbuilt",
            Self::Drifted => "drifted",
            Self::TooMuchOutput => "too-much-output",
            Self::TimedOut => "timed-out",
            Self::Crashed => "crashed",
            Self::Leaked => "leaked",
            Self::Mismatch => "mismatch",
            Self::Incomplete => "incomplete",
            Self::Flaky => "flaky",
            Self::Skipped => "skipped",
            Self::Passed => "passed",
        }
    }

    /// Does this status count as failed?
    #[must_use]
    pub fn failed(self) -> bool {
        !matches!(self, Self::Passed | Self::Skipped)
    }

    /// Of one run among several: is it this machine that failed, and not the program or
    /// its page?
    #[must_use]
    pub fn tells_nothing(self) -> bool {
        matches!(self, Self::Unbuilt | Self::Incomplete)
    }

    /// Does it mean that nothing could be checked, rather than that something
    /// does not hold?
    #[must_use]
    pub fn unchecked(self) -> bool {
        matches!(self, Self::Invalid | Self::Unbuilt)
    }
}

/// One promise of a page, and what became of it.
#[derive(Clone, Debug)]
pub struct Check {
    /// The lesson's id.
    pub lesson: String,
    /// What was checked: `page`, `listing FILE`, `run PROGRAM`, `stderr PROGRAM`,
    /// `wire PROGRAM`, and `build PROGRAM` where that failed and no page runs it.
    pub name: String,
    /// The page, from the course's root.
    pub file: PathBuf,
    /// The line of the page that promises it.
    pub line: usize,
    /// What became of it.
    pub status: Status,
    /// How long it took; for a program, all its runs together.
    pub elapsed: Duration,
    /// How often the program was run: 0 for a page or a listing.
    pub runs: usize,
    /// What the transcript's names stood for, in the run that is told of.
    pub names: BTreeMap<String, String>,
    /// What there is to tell, as it is printed: with colours in it.
    pub detail: Option<String>,
    /// Where what is told belongs to several places: each, and its part of the detail.
    pub spots: Vec<Spot>,
}

/// One of the places at which a check failed.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The file, from the course's root.
    pub file: PathBuf,
    /// The line in it.
    pub line: usize,
    /// What there is to tell of it, without colours.
    pub detail: String,
}

impl Check {
    /// The detail without colours.
    #[must_use]
    pub fn plain_detail(&self) -> Option<String> {
        let detail = self.detail.as_deref()?;
        Some(anstream::adapter::strip_str(detail).to_string())
    }
}

/// Why a check ended before all was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody pressed Ctrl-C.
    Interrupted,
    /// Something failed, and the first failure was to be the last.
    FailFast,
}

impl Stopped {
    /// In one word, as documents for machines write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::FailFast => "fail-fast",
        }
    }

    /// What became of those that were not checked, without a full stop.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted before the others were checked",
            Self::FailFast => "the others were not checked (--fail-fast)",
        }
    }
}

/// A program run several times, in a line.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The lesson's id.
    pub lesson: String,
    /// The program as the page names it, and the arguments that it gets there.
    pub program: String,
    /// Runs in which every promise held.
    pub matched: usize,
    /// All runs.
    pub runs: usize,
    /// How many different outputs were seen.
    pub distinct: usize,
}

/// Everything that one `check` found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Each check, in the order of the course and of its pages.
    pub checks: Vec<Check>,
    /// Each program, where it was run more than once.
    pub tallies: Vec<Tally>,
    /// From the first run to the last verdict, without building.
    pub elapsed: Duration,
    /// Why not all was checked that was asked for.
    pub stopped: Option<Stopped>,
}

impl Findings {
    /// How the command ends.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if self.stopped == Some(Stopped::Interrupted) {
            return Outcome::Unchecked;
        }
        let gravest = self.checks.iter().map(|check| check.status).min();
        match gravest {
            Some(status) if status.unchecked() => Outcome::Unchecked,
            Some(status) if status.failed() => Outcome::Fails,
            _ => Outcome::Holds,
        }
    }

    /// How many checks have a status for which `wanted` holds.
    pub fn count(&self, wanted: impl Fn(Status) -> bool) -> usize {
        self.checks
            .iter()
            .filter(|check| wanted(check.status))
            .count()
    }
}

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All that was asked for holds.
    Holds,
    /// Something that was checked does not hold.
    Fails,
    /// It could not be checked.
    Unchecked,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Holds => Self::from(0),
            Outcome::Fails => Self::from(1),
            Outcome::Unchecked => Self::from(2),
        }
    }
}

/// A path as every report writes it: with slashes, on every system.
#[must_use]
pub fn slashes(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// `1 lesson`, `2 lessons`
#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
