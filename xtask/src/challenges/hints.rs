//! The hints for a challenge, `challenges/hints/CHALLENGE.md`: what follows each heading
//! of the second level is one, from a nudge to almost the answer.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use lesson::Lesson;

/// One hint.
#[derive(Debug)]
pub struct Hint {
    /// Its heading.
    pub title: String,
    /// What follows the heading, as Markdown.
    pub text: String,
}

/// The file with a challenge's hints, from the lesson's folder.
#[must_use]
pub fn file(challenge: &str) -> PathBuf {
    Path::new("challenges/hints")
        .join(challenge)
        .with_extension("md")
}

/// Reads the hints for a challenge; there is at least one.
///
/// # Errors
///
/// When the file cannot be read, or has no hint in it, or one that says nothing.
pub fn read(lesson: &Lesson, challenge: &str) -> Result<Vec<Hint>> {
    let path = lesson.folder.join(file(challenge));
    let page =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let hints = parse(&page);
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

fn parse(page: &str) -> Vec<Hint> {
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
