//! The blocks of a page, and what each is tied to.

use std::ops::Range;

use transcript::{Order, Transcript};

use crate::exit::Exit;
use crate::section::SectionKind;

/// One fenced block of a page.
#[derive(Debug, Clone)]
pub struct Block {
    /// What its content is held against.
    pub tie: Tie,
    /// The first word of its info string.
    pub language: String,
    /// The section in which it stands.
    pub section: Option<SectionKind>,
    /// The line of its opening fence, counted from 1; its content begins on the next.
    pub line: usize,
    /// The whole block, fences included: bytes of the page.
    pub span: Range<usize>,
    /// The lines between the fences: bytes of the page, with the indentation
    /// and the quote marks of the list or quote in which the block stands.
    pub content_span: Range<usize>,
    /// The content as a reader sees it: without that indentation, and with
    /// `\n` at the end of each line, whatever the page has there.
    pub content: String,
    /// Its promise, where it is tied to a run and well-formed.
    pub transcript: Option<Transcript>,
}

/// What a block is tied to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// A file of the lesson's folder, or a region of one.
    Listing(ListingTie),
    /// What a program does.
    Transcript(TranscriptTie),
    /// Nothing, on purpose.
    Illustration,
    /// Nothing that could be read; the page is invalid and says why.
    Broken,
}

/// `file=PATH#REGION`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingTie {
    /// The file, from the lesson's folder, as the page writes it.
    pub file: String,
    /// The region between the anchors of this name; the whole file without one.
    pub region: Option<String>,
    /// Where the page says so: its bytes.
    pub span: Range<usize>,
}

/// `run=PROGRAM`, `stderr=PROGRAM` or `wire=PROGRAM`, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptTie {
    /// What of the program is promised.
    pub stream: Stream,
    /// The program.
    pub program: Program,
    /// Its arguments.
    pub args: Vec<String>,
    /// How it must end, where this block says so.
    pub exit: Option<Exit>,
    /// How its lines are ordered.
    pub order: Order,
    /// Where the page names the program: its bytes.
    pub span: Range<usize>,
}

/// What of a run a transcript is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// Standard output: `run=`.
    Stdout,
    /// Standard error: `stderr=`.
    Stderr,
    /// The packets that it put on the network: `wire=`.
    Wire,
}

impl Stream {
    /// The key of an info string that ties a block to it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Stdout => "run",
            Self::Stderr => "stderr",
            Self::Wire => "wire",
        }
    }
}

/// A program of a lesson.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Program {
    /// A binary of the experiment crate, by its whole name: `tcp-basics-half-close`.
    Binary(String),
    /// A command of the front matter, by its name.
    Command(String),
}

impl Program {
    /// Its name, whatever it is.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Binary(name) | Self::Command(name) => name,
        }
    }
}
