//! What is promised of a program that the judge is tried with, and whether it holds.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use lesson::Lesson;

use super::{Candidate, Judge, Judged, Verdict};
use crate::verdict::Status;

/// What to do where a mutant is as good as the solution.
pub(crate) const UNSEEN: &str = "Either the judge does not see the mistake: let the requirement ask for more. \
     Or the change makes none: mend its `with`.";

/// A program, and what is promised of it.
pub(super) struct Claim {
    /// What the check is called: `solution retry`.
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) challenge: String,
    pub(super) promise: Promise,
    /// The command by which it is judged alone.
    pub(super) alone: Option<String>,
    /// What is judged, or why nothing is.
    pub(super) candidate: Result<Candidate, Failure>,
}

/// How much of its challenge a program meets.
pub(super) enum Promise {
    MeetsAll,
    MeetsNotAll,
    /// And this is where each requirement stands, as far as that is known.
    MeetsNone(BTreeMap<String, Place>),
    /// It fails this requirement, whatever else it does.
    Fails(String),
}

/// Where in the lesson a promise is made.
#[derive(Clone)]
pub(super) struct Place {
    /// From the course's root.
    pub(super) file: PathBuf,
    /// Counted from 1.
    pub(super) line: usize,
}

impl Place {
    /// The beginning of a file of the lesson.
    pub(super) fn of(lesson: &Lesson, file: impl AsRef<Path>) -> Self {
        let folder = lesson.page.parent().unwrap_or(&lesson.page);
        Self {
            file: folder.join(file),
            line: 1,
        }
    }
}

/// A status that is no pass, and why.
pub(super) type Failure = (Status, String);

impl Claim {
    /// Judges the program, and holds the verdicts against the promise.
    ///
    /// # Errors
    ///
    /// What does not hold, and where that is to be mended.
    pub(super) async fn judge(
        &self,
        judge: &Judge,
        timeout: Option<Duration>,
    ) -> Result<(), (Place, Failure)> {
        let here = |failure| (self.place.clone(), failure);
        let candidate = self
            .candidate
            .as_ref()
            .map_err(|failure| here(failure.clone()))?;
        let requirements: Vec<&str> = match &self.promise {
            Promise::Fails(requirement) => vec![requirement],
            _ => Vec::new(),
        };
        let judged = judge
            .judge(&self.challenge, &requirements, candidate, timeout, |_| ())
            .await
            .map_err(|error| here((Status::Unbuilt, format!("{error:#}"))))?;
        self.hold(&judged).map_err(|failure| {
            let place = self.promise.place(&judged).unwrap_or(&self.place);
            (place.clone(), failure)
        })
    }

    /// On a busy machine a verdict can be unclear. Of a program that has to meet all, that
    /// is no proof; of one that has to fail, it is as good as a failure, which it would be
    /// on an idle machine too.
    fn hold(&self, judged: &[Judged]) -> Result<(), Failure> {
        let (met, not_met): (Vec<&Judged>, Vec<&Judged>) =
            judged.iter().partition(|judged| judged.is_met());
        let holds = match self.promise {
            Promise::MeetsAll => not_met.is_empty(),
            Promise::MeetsNotAll => !not_met.is_empty(),
            Promise::MeetsNone(_) | Promise::Fails(_) => met.is_empty(),
        };
        if holds {
            return Ok(());
        }
        let is_unclear = not_met
            .iter()
            .all(|judged| judged.verdict == Verdict::Unclear);
        let told = match &self.promise {
            Promise::MeetsAll => lines(not_met.into_iter().map(with_report)),
            Promise::MeetsNotAll => "It meets every requirement: nothing is left to do.".to_owned(),
            Promise::MeetsNone(_) => format!(
                "It does nothing of use, and meets these requirements, so they ask for nothing:\n{}\n",
                lines(met.iter().map(|judged| format!("  {}", judged.requirement))),
            ),
            Promise::Fails(requirement) => {
                format!("It meets the requirement that it is aimed at:\n  {requirement}\n")
            }
        };
        let (status, remedy) = match &self.promise {
            Promise::MeetsAll if is_unclear => (
                Status::Incomplete,
                "Run it again when this machine is less busy.",
            ),
            Promise::MeetsAll => (
                Status::Mismatch,
                "Mend the solution, or what the requirement asks for.",
            ),
            Promise::MeetsNotAll => (
                Status::Mismatch,
                "Take out of it what the learner is to write.",
            ),
            Promise::MeetsNone(_) => (
                Status::Mismatch,
                "Let each ask for something that only a program that works does.",
            ),
            Promise::Fails(_) => (Status::Mismatch, UNSEEN),
        };
        let alone = self.alone.as_ref().map_or(String::new(), |command| {
            format!(" `{command}` judges it alone.")
        });
        Err((status, format!("{told}\n{remedy}{alone}")))
    }
}

impl Promise {
    /// Where a promise is broken, if that is not where it is made.
    fn place(&self, judged: &[Judged]) -> Option<&Place> {
        let Self::MeetsNone(places) = self else {
            return None;
        };
        let mut met = judged.iter().filter(|judged| judged.is_met());
        met.find_map(|judged| places.get(&judged.requirement))
    }
}

/// A requirement that is not met, and its report.
fn with_report(judged: &Judged) -> String {
    let report = lines(judged.report.lines().map(|line| format!("    {line}")));
    let verdict = judged.verdict.word();
    format!("{verdict}: {}\n{report}\n", judged.requirement)
}

/// One a line.
pub(super) fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
