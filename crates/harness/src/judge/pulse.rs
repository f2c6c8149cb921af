//! Whether the machine is so busy that what the judge sees says nothing.
//!
//! Where programs have to wait for the processor, everything comes late: what a
//! candidate does, and what the judge does to it. A client that gives up a silent server
//! after two seconds is right to give up a judge that was kept waiting for three. What is
//! seen then says something about the machine, and nothing about the candidate.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    task::AbortHandle,
    time::{Instant, sleep},
};

/// How often the judge looks whether it is late itself.
const BEAT: Duration = Duration::from_millis(10);
/// So late is any timer that counts in milliseconds, on an idle machine.
const USUAL: Duration = Duration::from_millis(2);
/// A judge that was kept waiting for longer than this, at one stretch, cannot be sure of
/// what it saw. A tenth of the shortest time that a contract gives its program.
const TOO_LONG: Duration = Duration::from_millis(200);

/// Looks how late the judge is, for as long as there is somebody to tell.
#[derive(Clone, Debug)]
pub(crate) struct Pulse(Arc<Beating>);

#[derive(Debug)]
struct Beating {
    seen: Arc<Mutex<Seen>>,
    task: AbortHandle,
}

/// How late the judge has been so far.
#[derive(Debug, Default)]
struct Seen {
    /// All in all.
    late: Duration,
    /// When it was kept waiting for too long, and for how long.
    stalls: Vec<(Instant, Duration)>,
}

impl Pulse {
    pub(crate) fn start() -> Self {
        let seen = Arc::default();
        let task = tokio::spawn(beat(Arc::clone(&seen))).abort_handle();
        Self(Arc::new(Beating { seen, task }))
    }

    /// How late the judge has been, all in all.
    pub(crate) fn late(&self) -> Duration {
        lock(&self.0.seen).late
    }

    /// The longest time for which the judge was kept waiting since `then`, where that was
    /// too long.
    pub(crate) fn longest_stall_since(&self, then: std::time::Instant) -> Option<Duration> {
        let seen = lock(&self.0.seen);
        let since = seen.stalls.iter().filter(|(at, _)| at.into_std() >= then);
        since.map(|(_, stall)| *stall).max()
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(seen: Arc<Mutex<Seen>>) {
    loop {
        let due = Instant::now() + BEAT;
        sleep(BEAT).await;
        let late = due.elapsed();
        if late > USUAL {
            let mut seen = lock(&seen);
            seen.late += late;
            if late > TOO_LONG {
                seen.stalls.push((Instant::now(), late));
            }
        }
    }
}

/// Nothing that holds the lock can leave half of it written.
fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
