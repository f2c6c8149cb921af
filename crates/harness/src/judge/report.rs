//! Judging requirements side by side, and telling what came of it.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use super::{
    Challenge, Command, Limits, NotMet, Requirement, Trial, Verdict, pulse::Pulse, trial::Starts,
};

/// What came of one requirement.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The requirement's name.
    pub requirement: &'static str,
    /// Whether it is met, and if not, why.
    pub verdict: Verdict,
    /// For a person to read: what is wrong, why it matters, and the conversation.
    /// Empty where the requirement is met.
    pub report: String,
    /// From start to end.
    pub elapsed: Duration,
}

/// Judges the candidates that `command` starts, for the requirements of
/// `challenge` that `selected` takes, side by side. Tells each outcome as soon as
/// it is known, in whatever order.
pub async fn judge(
    challenge: &Challenge,
    selected: impl Fn(&Requirement) -> bool,
    command: &Command,
    limits: Limits,
    mut tell: impl FnMut(Outcome),
) {
    let court = Court {
        challenge: challenge.name,
        command: command.clone(),
        limits,
        starts: Starts::new(),
        pulse: Pulse::start(),
    };
    let mut trials = JoinSet::new();
    for requirement in challenge.requirements.iter().filter(|it| selected(it)) {
        trials.spawn(court.clone().judge(requirement.clone()));
    }
    while let Some(outcome) = trials.join_next().await {
        match outcome {
            Ok(outcome) => tell(outcome),
            // Each trial runs in a task of its own, and what it may panic with is told.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// What all requirements of one verdict have in common.
#[derive(Clone)]
struct Court {
    challenge: &'static str,
    command: Command,
    limits: Limits,
    starts: Starts,
    pulse: Pulse,
}

impl Court {
    /// Judges one requirement. What seems wrong while the machine is too busy is no
    /// evidence, and said to be none.
    async fn judge(self, requirement: Requirement) -> Outcome {
        let started = Instant::now();
        let (trial, verdict) = self.try_once(&requirement).await;
        let stall = self.pulse.longest_stall_since(started);
        let verdict = match (verdict, stall) {
            (Err(NotMet::Wrong(seems)), Some(stall)) if !seems.is_certain() => {
                Err(NotMet::Unclear { seems, stall })
            }
            (verdict, _) => verdict,
        };
        let report = match &verdict {
            Ok(()) => String::new(),
            Err(not_met) => render(&requirement, &trial, not_met),
        };
        Outcome {
            requirement: requirement.name,
            verdict,
            report,
            elapsed: started.elapsed(),
        }
    }

    /// Tries one candidate, and leaves nothing of it.
    async fn try_once(&self, requirement: &Requirement) -> (Trial, Verdict) {
        let trial = Trial::new(
            self.challenge,
            self.command.clone(),
            self.limits,
            self.starts.clone(),
            self.pulse.clone(),
        );
        let (judging, tried) = (requirement.clone(), trial.clone());
        let verdict = tokio::spawn(async move { judging.judge(tried).await }).await;
        let ended = trial.end().await;
        let verdict = verdict
            .unwrap_or_else(|error| Err(NotMet::Trouble(format!("the judge failed: {error}"))));
        (trial, verdict.and(ended))
    }
}

/// The one place in which a requirement that is not met is put into words.
fn render(requirement: &Requirement, trial: &Trial, not_met: &NotMet) -> String {
    let mut report = format!("{not_met}\n\nwhy it matters: {}\n", requirement.reason);
    let (about, seen) = match not_met {
        NotMet::Wrong(wrong) | NotMet::Unclear { seems: wrong, .. } => {
            (wrong.whose(), wrong.when())
        }
        NotMet::Trouble(_) => (None, None),
    };
    let conversation = trial.conversation().render(about, seen);
    if !conversation.is_empty() {
        // Writing into a string does not fail.
        let _ = write!(report, "\nthe conversation:\n{conversation}");
    }
    report
}
