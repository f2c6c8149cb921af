//! `list`: the course by phase.

use std::{fmt::Write, path::Path};

use anstyle::Style;
use anyhow::Result;
use lesson::{Lesson, Severity, Stream, Tie};

use crate::{
    course, output,
    practice::Progress,
    verdict::{Outcome, counted},
};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Prints every lesson with what it asks of its reader and what is checked of it.
///
/// # Errors
///
/// When the course cannot be read, or standard output not be written.
pub fn list(root: &Path) -> Result<Outcome> {
    let course = course::open(root)?;
    let progress = Progress::read_or_none(root);
    let mut out = String::new();
    for phase in course
        .lessons
        .chunk_by(|one, next| one.front.phase == next.front.phase)
    {
        let front = &phase[0].front;
        writeln!(
            out,
            "{STRONG}Phase {}: {}{STRONG:#}",
            front.phase, front.phase_title
        )?;
        for lesson in phase {
            print_lesson(&mut out, lesson, &progress)?;
        }
        writeln!(out)?;
    }
    output::print(&out)?;
    Ok(Outcome::Holds)
}

fn print_lesson(out: &mut impl Write, lesson: &Lesson, progress: &Progress) -> Result<()> {
    let front = &lesson.front;
    writeln!(
        out,
        "  {}.{}  {STRONG}{}{STRONG:#}  {}",
        front.phase, front.sequence, lesson.id, front.title
    )?;
    write!(
        out,
        "       {FAINT}{}, {}",
        counted(front.estimated_minutes as usize, "minute"),
        front.difficulty
    )?;
    if !front.prerequisites.is_empty() {
        write!(out, ", after {}", front.prerequisites.join(", "))?;
    }
    writeln!(out, "{FAINT:#}")?;
    writeln!(
        out,
        "       {FAINT}checked: {}{FAINT:#}",
        what_is_checked(lesson)
    )?;
    if !lesson.challenges.is_empty() {
        let names: Vec<String> = lesson
            .challenges
            .iter()
            .map(|item| format!("{}{}", item.name, progress.of(&lesson.id, &item.name)))
            .collect();
        writeln!(
            out,
            "       {FAINT}challenges: {}{FAINT:#}",
            names.join(", ")
        )?;
    }
    let errors = lesson
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    if errors > 0 {
        writeln!(
            out,
            "       its page is wrong in {}: `cargo xtask check {}`",
            counted(errors, "place"),
            lesson.id
        )?;
    }
    Ok(())
}

/// `6 listings, 1 output`
fn what_is_checked(lesson: &Lesson) -> String {
    let mut counts = [(0, "listing"), (0, "output"), (0, "wire")];
    for block in &lesson.blocks {
        match &block.tie {
            Tie::Listing(_) => counts[0].0 += 1,
            Tie::Transcript(tie) if tie.stream == Stream::Wire => counts[2].0 += 1,
            Tie::Transcript(_) => counts[1].0 += 1,
            Tie::Illustration | Tie::Broken => {}
        }
    }
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(*count, what))
        .collect();
    if parts.is_empty() {
        "front matter and sections".to_owned()
    } else {
        parts.join(", ")
    }
}
