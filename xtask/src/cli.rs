//! The command line: what may be asked, and how.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use lesson::Difficulty;
use transcript::Order;

use crate::partition::Partition;

/// The networking course that proves itself.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    propagate_version = false,
    after_help = "Without a command: where you are in the course, and what is next."
)]
pub struct Cli {
    /// The folder that holds `lessons/` [default: the nearest one above this folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,

    /// When to print colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,

    /// What to do; nothing is to say where the learner is, and what is next
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// When to print colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Also into a file or a pipe
    Always,
    /// Not at all
    Never,
}

/// One variant a command, one module a variant.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the course by phase
    List,
    /// Run one program of a lesson, with its output live
    Run(Run),
    /// Prove the pages: front matter, sections, listings, transcripts, packets
    Check(Check),
    /// Hold an output, a file or standard input, against a transcript
    Match(Match),
    /// Bring pages up to date with their files and programs
    Bless(Bless),
    /// Show every packet that a program of a lesson sends
    Wire(Wire),
    /// Lay out a new lesson, which passes every check as it stands
    New(New),
    /// Write down what reviewers look at: a file a lesson
    Snapshot(Snapshot),
    /// Lay out a lesson's challenges to work on, under `practice/`
    Start(Start),
    /// Judge your work on a lesson's challenges
    Verify(Verify),
    /// Show the next hint for a challenge
    Hint(Hint),
    /// Check and judge again whatever a save touches, beginning with where you are
    Watch(Watch),
    /// Prove the pages, and make a web site of them
    Book(Book),
}

/// `run LESSON [PROGRAM] [-- ARGS]`
#[derive(Debug, Args)]
pub struct Run {
    /// An id, a place such as `6.1`, or a beginning that fits only one
    pub lesson: String,
    /// A program of the lesson [default: its experiment]
    pub program: Option<String>,
    /// What the program is given as its arguments
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<std::ffi::OsString>,
}

/// `check [LESSON…]`
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Check {
    /// Ids, places such as `6.1`, or beginnings that fit only one [default: every lesson]
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,

    /// Judge the challenges' own parts: solutions, starters and mutants
    #[arg(long)]
    pub challenges: bool,

    /// Run every program this many times; all runs have to match
    #[arg(long, value_name = "N", default_value = "1")]
    pub repeat: NonZeroUsize,

    /// Keep every core busy meanwhile
    #[arg(long)]
    pub load: bool,

    /// Run at most this many programs side by side [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,

    /// Seconds that each program may take [default: what its page says, or 10], and with
    /// `--challenges` each requirement that it is judged by [default: 60]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Check only lessons that have changed since REV, or the last commit
    #[arg(
        long,
        value_name = "REV",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "HEAD"
    )]
    pub changed: Option<String>,

    /// Check only part K of N of the lessons; each lesson is always in the same part
    #[arg(long, value_name = "K/N")]
    pub partition: Option<Partition>,

    /// Stop at the first failure
    #[arg(long)]
    pub fail_fast: bool,

    /// Tell only what does not hold
    #[arg(long, short)]
    pub quiet: bool,

    /// Whether each program gets a network of its own
    #[arg(long, value_enum, default_value_t, value_name = "WHETHER")]
    pub isolation: Isolation,

    /// How the result is told
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Default for Check {
    /// `check` without arguments.
    fn default() -> Self {
        Self {
            lessons: Vec::new(),
            challenges: false,
            repeat: NonZeroUsize::MIN,
            load: false,
            jobs: None,
            timeout: None,
            changed: None,
            partition: None,
            fail_fast: false,
            quiet: false,
            isolation: Isolation::default(),
            format: Format::default(),
        }
    }
}

/// `match EXPECTED [ACTUAL]`
#[derive(Debug, Args)]
pub struct Match {
    /// The file with the transcript
    pub expected: PathBuf,

    /// The file with the output [default: standard input]
    pub actual: Option<PathBuf>,

    /// How lines are ordered: total, or speakers
    #[arg(long, default_value = "total", value_name = "ORDER")]
    pub order: Order,

    /// A kind of placeholder of your own; may be given several times
    #[arg(long, value_name = "NAME=REGEX")]
    pub placeholder: Vec<Placeholder>,
}

/// A kind of placeholder, as the command line declares one.
#[derive(Clone, Debug)]
pub struct Placeholder {
    /// Its name in kebab case.
    pub name: String,
    /// The regular expression of all that it stands for.
    pub pattern: String,
}

impl FromStr for Placeholder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, pattern) = text.split_once('=').ok_or(
            "write the name, `=`, and a regular expression, such as 'session=[0-9a-f]{8}'",
        )?;
        Ok(Self {
            name: name.to_owned(),
            pattern: pattern.to_owned(),
        })
    }
}

/// `bless [LESSON…] [--dry-run]`
#[derive(Debug, Args)]
pub struct Bless {
    /// Ids, places such as `6.1`, or beginnings that fit only one [default: every lesson]
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,

    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Seconds that each program may take [default: what its page says, or 10]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub timeout: Option<Duration>,
}

/// Whether each program gets a network of its own, with only a loopback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Isolation {
    /// Where this machine allows it
    #[default]
    Auto,
    /// Yes, or nothing is checked
    Require,
    /// No
    Off,
}

/// How a result is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For reading
    #[default]
    Human,
    /// One JSON document on standard output
    Json,
    /// XML as `JUnit` writes it, for test dashboards
    Junit,
    /// Annotations and a summary, for GitHub Actions
    Github,
}

/// `new ID`, `new --into LESSON --challenge NAME`
#[derive(Debug, Args)]
pub struct New {
    /// The lesson's name in the course, in kebab case, such as `message-framing`
    #[arg(required_unless_present = "into")]
    pub id: Option<String>,

