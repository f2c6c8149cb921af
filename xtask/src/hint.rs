//! `hint`: the next hint for a challenge, from a nudge to almost the answer.

use std::{fs, io::Write, path::Path};

use anstyle::Style;
use anyhow::{Context, Result};

use crate::{
    challenges, cli, course,
    practice::Progress,
    verdict::{Outcome, slashes},
};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// One hint: a `##` section of `challenges/hints/CHALLENGE.md`.
struct Hint {
    title: String,
    text: String,
}

/// Shows the next hint, and notes that it has been shown.
///
/// # Errors
///
/// When there is no such lesson or challenge, or it has no hints.
pub fn hint(root: &Path, args: &cli::Hint) -> Result<Outcome> {
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    let names = lesson.challenges.iter().map(|item| item.name.as_str());
    let challenge = challenges::named(names, &args.challenge)?;

    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    let file = Path::new("challenges/hints")
        .join(challenge)
        .with_extension("md");
    let path = lesson.folder.join(&file);
    let page =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let hints = hints(&page);

    let mut progress = Progress::read(root)?;
    let seen = progress.of(&lesson.id, challenge).hints;
    let mut out = anstream::stdout().lock();
    let Some(hint) = hints.get(seen) else {
        let solution = slashes(&folder.join(challenges::solution(challenge)));
        writeln!(
            out,
            "You have seen all {} hints for `{challenge}`.",
            hints.len()
        )?;
        writeln!(out, "To read them again: {}", slashes(&folder.join(&file)))?;
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
    progress.hinted(&lesson.id, challenge);
    progress.write()?;
    Ok(Outcome::Holds)
}

/// The hints of a page: what follows each heading of the second level, code blocks and
/// all.
fn hints(page: &str) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        match line.strip_prefix("## ") {
            Some(title) if !in_code => {
                let title = title.trim().to_owned();
                hints.push(Hint {
                    title,
                    text: String::new(),
                });
            }
            _ => {
                if let Some(hint) = hints.last_mut() {
                    hint.text.push_str(line);
                    hint.text.push('\n');
                }
            }
        }
    }
    for hint in &mut hints {
        hint.text = hint.text.trim().to_owned();
    }
    hints
}
