//! `start`: lays out a lesson's challenges to work on, under `practice/`.

use std::{io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use crate::{cli, course, practice::Practice, verdict::Outcome};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const FAINT: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// Lays out what is not there yet, and says how to go on.
///
/// # Errors
///
/// When there is no such lesson, it has no challenges, or a file cannot be written.
pub fn start(root: &Path, args: &cli::Start) -> Result<Outcome> {
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    let practice = Practice::of(root, lesson);
    let laid_out = practice.lay_out(root, lesson)?;

    let mut out = anstream::stdout().lock();
    for file in &laid_out {
        let path = file.path.strip_prefix(root).unwrap_or(&file.path).display();
        if file.kept {
            writeln!(out, "{FAINT}     kept  {path}{FAINT:#}")?;
        } else {
            writeln!(out, "{GOOD} laid out{GOOD:#}  {path}")?;
        }
    }
    writeln!(out, "\nThe challenges of `{}`:", lesson.id)?;
    for challenge in &lesson.challenges {
        writeln!(
            out,
            "  {STRONG}{}{STRONG:#}  {}",
            challenge.name, challenge.text
        )?;
    }
    if let Some(first) = lesson.challenges.first() {
        let (id, name) = (&lesson.id, &first.name);
        let file = practice.file(name);
        let file = file.strip_prefix(root).unwrap_or(&file).display();
        writeln!(
            out,
            "\nEdit {file}, then: {STRONG}cargo xtask verify {id} {name}{STRONG:#}"
        )?;
        writeln!(
            out,
            "If you are stuck: {STRONG}cargo xtask hint {id} {name}{STRONG:#}"
        )?;
    }
    Ok(Outcome::Holds)
}
