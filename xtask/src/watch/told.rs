//! What a round comes to, in words: a headline for each thing that was checked or judged,
//! what does not hold, and what is next.

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use lesson::Lesson;

use crate::{
    report::human,
    verdict::{Findings, Outcome, Status},
    verify::{Reports, Verdicts},
};

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const UNSURE: Style = AnsiColor::Yellow.on_default().bold();

/// What a check or a judgement came to, as it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What was checked, and a line or two about each.
    pub(super) headlines: Vec<(String, String)>,
    /// What does not hold, the most important first.
    pub(super) detail: String,
    /// What is said last.
    pub(super) end: String,
    /// The command that tells the same again, and all of it.
    pub(super) again: String,
}

impl Told {
    /// The same, told of one thing that is called so.
    pub(super) fn about(mut self, what: &str) -> Self {
        for (of, _) in &mut self.headlines {
            what.clone_into(of);
        }
        self
    }

    /// What cargo said stands before all that follows from it.
    pub(super) fn put_first(&mut self, said: &str) {
        if !said.is_empty() {
            self.detail = format!("{}\n\n{}", said.trim_end(), self.detail);
        }
    }
}

/// Something that could not be checked or judged.
pub(super) fn trouble(what: &str, again: &str, error: &anyhow::Error) -> Told {
    not_done("error", what, again, error)
}

/// Something that did not build.
pub(super) fn unbuilt(what: &str, again: &str, error: &anyhow::Error) -> Told {
    not_done(Status::Unbuilt.word(), what, again, error)
}

fn not_done(word: &str, what: &str, again: &str, error: &anyhow::Error) -> Told {
    Told {
        headlines: vec![(what.to_owned(), format!("{BAD}{word:>9}{BAD:#}  {what}\n"))],
        detail: format!("{error:#}\n"),
        end: String::new(),
        again: again.to_owned(),
    }
}

pub(super) fn still_the_starter(lesson: &Lesson, name: &str) -> Told {
    let what = format!("{} {name}", lesson.id);
    Told {
        headlines: vec![(
            what.clone(),
            format!(
                "{UNSURE}{:>9}{UNSURE:#}  {what}: it is still as it was laid out\n",
                "starter"
            ),
        )],
        detail: String::new(),
        end: String::new(),
        again: format!("cargo xtask verify {what}"),
    }
}

pub(super) fn told_of_findings(findings: &Findings, said: &str, again: String) -> Result<Told> {
    let headlines = findings
        .checks
        .chunk_by(|one, next| one.lesson == next.lesson)
        .map(|checks| {
            let lesson = Findings {
                checks: checks.to_vec(),
                ..Findings::default()
            };
            let line = text(|out| human::tell_lessons(out, &lesson, false))?;
            Ok((checks[0].lesson.clone(), line))
        });
    let mut told = Told {
        headlines: headlines.collect::<Result<_>>()?,
        detail: text(|out| human::tell_details(out, findings))?,
        end: text(|out| human::tell_sum(out, findings))?,
        again,
    };
    told.put_first(said);
    Ok(told)
}

pub(super) fn told_of_verdicts(
    verdicts: &Verdicts,
    lesson: &Lesson,
    said: &str,
    again: String,
) -> Result<Told> {
    let what = format!("{} {}", lesson.id, verdicts.challenge.name);
    let (style, word) = match verdicts.outcome() {
        Outcome::Holds => (GOOD, "met"),
        Outcome::Fails => (BAD, "not met"),
        Outcome::Unchecked => (UNSURE, "unclear"),
    };
    let sum = text(|out| verdicts.tell_sum(out))?;
    let mut told = Told {
        headlines: vec![(
            what,
            format!("{style}{word:>9}{style:#}  {} {sum}", lesson.id),
        )],
        detail: text(|out| {
            verdicts.tell_what_is_not_met(out, Reports::of_one_among(1))?;
            verdicts.tell_each(out)
        })?,
        end: text(|out| verdicts.tell_what_is_next(out, lesson))?,
        again,
    };
    told.put_first(said);
    Ok(told)
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<String> {
    let mut text = Vec::new();
    write(&mut text)?;
    Ok(String::from_utf8(text)?)
}
