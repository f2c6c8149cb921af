//! What a reviewer sees of a lesson: its outline, the requirements of its
//! challenges, and what its programs really print, in canonical form.
//!
//! The canonical form is what the page would say: placeholders, ranges and
//! elisions as the page writes them, names in place of values, speakers in the
//! page's order. So it is the same for every right run, and a change to a
//! program, a page or a requirement shows as just that. It reads as Markdown, and git
//! is told so (in `.gitattributes`): above each change stands what it belongs to.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use anyhow::{Result, anyhow};
use lesson::{Lesson, ProgramUse, Stream};
use runner::{Isolation, Run, Snap};

use crate::{
    cargo::Cargo,
    challenges::Crate,
    packets,
    programs::{self, Programs},
};

/// The snapshot of one lesson. Its programs are among `programs`, and are run
/// once each.
///
/// # Errors
///
/// When a program or the judge is not built, or cannot be started.
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
    if !usage.wire.is_empty()
        && let Ok(tap) = packets::tap(Snap::Headers).await
    {
        return Ok(runner::prepare(&program, tap).await?.run(&budget).await?);
    }
    let isolation = Isolation::detect()
        .await
        .map_or(Isolation::Off, Isolation::On);
    Ok(runner::run(&program, &budget, isolation).await?)
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
