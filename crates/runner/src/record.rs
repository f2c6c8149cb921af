//! What a program has said so far, for whoever wants to know before its end.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};

use crate::{Ended, Output, tree::Refusal};

/// The two outputs of a program, and how far it is.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) stdout: Stream,
    pub(crate) stderr: Stream,
    pub(crate) state: watch::Sender<State>,
}

/// How far a program is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum State {
    /// Nobody knows yet whether it can be executed.
    #[default]
    Starting,
    /// It could not be executed.
    Refused(Refusal),
    /// It runs.
    Running,
    /// It has ended; what it started may not.
    Ended(Ended),
}

/// What came out of one output so far.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    so_far: Mutex<SoFar>,
    /// Tells the one reader that there is more, or nothing more to come.
    pub(crate) news: Notify,
}

#[derive(Debug, Default)]
pub(crate) struct SoFar {
    pub(crate) output: Output,
    /// Nothing more will come.
    pub(crate) closed: bool,
}

impl Stream {
    /// Looks at what came so far.
    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut SoFar) -> T) -> T {
        // A panic under the lock leaves whole bytes behind, which are as good as any.
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut so_far)
    }

    /// Takes in `bytes`, of which the first `room` still fit the budget.
    pub(crate) fn push(&self, bytes: &[u8], room: usize) {
        self.with(|so_far| so_far.output.push(bytes, room));
        self.news.notify_one();
    }

    /// The output is over.
    pub(crate) fn close(&self) {
        self.with(|so_far| {
            so_far.output.close();
            so_far.closed = true;
        });
        self.news.notify_one();
    }

    /// A copy of all that came so far.
    pub(crate) fn so_far(&self) -> Output {
        self.with(|so_far| so_far.output.clone())
    }

    /// Hands over all that came.
    pub(crate) fn take(&self) -> Output {
        self.with(|so_far| std::mem::take(&mut so_far.output))
    }
}
