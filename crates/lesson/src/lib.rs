//! The pages of a course: what they say, and what is wrong with them.
//!
//! A lesson is a folder with a page in it, `lesson.md`: front matter in YAML,
//! sections in a fixed order, and fenced blocks that are each tied to something
//! that runs. This crate reads a whole course of them, checks each page against
//! its own folder and against the other lessons, and tells everything that is
//! wrong at once, each with its place and with what to write instead. It runs
//! nothing; who runs the programs finds here what they are promised to do.
//!
//! ```no_run
//! use lesson::{Course, Look};
//!
//! let course = Course::open(".")?;
//! for lesson in course.select(&["tcp-basics"])? {
//!     for diagnostic in &lesson.diagnostics {
//!         eprintln!("{}", diagnostic.render(Look::Plain));
//!     }
//!     for run in lesson.programs() {
//!         println!("{} {:?} ends with {}", run.program.name(), run.args, run.exit);
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Pages may come from strangers. Whatever stands in them, reading ends, in
//! time that is proportional to their size, and without a panic; no file
//! outside the lesson's folder is read; and no control character of theirs
//! reaches a terminal.
//!
//! # The way through the code
//!
//! [`Course`] finds the folders, and has each read as a [`Lesson`]; `curriculum`
//! holds them against each other, and `link` looks where their links lead. A page is read by `page`, from top to bottom:
//! `yaml` and `front_matter`, `markdown` and `section`, `info` and `tie` for
//! the blocks, `challenge`, `program`. What is found on the way are `finding`s,
//! which become [`Diagnostic`]s in the end.

mod block;
mod challenge;
mod cores;
mod course;
mod crates;
mod curriculum;
mod diagnostic;
mod edit;
mod exit;
mod finding;
mod folder;
mod front_matter;
mod heading;
mod hint;
mod info;
mod lesson;
mod link;
mod listing;
mod markdown;
mod names;
mod outline;
mod page;
mod place;
mod program;
mod section;
mod select;
mod suggest;
mod tie;
mod yaml;

/// The language of the blocks that promise an output, whose types are part of a
/// [`Block`].
pub use transcript;

pub use block::{Block, ListingTie, Program, Stream, Tie, TranscriptTie};
pub use challenge::ChallengeItem;
pub use cores::on_every_core;
pub use course::{Course, OpenError};
pub use diagnostic::{Diagnostic, Look, Severity};
pub use edit::WriteError;
pub use exit::Exit;
pub use folder::Refusal;
pub use front_matter::{Command, DEFAULT_TIMEOUT, Difficulty, FrontMatter};
pub use heading::Heading;
pub use hint::{Hint, file as hint_file};
pub use lesson::Lesson;
pub use link::{BrokenLink, Destination, Links, folder_of};
pub use listing::Listing;
pub use markdown::OPTIONS as MARKDOWN;
pub use names::{folder_name, is_kebab, kebab};
pub use outline::outline;
pub use place::Place;
pub use program::ProgramUse;
pub use section::{Section, SectionKind};
pub use select::{SelectError, SelectProblem};
