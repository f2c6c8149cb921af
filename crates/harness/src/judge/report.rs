//! Judging requirements side by side, and telling what came of it.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, task::JoinSet};

use super::{Challenge, Command, Limits, NotMet, Requirement, Trial, Verdict, trial::Starts};

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
    let (sender, mut outcomes) = mpsc::unbounded_channel();
    let mut trials = JoinSet::new();
    let starts = Starts::new();
    for requirement in challenge
        .requirements
        .iter()
        .filter(|requirement| selected(requirement))
    {
        let trial = Trial::new(challenge.name, command.clone(), limits, starts.clone());
        let requirement = requirement.clone();
        let sender = sender.clone();
        trials.spawn(async move {
            // Nobody listens any more only where the judge itself is ended.
            let _ = sender.send(try_one(&requirement, trial).await);
        });
    }
    drop(sender);
    while let Some(outcome) = outcomes.recv().await {
        tell(outcome);
    }
}

async fn try_one(requirement: &Requirement, trial: Trial) -> Outcome {
    let started = Instant::now();
    let verdict = requirement.judge(trial.clone()).await;
    let ended = trial.end().await;
    let verdict = verdict.and(ended);
    Outcome {
        requirement: requirement.name,
        report: verdict
            .as_ref()
            .err()
            .map_or_else(String::new, |not_met| render(requirement, &trial, not_met)),
        verdict,
        elapsed: started.elapsed(),
    }
}

/// The one place in which a requirement that is not met is put into words.
fn render(requirement: &Requirement, trial: &Trial, not_met: &NotMet) -> String {
    let mut report = format!("{not_met}\n\nwhy it matters: {}\n", requirement.reason);
    let about = match not_met {
        NotMet::Wrong(wrong) => wrong.whose(),
        NotMet::Trouble(_) => None,
    };
    let conversation = trial.conversation().render(about);
    if !conversation.is_empty() {
        // Writing into a string does not fail.
        let _ = write!(report, "\nthe conversation:\n{conversation}");
    }
    report
}
