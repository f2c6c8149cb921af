//! What the book adds to a challenge: by what it is judged, and its hints, folded.

use std::fmt::Write as _;

use lesson::Lesson;
use pulldown_cmark::TagEnd;

use crate::{
    block,
    facts::Challenge,
    html::{count, escape, sentence},
    links::{Links, Origin},
    markdown::{Dress, Markdown, line_starts},
};

/// What becomes of the hints of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hints {
    /// A reader unfolds them one by one.
    Folded,
    /// They are not there.
    LeftOut,
}

/// The requirements, and each hint, folded.
pub(crate) fn folded(
    lesson: &Lesson,
    name: &str,
    challenge: Option<&Challenge>,
    hints: Hints,
    links: &Links<'_>,
) -> String {
    let mut html = String::new();
    if let Some(challenge) = challenge {
        html.push_str(&requirements(challenge));
    }
    if hints == Hints::Folded {
        html.push_str(&hints_of(lesson, name, links));
    }
    if lesson.has_challenges {
        let _ = write!(
            html,
            "<p class=\"onward\"><code class=\"nohighlight\">cargo xtask start {id}</code> lays out a \
             place to work, <code class=\"nohighlight\">cargo xtask verify {id} {name}</code> judges.</p>",
            id = escape(&lesson.id),
            name = escape(name),
        );
    }
    html
}

fn requirements(challenge: &Challenge) -> String {
    let mut html = format!(
        "<details class=\"requirements\"><summary>Judged by {}</summary><ol>",
        count(challenge.requirements.len(), "requirement"),
    );
    for requirement in &challenge.requirements {
        let _ = write!(
            html,
            "<li><strong>{}</strong><br>{}</li>",
            sentence(&capital(&requirement.name)),
            sentence(&format!("{}.", capital(&requirement.reason))),
        );
    }
    html.push_str("</ol></details>");
    html
}

/// A sentence begins with a capital letter; a name in it stays as it is.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

fn hints_of(lesson: &Lesson, name: &str, links: &Links<'_>) -> String {
    let file = lesson::hint_file(name);
    let (Ok(hints), Ok(text)) = (lesson.hints(name), lesson.text_of(&file)) else {
        return String::new();
    };
    let origin = Origin {
        lesson,
        file: &file,
    };
    let markdown = Markdown::read(&text, 0);
    let starts = line_starts(&text);
    // It may have lost lines since the hints were read.
    let below = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let mut html = "<div class=\"hints\">".to_owned();
    for (at, hint) in hints.iter().enumerate() {
        let next = hints.get(at + 1);
        let part = below(hint.line)..next.map_or(text.len(), |next| below(next.line - 1));
        let _ = write!(
            html,
            "<details class=\"hint\"><summary>Hint {} of {}: {}</summary>{}</details>",
            at + 1,
            hints.len(),
            sentence(&hint.title),
            markdown.html(&part, origin, links, &[], &mut Plain),
        );
    }
    html.push_str("</div>");
    html
}

/// Hints have nothing that a page would dress.
struct Plain;

impl Dress for Plain {
    fn code(&mut self, language: &str, content: &str, _: usize) -> String {
        block::code(language, content)
    }

    fn close(&mut self, _: TagEnd) -> Option<String> {
        None
    }
}
