//! The hints for a challenge, which a learner is given one by one.

use anyhow::{Result, anyhow, bail};
use lesson::{Hint, Lesson};

use crate::verdict::slashes;

/// The hints for a challenge; there is at least one, and each says something.
///
/// # Errors
///
/// When their file cannot be read, or has no hint in it, or one that says nothing.
pub fn read(lesson: &Lesson, challenge: &str) -> Result<Vec<Hint>> {
    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    let file = slashes(&folder.join(lesson::hint_file(challenge)));
    let hints = lesson
        .hints(challenge)
        .map_err(|refusal| anyhow!("{file} {refusal}"))?;
    if hints.is_empty() {
        bail!(
            "there is no hint for `{challenge}`: begin each with a heading, `## What to think of`"
        );
    }
    if let Some(hint) = hints.iter().find(|hint| hint.text.is_empty()) {
        bail!(
            "the hint `{}` says nothing: write it below its heading",
            hint.title
        );
    }
    Ok(hints)
}
