//! Challenges and what they require.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::{NotMet, Trial};

/// What a requirement's function says: met, or not and why.
pub type Verdict<T = ()> = Result<T, NotMet>;

type Judging = Pin<Box<dyn Future<Output = Verdict> + Send>>;

/// A challenge: what it is called, and what a program has to do to meet it.
#[derive(Debug)]
pub struct Challenge {
    /// Its name, as the page and the commands say it.
    pub name: &'static str,
    /// What a candidate is started with and does, in one sentence.
    pub summary: &'static str,
    /// In the order in which a learner would meet them.
    pub requirements: Vec<Requirement>,
}

/// One thing that a candidate has to do.
#[derive(Clone)]
pub struct Requirement {
    /// A sentence in the learner's words.
    pub name: &'static str,
    /// What goes wrong without it.
    pub reason: &'static str,
    judge: Arc<dyn Fn(Trial) -> Judging + Send + Sync>,
}

impl Challenge {
    /// A challenge that requires nothing yet.
    #[must_use]
    pub fn new(name: &'static str, summary: &'static str) -> Self {
        Self {
            name,
            summary,
            requirements: Vec::new(),
        }
    }

    /// The challenge with one requirement more: its name, its reason, and the
    /// function that drives a candidate and says whether it is met.
    #[must_use]
    pub fn requires<F, J>(mut self, name: &'static str, reason: &'static str, judge: F) -> Self
    where
        F: Fn(Trial) -> J + Send + Sync + 'static,
        J: Future<Output = Verdict> + Send + 'static,
    {
        let judge = Arc::new(move |trial| -> Judging { Box::pin(judge(trial)) });
        self.requirements.push(Requirement {
            name,
            reason,
            judge,
        });
        self
    }
}

impl Requirement {
    /// Judges one candidate.
    pub(crate) async fn judge(&self, trial: Trial) -> Verdict {
        (self.judge)(trial).await
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requirement")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
