//! `snapshot`: what a reviewer sees of a lesson: its outline, the requirements of its
//! challenges, and what its programs really print, in canonical form.
//!
//! The canonical form is what the page would say: placeholders, ranges and
//! elisions as the page writes them, names in place of values, speakers in the
//! page's order. So it is the same for every right run, and a change to a
//! program, a page or a requirement shows as just that. It reads as Markdown, and git
//! is told so (in `.gitattributes`): above each change stands what it belongs to.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, anyhow, bail};
use lesson::{Lesson, ProgramUse, Stream};
use runner::{Budget, Isolation, Run, Snap};

use crate::{
    cargo::Cargo,
    challenges::Crate,
    check::endings,
    cli, course, packets,
    programs::{self, Programs},
    verdict::{Outcome, Status, slashes},
};

const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Where the snapshots are, from the course's root: with the test that holds the lessons
/// to them.
pub const FOLDER: &str = "xtask/tests/snapshots";

/// What stands above a snapshot, as insta writes it.
const HEAD: &str = "---\nsource: xtask/tests/lessons.rs\n---\n";

/// Writes the snapshots of the lessons that `args` name.
///
/// # Errors
///
/// When there is no such lesson, its page is wrong, one of its programs cannot be run or has
/// to be ended, or the snapshot not be written.
pub fn command(root: &Path, args: &cli::Snapshot) -> Result<Outcome> {
    let course = course::open(root)?;
    let lessons = course.select(&args.lessons)?;
    if let Some(wrong) = lessons.iter().find(|lesson| !lesson.is_valid()) {
        bail!(
            "the page of `{id}` is wrong: `cargo xtask check {id}` says where",
            id = wrong.id
        );
    }
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let built = lessons.iter().copied();
        let programs = Programs::build(&Cargo::default(), root, built).await?;
        for lesson in lessons {
            let text = of(root, lesson, &programs).await?;
            write(root, lesson, &text)?;
        }
        Ok(Outcome::Holds)
    })
}

fn write(root: &Path, lesson: &Lesson, text: &str) -> Result<()> {
    let file = PathBuf::from(FOLDER)
        .join(&lesson.id)
        .with_extension("snap");
    let path = root.join(&file);
    let text = format!("{HEAD}{}\n", text.trim_end());
    let word = if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        "as it was"
    } else {
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        "written"
    };
    anstream::println!("{GOOD}{word:>9}{GOOD:#}  {}", slashes(&file));
    Ok(())
}

/// The snapshot of one lesson. Its programs are among `programs`, and are run
/// once each.
///
/// # Errors
///
/// When a program or the judge is not built, or cannot be started; when a program had to be
/// ended, left something behind, or some of its packets were not seen.
pub async fn of(root: &Path, lesson: &Lesson, programs: &Programs) -> Result<String> {
    let mut text = lesson::outline(lesson);
    if lesson.has_challenges {
        requirements(&mut text, root, lesson).await?;
    }
    for usage in lesson.programs() {
        let run = run(lesson, usage, programs).await?;
        transcripts(&mut text, lesson, usage, &run);
    }
    Ok(text)
}

async fn requirements(text: &mut String, root: &Path, lesson: &Lesson) -> Result<()> {
    let challenges = Crate::build(&Cargo::default(), root, lesson)
        .await?
        .judge
        .challenges()
        .await?;
    for challenge in challenges {
        let _ = writeln!(text, "\n## challenge {}\n", challenge.name);
        wrapped(text, "", &challenge.summary);
        text.push('\n');
        for requirement in challenge.requirements {
            let _ = writeln!(text, "- {}", requirement.name);
            wrapped(text, "  ", &requirement.reason);
        }
    }
    Ok(())
}

async fn run(lesson: &Lesson, usage: &ProgramUse, programs: &Programs) -> Result<Run> {
    let executable = programs
        .find(lesson, &usage.program)
        .map_err(|why| anyhow!(why))?;
    let program = executable.with(lesson, &usage.args);
    let budget = programs::budget(lesson, None);
    let run = if !usage.wire.is_empty()
        && let Ok(tap) = packets::tap(Snap::Headers).await
    {
        runner::prepare(&program, tap).await?.run(&budget).await?
    } else {
        let isolation = Isolation::detect()
            .await
            .map_or(Isolation::Off, Isolation::On);
        runner::run(&program, &budget, isolation).await?
    };
    let wrong = incomplete(usage, &run, &budget);
    if !wrong.is_empty() {
        bail!(
            "there is no snapshot of `{}` without a whole run of its program `{}`: {}",
            lesson.id,
            usage.program.name(),
            wrong.join("\n")
        );
    }
    Ok(run)
}

/// Why a run is not what the program does when it is left alone, if so. One that ends
/// otherwise than the page promises is: how it ends stands in the snapshot.
fn incomplete(usage: &ProgramUse, run: &Run, budget: &Budget) -> Vec<String> {
    let endings = endings(usage, run, budget).into_iter();
    let cut_short = endings.filter(|(status, _)| *status != Status::Crashed);
    let missing = |capture| packets::missing(capture, &packets::read(capture));
    let missing = run.capture.as_ref().and_then(missing);
    cut_short.map(|(_, why)| why).chain(missing).collect()
}

fn transcripts(text: &mut String, lesson: &Lesson, usage: &ProgramUse, run: &Run) {
    let wire = run.capture.as_ref().map(packets::read);
    let wire = wire.map(|capture| capture.transcript().into_bytes().into());
    let streams = [
        (Stream::Stdout, Some(run.stdout.bytes()), &usage.stdout),
        (Stream::Stderr, Some(run.stderr.bytes()), &usage.stderr),
        (Stream::Wire, wire, &usage.wire),
    ];
    for (stream, said, blocks) in streams {
        let mut told = BTreeSet::new();
        for &block in blocks {
            let Some(transcript) = &lesson.blocks[block].transcript else {
                continue;
            };
            let canonical = match &said {
                Some(said) => transcript.compare(said).canonical(),
                // Nobody saw it here. For a right run the canonical form is the page's.
                None => lesson.blocks[block].content.clone(),
            };
            if !told.insert(canonical.clone()) {
                continue;
            }
            let mut what = format!("{} {}", stream.key(), usage.program.name());
            for arg in &usage.args {
                let _ = write!(what, " {arg}");
            }
            let _ = writeln!(text, "\n## {what}: {}\n", run.ended);
            indented(text, &canonical);
        }
    }
}

/// So many columns a line has at most, so that a change of a word is a change of few.
const COLUMNS: usize = 90;

/// Adds a text in lines of at most [`COLUMNS`], or of one word, each behind `indent`.
fn wrapped(text: &mut String, indent: &str, long: &str) {
    let mut column = 0;
    for word in long.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > COLUMNS {
            text.push('\n');
            column = 0;
        }
        let before = if column == 0 { indent } else { " " };
        text.push_str(before);
        text.push_str(word);
        column += before.len() + width;
    }
    text.push('\n');
}

/// Adds what a program printed, set off from what is said about it.
fn indented(text: &mut String, printed: &str) {
    for line in printed.lines() {
        let indent = if line.is_empty() { "" } else { "    " };
        let _ = writeln!(text, "{indent}{line}");
    }
}
