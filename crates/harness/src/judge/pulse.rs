//! Whether the machine is so busy that what the judge sees says nothing.
//!
//! Where programs have to wait for the processor, everything comes late: what a
//! candidate does, and what the judge does to it. A client that gives up a silent server
//! after two seconds is right to give up a judge that was kept waiting for three. What is
//! seen then says something about the machine, and nothing about the candidate.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
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
/// A judge that was later than this, all in all, was too late.
const LATE: Duration = Duration::from_millis(500);

/// Looks how late the judge is, for as long as there is somebody to tell.
#[derive(Clone, Debug)]
pub(crate) struct Pulse(Arc<Beating>);

#[derive(Debug)]
struct Beating {
    late: Arc<AtomicU64>,
    task: AbortHandle,
}

/// How things stood at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    at: Instant,
    late: Duration,
    /// How long somebody on this machine has had to wait for the processor.
    waited: Option<Duration>,
}

impl Pulse {
    pub(crate) fn start() -> Self {
        let late = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(beat(Arc::clone(&late))).abort_handle();
        Self(Arc::new(Beating { late, task }))
    }

    /// How late the judge has been, all in all.
    pub(crate) fn late(&self) -> Duration {
        Duration::from_micros(self.0.late.load(Ordering::Relaxed))
    }

    pub(crate) fn read(&self) -> Reading {
        Reading {
            at: Instant::now(),
            late: self.late(),
            waited: waited(),
        }
    }

    /// Whether the machine has been too busy since then: the judge was late, or most of
    /// the time somebody was waiting for the processor.
    pub(crate) fn was_too_busy_since(&self, then: Reading) -> bool {
        let now = self.read();
        let waited = now
            .waited
            .zip(then.waited)
            .map(|(now, then)| now.saturating_sub(then));
        now.late.saturating_sub(then.late) > LATE
            || waited.is_some_and(|waited| waited > (now.at - then.at) / 2)
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(total: Arc<AtomicU64>) {
    loop {
        let due = Instant::now() + BEAT;
        sleep(BEAT).await;
        let late = due.elapsed();
        if late > USUAL {
            let late = u64::try_from(late.as_micros()).unwrap_or(u64::MAX);
            total.fetch_add(late, Ordering::Relaxed);
        }
    }
}

/// How long somebody on this machine has had to wait for the processor, since it was
/// started. Linux keeps that in `/proc/pressure/cpu`, in microseconds
/// (<https://docs.kernel.org/accounting/psi.html>), unless it was told not to.
fn waited() -> Option<Duration> {
    let pressure = std::fs::read_to_string("/proc/pressure/cpu").ok()?;
    let some = pressure.lines().find(|line| line.starts_with("some "))?;
    let (_, total) = some.rsplit_once("total=")?;
    total.trim().parse().ok().map(Duration::from_micros)
}
