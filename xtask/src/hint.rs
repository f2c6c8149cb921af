//! `hint`: the next hint for a challenge, from a nudge to almost the answer.

use std::{io::Write, path::Path};

use anstyle::Style;
use anyhow::{Context, Result, bail};

use crate::{
    challenges, cli, course,
    practice::Progress,
    verdict::{Outcome, slashes},
};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Shows the next hint, and notes that it has been shown.
///
/// # Errors
///
/// When there is no such lesson or challenge, or it has no hints.
pub fn hint(root: &Path, args: &cli::Hint) -> Result<Outcome> {
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    let names: Vec<&str> = lesson
        .challenges
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    let challenge = match (&args.challenge, names.as_slice()) {
        (Some(name), _) => challenges::named(names, name)?,
        (None, [only]) => only,
        (None, []) => bail!("the lesson `{}` has no challenges", lesson.id),
        (None, [first, ..]) => bail!(
            "of which challenge? There are `{}`: `cargo xtask hint {} {first}` gives a hint for the first",
            names.join("`, `"),
            lesson.id
        ),
    };

    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    let file = lesson::hint_file(challenge);
    let hints = lesson
        .hints(challenge)
        .with_context(|| format!("cannot read {}", slashes(&folder.join(&file))))?;
    if hints.is_empty() {
        bail!(
            "there is no hint in {}: each begins with a heading, such as `## What a read gives`",
            slashes(&folder.join(&file))
        );
    }

    let progress = Progress::read(root)?;
    let seen = progress.of(&lesson.id, challenge).hints;
    let mut out = anstream::stdout().lock();
    let Some(hint) = hints.get(seen) else {
        let solution = slashes(&folder.join(challenges::solution(challenge)));
        let (all, them) = match hints.len() {
            1 => ("the only hint".to_owned(), "it"),
            count => (format!("all {count} hints"), "them"),
        };
        writeln!(out, "You have seen {all} for `{challenge}`.")?;
        writeln!(
            out,
            "To read {them} again: {}",
            slashes(&folder.join(&file))
        )?;
        writeln!(out, "The reference solution: {solution}")?;
        return Ok(Outcome::Holds);
    };
    let number = seen + 1;
    writeln!(
        out,
        "{FAINT}Hint {number} of {} for `{challenge}`{FAINT:#}",
        hints.len()
    )?;
    writeln!(out, "\n{STRONG}{}{STRONG:#}\n\n{}", hint.title, hint.text)?;
    out.flush()?;
    // Only what has been shown has been seen.
    Progress::change(root, |progress| progress.hinted(&lesson.id, challenge))?;
    Ok(Outcome::Holds)
}
