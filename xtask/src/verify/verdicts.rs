//! What became of one challenge, and how that is told.

use std::{io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use lesson::Lesson;

use super::{BAD, GOOD, STRONG};
use crate::{
    challenges::{self, Challenge, Judged, Verdict},
    practice::{CommandLine, Progress},
    verdict::{Outcome, counted, slashes},
};

const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// Of how many requirements that are not met the reports are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reports {
    /// Of so many, the first that a learner would meet. One mistake fails many
    /// requirements, and is best seen in the first.
    First(usize),
    /// Of all.
    All,
}

impl Reports {
    /// What is told of one challenge among this many.
    #[must_use]
    pub fn of_one_among(challenges: usize) -> Self {
        Self::First(if challenges > 1 { 1 } else { 3 })
    }

    /// The same, unless all was asked for.
    pub(super) fn asked(all: bool, challenges: usize) -> Self {
        if all {
            Self::All
        } else {
            Self::of_one_among(challenges)
        }
    }
}

/// The verdicts on all requirements of a challenge.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// What was judged.
    pub challenge: Challenge,
    /// In the order in which a learner would meet the requirements.
    judged: Vec<Judged>,
}

impl Verdicts {
    pub(super) fn new(challenge: Challenge, mut judged: Vec<Judged>) -> Self {
        let place = |name: &str| {
            let mut requirements = challenge.requirements.iter();
            requirements.position(|requirement| requirement.name == name)
        };
        judged.sort_by_key(|judged| place(&judged.requirement));
        Self { challenge, judged }
    }

    /// How `verify` ends with these.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let outcomes = self.judged.iter().map(|judged| match judged.verdict {
            Verdict::Met => Outcome::Holds,
            Verdict::NotMet => Outcome::Fails,
            Verdict::Unclear => Outcome::Unchecked,
        });
        outcomes.fold(Outcome::Holds, Outcome::max)
    }

    /// Is the requirement of this name met?
    #[must_use]
    pub fn is_met(&self, requirement: &str) -> bool {
        let mut met = self.judged.iter().filter(|judged| judged.is_met());
        met.any(|judged| judged.requirement == requirement)
    }

    fn met(&self) -> usize {
        self.judged.iter().filter(|judged| judged.is_met()).count()
    }

    fn not_met(&self) -> impl Iterator<Item = &Judged> {
        self.judged.iter().filter(|judged| !judged.is_met())
    }

    /// First what is not met, with its conversation, then each requirement in a line: the
    /// end of a long output is what a terminal shows.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn tell(&self, out: &mut impl Write, reports: Reports) -> Result<()> {
        self.tell_what_is_not_met(out, reports)?;
        self.tell_each(out)?;
        writeln!(out)?;
        self.tell_sum(out)
    }

    /// Requirements that are not met, each with its conversation, and how many more there
    /// are.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn tell_what_is_not_met(&self, out: &mut impl Write, reports: Reports) -> Result<()> {
        let name = &self.challenge.name;
        let all = self.not_met().count();
        let told = match reports {
            Reports::First(count) => count.min(all),
            Reports::All => all,
        };
        for judged in self.not_met().take(told) {
            let (style, word) = styled(judged);
            writeln!(
                out,
                "{style}{word}{style:#}  {STRONG}{name}: {}{STRONG:#}\n",
                judged.requirement
            )?;
            for line in judged.report.lines() {
                let indented = format!("    {line}");
                writeln!(out, "{}", indented.trim_end())?;
            }
            writeln!(out)?;
        }
        if told < all {
            let left = counted(all - told, "more report");
            writeln!(
                out,
                "{FAINT}{left} on {name}: add {FAINT:#}{STRONG}--all{STRONG:#}\n"
            )?;
        }
        Ok(())
    }

    /// Each requirement in a line.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn tell_each(&self, out: &mut impl Write) -> Result<()> {
        for judged in &self.judged {
            let (style, word) = styled(judged);
            writeln!(
                out,
                "{style}{word:>9}{style:#}  {}: {}",
                self.challenge.name, judged.requirement
            )?;
        }
        Ok(())
    }

    /// `chat: 12 of 25 requirements are met`
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn tell_sum(&self, out: &mut impl Write) -> Result<()> {
        let (met, all) = (self.met(), self.challenge.requirements.len());
        let style = if met == all { GOOD } else { BAD };
        writeln!(
            out,
            "{style}{}: {met} of {all} requirements are met{style:#}",
            self.challenge.name
        )?;
        Ok(())
    }

    /// What the learner can do now.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written.
    pub fn tell_what_is_next(&self, out: &mut impl Write, lesson: &Lesson) -> Result<()> {
        let name = &self.challenge.name;
        if let Some(first) = self.not_met().next() {
            let hint = format!("cargo xtask hint {} {name}", lesson.id);
            writeln!(out, "Next: {}", first.requirement)?;
            writeln!(out, "For a hint: {STRONG}{hint}{STRONG:#}\n")?;
            return Ok(());
        }
        let folder = lesson.page.parent().unwrap_or(&lesson.page);
        let solution = slashes(&folder.join(challenges::solution(name)));
        writeln!(
            out,
            "Compare it with the reference solution: {STRONG}{solution}{STRONG:#}"
        )?;
        writeln!(out, "What is next: {STRONG}cargo xtask{STRONG:#}\n")?;
        Ok(())
    }

    /// Keeps what was met as the learner's progress, and what starts the program that was
    /// judged, where it is not the one that was laid out. That it cannot be kept is no
    /// reason to keep the verdict back.
    pub fn note(&self, root: &Path, lesson: &Lesson, program: Option<&CommandLine>) {
        let all = self.challenge.requirements.len();
        let noted = Progress::change(root, |progress| {
            let verdict = (self.met(), all);
            progress.judged(&lesson.id, &self.challenge.name, verdict, program.cloned());
        });
        if let Err(error) = noted {
            anstream::eprintln!("note: your progress is not kept: {error:#}");
        }
    }
}

fn styled(judged: &Judged) -> (Style, &'static str) {
    let style = match judged.verdict {
        Verdict::Met => GOOD,
        Verdict::NotMet => BAD,
        Verdict::Unclear => UNSURE,
    };
    (style, judged.verdict.word())
}
