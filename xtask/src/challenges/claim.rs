//! What is promised of a program that the judge is tried with, and whether it holds.

use std::{path::PathBuf, time::Duration};

use super::{Candidate, Judge, Judged, Verdict};
use crate::verdict::Status;

/// A program, and what is promised of it.
pub(super) struct Claim {
    /// What the check is called: `solution retry`.
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) challenge: String,
    pub(super) promise: Promise,
    /// What is judged, or why nothing is.
    pub(super) candidate: Result<Candidate, Failure>,
}

/// How much of its challenge a program meets.
pub(super) enum Promise {
    MeetsAll,
    MeetsNotAll,
    MeetsNone,
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

/// A status that is no pass, and why.
pub(super) type Failure = (Status, String);

impl Claim {
    /// Judges the program, and holds the verdicts against the promise.
    pub(super) async fn judge(
        &self,
        judge: &Judge,
        timeout: Option<Duration>,
    ) -> Result<(), Failure> {
        let candidate = self.candidate.as_ref().map_err(Failure::clone)?;
        let requirements: Vec<&str> = match &self.promise {
            Promise::Fails(requirement) => vec![requirement],
            _ => Vec::new(),
        };
        let judged = judge
            .judge(&self.challenge, &requirements, candidate, timeout, |_| ())
            .await
            .map_err(|error| (Status::Unbuilt, format!("{error:#}")))?;
        self.promise.hold(&judged)
    }
}

impl Promise {
    /// On a busy machine a verdict can be unclear. Of a program that has to meet all, that
    /// is no proof; of one that has to fail, it is as good as a failure, which it would be
    /// on an idle machine too.
    fn hold(&self, judged: &[Judged]) -> Result<(), Failure> {
        let (met, not_met): (Vec<&Judged>, Vec<&Judged>) =
            judged.iter().partition(|judged| judged.is_met());
        let holds = match self {
            Self::MeetsAll => not_met.is_empty(),
            Self::MeetsNotAll => !not_met.is_empty(),
            Self::MeetsNone | Self::Fails(_) => met.is_empty(),
        };
        if holds {
            return Ok(());
        }
        let is_unclear = not_met
            .iter()
            .all(|judged| judged.verdict == Verdict::Unclear);
        let status = match self {
            Self::MeetsAll if is_unclear => Status::Incomplete,
            _ => Status::Mismatch,
        };
        let detail = match self {
            Self::MeetsAll => lines(not_met.into_iter().map(with_report)),
            Self::MeetsNotAll => "It meets every requirement: nothing is left to do.".to_owned(),
            Self::MeetsNone => format!(
                "It does nothing of use, and meets these requirements, so they ask for nothing:\n{}",
                lines(met.iter().map(|judged| format!("  {}", judged.requirement))),
            ),
            Self::Fails(requirement) => format!(
                "It meets the requirement that it is aimed at: the judge does not see the mistake, or the change makes none.\n  {requirement}"
            ),
        };
        Err((status, detail))
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