    /// Lay out further challenges of a lesson that is there, and no lesson
    #[arg(
        long,
        value_name = "LESSON",
        conflicts_with_all = ["id", "phase", "phase_title", "sequence", "title", "tags", "prerequisites"]
    )]
    pub into: Option<String>,

    /// The number of its phase [default: the course's last]
    #[arg(long, value_name = "N")]
    pub phase: Option<u32>,

    /// The title of its phase, where that is a new one
    #[arg(long, value_name = "TITLE", value_parser = line)]
    pub phase_title: Option<String>,

    /// Its place in the phase [default: behind all others]
    #[arg(long, value_name = "N")]
    pub sequence: Option<u32>,

    /// Its title [default: the id, in words]
    #[arg(long, value_parser = line)]
    pub title: Option<String>,

    /// Whom it is for
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = difficulty())]
    pub difficulty: Difficulty,

    /// How many minutes a learner takes
    #[arg(long, value_name = "N", default_value = "15")]
    pub minutes: NonZeroU32,

    /// What it is about; may be given several times [default: the id]
    #[arg(long = "tag", value_name = "TAG", value_parser = line)]
    pub tags: Vec<String>,

    /// A lesson to take first; may be given several times
    #[arg(long = "prerequisite", value_name = "LESSON")]
    pub prerequisites: Vec<String>,

    /// The name of a challenge, which is the name of a program; may be given several times
    #[arg(long = "challenge", value_name = "NAME", default_value = "greet")]
    pub challenges: Vec<String>,
}

/// `snapshot [LESSON…]`
#[derive(Debug, Args)]
pub struct Snapshot {
    /// Ids, places such as `6.1`, or beginnings that fit only one [default: every lesson]
    #[arg(value_name = "LESSON")]
    pub lessons: Vec<String>,
}

/// `wire LESSON [PROGRAM] [-- ARGS]`
#[derive(Debug, Args)]
pub struct Wire {
    /// An id, a place such as `6.1`, or a beginning that fits only one
    pub lesson: String,

    /// A program of the lesson [default: its experiment]
    pub program: Option<String>,

    /// Write the packets to FILE as well, for Wireshark, tshark or tcpdump; an older
    /// capture there is replaced, another file is not
    #[arg(long, value_name = "FILE")]
    pub pcap: Option<PathBuf>,

    /// Seconds that the program may take [default: what its page says, or 10]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// How the packets are told
    #[arg(long, value_enum, default_value_t)]
    pub format: WireFormat,

    /// What the program is given as its arguments
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<std::ffi::OsString>,
}

/// How packets are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WireFormat {
    /// For reading: each packet with its data, then each connection as a ladder
    #[default]
    Human,
    /// One JSON document on standard output
    Json,
}

/// `start LESSON`
#[derive(Debug, Args)]
pub struct Start {
    /// An id, a place such as `6.1`, or a beginning that fits only one
    pub lesson: String,
}

/// `hint LESSON [CHALLENGE]`
#[derive(Debug, Args)]
pub struct Hint {
    /// An id, a place such as `6.1`, or a beginning that fits only one
    pub lesson: String,

    /// One of its challenges; its only one, if none is named
    pub challenge: Option<String>,
}

/// `book`
#[derive(Debug, Args)]
pub struct Book {
    /// Show it in a browser
    #[arg(long)]
    pub open: bool,

    /// Prove nothing, and say so on each page
    #[arg(long)]
    pub draft: bool,

    /// The folder to write it to; a book that is there is replaced [default: target/book]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `verify LESSON [CHALLENGE]`
#[derive(Debug, Args)]
pub struct Verify {
    /// An id, a place such as `6.1`, or a beginning that fits only one
    pub lesson: String,

    /// One challenge of the lesson [default: all of them]
    pub challenge: Option<String>,

    /// Judge the reference solution
    #[arg(long, conflicts_with = "command")]
    pub solution: bool,

    /// Judge the challenge's Nth mutant, a wrong solution: does it fail the requirement
    /// that it is aimed at?
    #[arg(
        long,
        value_name = "N",
        requires = "challenge",
        conflicts_with_all = ["solution", "command"]
    )]
    pub mutant: Option<NonZeroUsize>,

    /// Judge any program, in any language; it is split as a shell would, and
    /// the contract's arguments are appended. Without it, what was judged by it last is
    /// judged again, until you work on the program that `start` has laid out
    #[arg(long, value_name = "CMD", requires = "challenge")]
    pub command: Option<String>,

    /// Show the report of each requirement that is not met [default: the first three, or
    /// the first of each challenge]
    #[arg(long)]
    pub all: bool,

    /// Seconds that each requirement may take, not all together [default: 60]
    #[arg(long, value_name = "SECS", value_parser = seconds)]
    pub timeout: Option<Duration>,
}

/// `watch [LESSON]`
#[derive(Debug, Args)]
pub struct Watch {
    /// An id, a place such as `6.1`, or a beginning that fits only one [default: every lesson]
    pub lesson: Option<String>,
}

fn difficulty() -> impl TypedValueParser<Value = Difficulty> {
    PossibleValuesParser::new(Difficulty::ALL.map(Difficulty::name)).map(|name| {
        Difficulty::ALL
            .into_iter()
            .find(|one| one.name() == name)
            .unwrap_or_default()
    })
}

/// A text with something in it, on one line.
fn line(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err("write one line of text".to_owned());
    }
    Ok(text.trim().to_owned())
}

/// A positive number of seconds, perhaps with a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "write a number of seconds, such as 10 or 0.5".to_owned())?;
    if seconds <= 0.0 {
        return Err("write more than 0 seconds".to_owned());
    }
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
