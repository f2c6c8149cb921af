//! What a reviewer sees of a lesson: its outline, the requirements of its
//! challenges, and what its programs really print, in canonical form.
//!
//! The canonical form is what the page would say: placeholders, ranges and
//! elisions as the page writes them, names in place of values, speakers in the
//! page's order. So it is the same for every right run, and a change to a
//! program, a page or a requirement shows as just that.

use std::{fmt::Write as _, path::Path};

use anyhow::{Result, anyhow};
use lesson::{Lesson, ProgramUse, Stream};
use runner::{Isolation, Run, Snap};

use crate::{
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
    let challenges = Crate::build(root, lesson)?.judge.challenges().await?;
    for challenge in challenges {
        let _ = writeln!(
            text,
            "\n== challenge {}: {}",
            challenge.name, challenge.summary
        );
        for requirement in challenge.requirements {
            let _ = writeln!(text, "- {}: {}", requirement.name, requirement.reason);
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
        for &block in blocks {
            let Some(transcript) = &lesson.blocks[block].transcript else {
                continue;
            };
            let mut what = format!("{} {}", stream.key(), usage.program.name());
            for arg in &usage.args {
                let _ = write!(what, " {arg}");
            }
            let _ = writeln!(text, "\n== {what}: {}\n", run.ended);
            match &said {
                Some(said) => text.push_str(&transcript.compare(said).canonical()),
                // Nobody saw it here. For a right run the canonical form is the page's.
                None => text.push_str(&lesson.blocks[block].content),
            }
        }
    }
}
