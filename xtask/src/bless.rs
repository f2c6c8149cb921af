//! `bless`: brings pages up to date with their files and programs.
//!
//! A page's prose is never touched, and a line of a transcript that still
//! matches keeps its text, placeholders and all. A program that does not end as
//! its page promises blesses nothing.

use std::{collections::BTreeMap, io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use lesson::{Block, Lesson, Listing, ProgramUse, Stream, Tie};
use runner::{Isolation, Run, Snap, Tap};

use crate::{
    cargo::Cargo,
    check::{endings, sentence},
    cli, course, diff, packets,
    programs::{self, Programs},
    verdict::{Outcome, slashes},
};

const STRONG: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();

/// A program is run so often; what differs between these runs varies.
const RUNS: usize = 3;

/// Brings the pages of the lessons that `args` name up to date, and shows what
/// it changed.
///
/// # Errors
///
/// When the course cannot be read, a name fits no lesson, cargo cannot be
/// started, or a page cannot be written.
pub fn bless(root: &Path, args: &cli::Bless) -> Result<Outcome> {
    let course = course::open(root)?;
    let lessons = course.select(&args.lessons)?;
    let with_programs = lessons
        .iter()
        .copied()
        .filter(|lesson| !lesson.programs().is_empty());
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let programs = runtime.block_on(Programs::build(&Cargo::default(), root, with_programs))?;

    let is_wired = |lesson: &&Lesson| {
        let mut programs = lesson.programs().iter();
        programs.any(|usage| !usage.wire.is_empty())
    };
    let is_wired = lessons.iter().any(is_wired);
    let tap = if is_wired {
        runtime.block_on(tap())
    } else {
        None
    };
    let up_to_date = if is_wired && tap.is_none() {
        "Every listing and output is up to date."
    } else {
        "Every listing and transcript is up to date."
    };

    let mut outcome = Outcome::Holds;
    let mut refused = false;
    let mut out = anstream::stdout().lock();
    for lesson in lessons {
        let blessed = runtime.block_on(Blessed::of(lesson, &programs, tap, args));
        blessed.print(&mut out, lesson)?;
        if !args.dry_run && !blessed.changes.is_empty() {
            lesson.write(&blessed.page(lesson))?;
        }
        refused |= !blessed.refusals.is_empty();
        outcome = outcome.max(blessed.outcome(lesson));
    }
    let sum = match (args.dry_run, refused) {
        (true, _) => "Nothing was written: this was a dry run.",
        (false, false) => up_to_date,
        (false, true) => "What was refused is as it was; everything else is up to date.",
    };
    writeln!(out, "{sum}")?;
    Ok(outcome)
}

/// A tap, where this machine has one. Where it has none, that is said, and what pages
/// say of packets stays as it is.
async fn tap() -> Option<Tap> {
    match packets::tap(Snap::Headers).await {
        Ok(tap) => Some(tap),
        Err(unavailable) => {
            anstream::eprintln!(
                "{NOTE}note{NOTE:#}: what pages say of packets stays as it is: {unavailable}"
            );
            None
        }
    }
}

/// What is to change in one page.
#[derive(Default)]
struct Blessed {
    changes: Vec<Change>,
    refusals: Vec<Refusal>,
}

/// Another content for a block.
struct Change {
    /// The block's place in the lesson.
    block: usize,
    /// As the page will show it.
    content: String,
    /// The placeholders that the block had and has no more.
    lost: Vec<String>,
    /// How many of the runs the new content does not match.
    unsettled: usize,
}

/// Blocks that stay as they are, and why.
struct Refusal {
    what: String,
    line: usize,
    why: String,
    outcome: Outcome,
}

impl Blessed {
    async fn of(lesson: &Lesson, programs: &Programs, tap: Option<Tap>, args: &cli::Bless) -> Self {
        let mut blessed = Self::default();
        for (place, block) in lesson.blocks.iter().enumerate() {
            blessed.listing(lesson, place, block);
        }
        for usage in lesson.programs() {
            blessed.program(lesson, usage, programs, tap, args).await;
        }
        blessed.changes.sort_by_key(|change| change.block);
        blessed
    }

    fn listing(&mut self, lesson: &Lesson, place: usize, block: &Block) {
        match (lesson.listing(block), &block.tie) {
            (Some(Listing::Drifted { expected, .. }), _) => {
                self.changes.push(Change {
                    block: place,
                    content: expected,
                    lost: Vec::new(),
                    unsettled: 0,
                });
            }
            (Some(Listing::Invalid), Tie::Listing(tie)) => self.refusals.push(Refusal {
                what: format!("listing {}", tie.file),
                line: block.line,
                why: "There is nothing to show; `cargo xtask check` says why.".to_owned(),
                outcome: Outcome::Unchecked,
            }),
            _ => {}
        }
    }

    async fn program(
        &mut self,
        lesson: &Lesson,
        usage: &ProgramUse,
        programs: &Programs,
        tap: Option<Tap>,
        args: &cli::Bless,
    ) {
        let runs = match runs(lesson, usage, programs, tap, args).await {
            Ok(runs) => runs,
            Err((outcome, why)) => return self.refuse(lesson, usage, outcome, why),
        };
        let known: Vec<_> = runs.iter().map(|run| names(lesson, usage, run)).collect();
        for (stream, blocks) in streams(usage) {
            let said: Option<Vec<_>> = runs.iter().map(|run| run.said(stream)).collect();
            for &place in blocks {
                if let Some(said) = &said {
                    self.transcript(lesson, usage, place, said, &known);
                }
            }
        }
    }

    fn transcript(
        &mut self,
        lesson: &Lesson,
        usage: &ProgramUse,
        place: usize,
        said: &[&[u8]],
        known: &[BTreeMap<String, String>],
    ) {
        let block = &lesson.blocks[place];
        let Some(transcript) = &block.transcript else {
            let why =
                "The transcript is not well-formed; `cargo xtask check` says where.".to_owned();
            return self.refuse(lesson, usage, Outcome::Unchecked, why);
        };
        let blessed = transcript::bless_knowing(transcript, said, known);
        if blessed.text != block.content {
            self.changes.push(Change {
                block: place,
                content: blessed.text,
                lost: blessed.lost,
                unsettled: blessed.unsettled.len(),
            });
        }
    }

    fn refuse(&mut self, lesson: &Lesson, usage: &ProgramUse, outcome: Outcome, why: String) {
        let first = usage
            .stdout
            .iter()
            .chain(&usage.stderr)
            .chain(&usage.wire)
            .min();
        self.refusals.push(Refusal {
            what: format!("run {}", usage.program.name()),
            line: first.map_or(1, |&place| lesson.blocks[place].line),
            why,
            outcome,
        });
    }

    /// The page with the changes in it.
    fn page(&self, lesson: &Lesson) -> String {
        let changes: Vec<(&Block, &str)> = self
            .changes
            .iter()
            .map(|change| (&lesson.blocks[change.block], change.content.as_str()))
            .collect();
        lesson.with_blocks(&changes)
    }

    fn outcome(&self, lesson: &Lesson) -> Outcome {
        let page = if lesson.is_valid() {
            Outcome::Holds
        } else {
            Outcome::Unchecked
        };
        self.refusals
            .iter()
            .map(|refusal| refusal.outcome)
            .fold(page, Outcome::max)
    }

    fn print(&self, out: &mut impl Write, lesson: &Lesson) -> Result<()> {
        let page = slashes(&lesson.page);
        for change in &self.changes {
            let block = &lesson.blocks[change.block];
            writeln!(
                out,
                "{GOOD}changed{GOOD:#} {STRONG}{}{STRONG:#}\n  at {page}:{}\n",
                what(block),
                block.line
            )?;
            writeln!(
                out,
                "{}",
                diff::lines(&block.content, &change.content, block.line + 1)
            )?;
            if change.unsettled > 0 {
                writeln!(
                    out,
                    "{NOTE}note{NOTE:#}: {} of {RUNS} runs do not match this: more differs between them than values. \
                     Where several parties talk at once, let each line begin with its speaker, \
                     `[client] …`, and write `order=speakers`.\n",
                    change.unsettled
                )?;
            }
            if !change.lost.is_empty() {
                writeln!(
                    out,
                    "{NOTE}note{NOTE:#}: the page no longer says {}\n",
                    change
                        .lost
                        .iter()
                        .map(|lost| format!("`{lost}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )?;
            }
        }
        for refusal in &self.refusals {
            writeln!(
                out,
                "{BAD}refused{BAD:#} {STRONG}{}{STRONG:#}\n  at {page}:{}\n\n{}\n",
                refusal.what, refusal.line, refusal.why
            )?;
        }
        if !lesson.is_valid() {
            writeln!(
                out,
                "{NOTE}note{NOTE:#}: the page {page} is wrong in itself: `cargo xtask check {}` says where.\n",
                lesson.id
            )?;
        }
        Ok(())
    }
}

/// All that a program said in a run.
struct Told {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    /// What it put on the wire, in lines; none where nobody saw it.
    wire: Option<String>,
}

impl Told {
    fn of(run: &Run) -> Self {
        let wire = run.capture.as_ref().map(packets::read);
        Self {
            stdout: run.stdout.bytes().into_owned(),
            stderr: run.stderr.bytes().into_owned(),
            wire: wire.map(|capture| capture.transcript()),
        }
    }

    /// What it said on one of its streams, as far as that is known.
    fn said(&self, stream: Stream) -> Option<&[u8]> {
        match stream {
            Stream::Stdout => Some(&self.stdout),
            Stream::Stderr => Some(&self.stderr),
            Stream::Wire => self.wire.as_deref().map(str::as_bytes),
        }
    }
}

/// The blocks about a program, by what they are about.
fn streams(usage: &ProgramUse) -> [(Stream, &[usize]); 3] {
    [
        (Stream::Stdout, &usage.stdout),
        (Stream::Stderr, &usage.stderr),
        (Stream::Wire, &usage.wire),
    ]
}

/// What the names of the page stand for in one run, as far as its transcripts
/// still match.
fn names(lesson: &Lesson, usage: &ProgramUse, run: &Told) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (stream, blocks) in streams(usage) {
        let Some(said) = run.said(stream) else {
            continue;
        };
        for &place in blocks {
            let Some(transcript) = &lesson.blocks[place].transcript else {
                continue;
            };
            for (name, text) in transcript.compare(said).bindings() {
                names.entry(name).or_insert(text);
            }
        }
    }
    names
}

/// What a block is about, as reports name it.
fn what(block: &Block) -> String {
    match &block.tie {
        Tie::Listing(tie) => match &tie.region {
            Some(region) => format!("listing {}#{region}", tie.file),
            None => format!("listing {}", tie.file),
        },
        Tie::Transcript(tie) => format!("{} {}", tie.stream.key(), tie.program.name()),
        Tie::Illustration | Tie::Broken => String::new(),
    }
}

/// Runs a program as often as it takes to see what varies, without a network of
/// its own or with one, as the machine allows.
///
/// # Errors
///
/// How bad it is, and why its output is not to be taken.
async fn runs(
    lesson: &Lesson,
    usage: &ProgramUse,
    programs: &Programs,
    tap: Option<Tap>,
    args: &cli::Bless,
) -> Result<Vec<Told>, (Outcome, String)> {
    let executable = programs
        .find(lesson, &usage.program)
        .map_err(|why| (Outcome::Unchecked, why))?;
    let program = executable.with(lesson, &usage.args);
    let budget = programs::budget(lesson, args.timeout);
    let isolation = Isolation::detect()
        .await
        .map_or(Isolation::Off, Isolation::On);
    let tap = tap.filter(|_| !usage.wire.is_empty());
    let mut runs = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let run = match tap {
            Some(tap) => match runner::prepare(&program, tap).await {
                Ok(prepared) => prepared.run(&budget).await,
                Err(error) => Err(error),
            },
            None => runner::run(&program, &budget, isolation).await,
        };
        let run = run.map_err(|error| (Outcome::Unchecked, sentence(&error.to_string())))?;
        let mut wrong: Vec<String> = endings(usage, &run, &budget)
            .into_iter()
            .map(|(_, why)| why)
            .collect();
        let missing = |capture| packets::missing(capture, &packets::read(capture));
        wrong.extend(run.capture.as_ref().and_then(missing));
        if !wrong.is_empty() {
            return Err((Outcome::Fails, wrong.join("\n")));
        }
        runs.push(Told::of(&run));
    }
    Ok(runs)
}
