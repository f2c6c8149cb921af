//! `start`: lays out a lesson's challenges to work on, under `practice/`.

use std::{io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use lesson::ChallengeItem;

use crate::{
    cli, course, next,
    practice::{Practice, Progress},
    verdict::Outcome,
};

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
    let names = lesson.challenges.iter().map(|challenge| &challenge.name);
    let width = names.map(String::len).max().unwrap_or(0);
    writeln!(out, "\nThe challenges of `{}`:", lesson.id)?;
    for challenge in &lesson.challenges {
        writeln!(
            out,
            "  {STRONG}{:<width$}{STRONG:#}  {}",
            challenge.name,
            first_sentence(&challenge.text)
        )?;
    }
    let progress = Progress::read_or_none(root);
    let is_open = |challenge: &&ChallengeItem| !progress.of(&lesson.id, &challenge.name).is_done();
    let challenges = lesson.challenges.iter();
    if let Some(first) = challenges
        .clone()
        .find(is_open)
        .or(challenges.clone().next())
    {
        writeln!(out, "\nBegin with `{}`:", first.name)?;
        let mut steps = vec![("What it asks for", next::page(lesson, first))];
        steps.extend(next::to_go_on(root, lesson, &first.name, &progress));
        next::tell_steps(&mut out, &steps)?;
    }
    Ok(Outcome::Holds)
}

/// As much as fits beside a name. The page has the rest.
fn first_sentence(text: &str) -> &str {
    match text.find(". ") {
        Some(end) => &text[..=end],
        None => text,
    }
}
