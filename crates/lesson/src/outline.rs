//! A lesson on one page: what it consists of and what each part is tied to,
//! for the review of a change.

use std::fmt::Write as _;

use transcript::Order;

use crate::block::Stream;
use crate::block::{Block, Program, Tie, TranscriptTie};
use crate::lesson::Lesson;

/// The outline of a lesson: front matter, sections with their blocks,
/// challenges. It changes where the lesson does, not where its prose does, or what is in
/// a block: that is seen elsewhere.
#[must_use]
pub fn outline(lesson: &Lesson) -> String {
    let mut out = String::new();
    front_matter(lesson, &mut out);
    for section in &lesson.sections {
        let _ = writeln!(out, "\n## {}", section.kind);
        for block in &lesson.blocks {
            if section.span.contains(&block.span.start) {
                let _ = writeln!(out, "- {}", told_block(block));
            }
        }
        for challenge in &lesson.challenges {
            if section.kind == crate::SectionKind::Challenge {
                let _ = writeln!(out, "- challenge {}", challenge.name);
            }
        }
    }
    out
}

fn front_matter(lesson: &Lesson, out: &mut String) {
    let front = &lesson.front;
    let _ = writeln!(out, "# {} ({})", front.title, lesson.id);
    let _ = writeln!(out, "phase {}: {}", front.phase, front.phase_title);
    let _ = writeln!(out, "sequence: {}", front.sequence);
    let _ = writeln!(out, "difficulty: {}", front.difficulty);
    let _ = writeln!(out, "tags: {}", front.tags.join(", "));
    let prerequisites = if front.prerequisites.is_empty() {
        "none".to_owned()
    } else {
        front.prerequisites.join(", ")
    };
    let _ = writeln!(out, "prerequisites: {prerequisites}");
    let _ = writeln!(out, "estimated minutes: {}", front.estimated_minutes);
    let _ = writeln!(out, "timeout: {:?}", front.timeout);
    for (name, pattern) in &front.placeholders {
        let _ = writeln!(out, "placeholder <{name}>: {pattern}");
    }
    for command in &front.commands {
        let words: Vec<String> = std::iter::once(&command.program)
            .chain(&command.args)
            .map(|word| quoted(word))
            .collect();
        let _ = writeln!(out, "command {}: {}", command.name, words.join(" "));
    }
}

fn told_block(block: &Block) -> String {
    let language = &block.language;
    match &block.tie {
        Tie::Listing(tie) => match &tie.region {
            None => format!("{language}: listing of {}", tie.file),
            Some(region) => format!("{language}: listing of {}, region {region}", tie.file),
        },
        Tie::Transcript(tie) => format!("{language}: {}", told_transcript(tie)),
        Tie::Illustration => format!("{language}: illustration"),
        Tie::Broken => format!("{language}: tied to nothing"),
    }
}

fn told_transcript(tie: &TranscriptTie) -> String {
    let stream = match tie.stream {
        Stream::Stdout => "standard output",
        Stream::Stderr => "standard error",
        Stream::Wire => "packets",
    };
    let program = match &tie.program {
        Program::Binary(name) => name.clone(),
        Program::Command(name) => format!("command {name}"),
    };
    let mut told = format!("{stream} of {program}");
    for arg in &tie.args {
        let _ = write!(told, " {}", quoted(arg));
    }
    if tie.order == Order::Speakers {
        told.push_str(", by speaker");
    }
    if let Some(exit) = tie.exit {
        let _ = write!(told, ", exit {exit}");
    }
    told
}

/// A word as an info string would write it.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}
