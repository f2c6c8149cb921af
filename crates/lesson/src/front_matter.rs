//! The front matter of a page: what it may say, and whether it does.

mod check;
mod values;

use std::fmt;
use std::ops::Range;
use std::time::Duration;

pub(crate) use check::check;

/// What a page says about its lesson before it begins.
///
/// Where the page is wrong, what could not be read is empty, 0 or the default,
/// and the lesson's diagnostics say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// The lesson's name in the course, in kebab case.
    pub id: String,
    /// The number of its phase.
    pub phase: u32,
    /// The title of its phase.
    pub phase_title: String,
    /// Its place in the phase.
    pub sequence: u32,
    /// Its title.
    pub title: String,
    /// Whom it is for.
    pub difficulty: Difficulty,
    /// What it is about; at least one.
    pub tags: Vec<String>,
    /// The ids of the lessons to take first.
    pub prerequisites: Vec<String>,
    /// How long a learner takes.
    pub estimated_minutes: u32,
    /// How long each of its programs may run: `timeout_seconds`, or [`DEFAULT_TIMEOUT`].
    pub timeout: Duration,
    /// Kinds of the lesson's own: name and regular expression, in the page's order.
    pub placeholders: Vec<(String, String)>,
    /// Programs that are not binaries of the experiment crate, in the page's order.
    pub commands: Vec<Command>,
}

/// How long a program may run where its page does not say.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// A program that is not a binary of the experiment crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What the page's blocks call it.
    pub name: String,
    /// The program to start: searched for in `PATH`, or a path from the lesson's folder.
    pub program: String,
    /// What it is always given, before the arguments of a block.
    pub args: Vec<String>,
}

/// How much a lesson asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Difficulty {
    /// `beginner`
    #[default]
    Beginner,
    /// `intermediate`
    Intermediate,
    /// `advanced`
    Advanced,
}

impl Difficulty {
    /// Each of them, the easiest first.
    pub const ALL: [Self; 3] = [Self::Beginner, Self::Intermediate, Self::Advanced];

    /// As the front matter writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Intermediate => "intermediate",
            Self::Advanced => "advanced",
        }
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Default for FrontMatter {
    /// What is known of a page that says nothing.
    fn default() -> Self {
        Self {
            id: String::new(),
            phase: 0,
            phase_title: String::new(),
            sequence: 0,
            title: String::new(),
            difficulty: Difficulty::default(),
            tags: Vec::new(),
            prerequisites: Vec::new(),
            estimated_minutes: 0,
            timeout: DEFAULT_TIMEOUT,
            placeholders: Vec::new(),
            commands: Vec::new(),
        }
    }
}

/// Where the front matter says what is later held against the folder, the
/// transcripts and the other lessons: bytes of the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    pub(crate) id: Option<Range<usize>>,
    pub(crate) phase: Option<Range<usize>>,
    pub(crate) phase_title: Option<Range<usize>>,
    pub(crate) sequence: Option<Range<usize>>,
    /// One for each of the front matter's `prerequisites`.
    pub(crate) prerequisites: Vec<Range<usize>>,
    /// One for each of its `placeholders`: the name, and the expression.
    pub(crate) placeholders: Vec<(Range<usize>, Range<usize>)>,
    /// One for each of its `commands`: the name.
    pub(crate) commands: Vec<Range<usize>>,
}
