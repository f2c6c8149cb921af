//! The hints for a challenge, one file a challenge.

/// One hint: a section of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Its heading, as the file writes it.
    pub title: String,
    /// What follows the heading, in Markdown, without blank lines around it.
    pub text: String,
    /// The line of its heading, counted from 1.
    pub line: usize,
}

/// Where all hints are, from the lesson's folder.
pub(crate) const FOLDER: &str = "challenges/hints";

/// Where the hints for a challenge are, from the lesson's folder.
#[must_use]
pub fn file(challenge: &str) -> String {
    format!("{FOLDER}/{challenge}.md")
}

/// Reads a file of hints: one for each heading of the second level.
pub(crate) fn read(text: &str) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let mut in_code = false;
    for (line, number) in text.lines().zip(1..) {
        if line.starts_with("```") {
            in_code = !in_code;
        }
        match line.strip_prefix("## ") {
            Some(title) if !in_code => hints.push(Hint {
                title: title.trim().to_owned(),
                text: String::new(),
                line: number,
            }),
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
