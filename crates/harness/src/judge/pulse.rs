//! Whether the machine lets the judge keep its own time.
//!
//! A judge that is kept from the processor does everything late, and so does a
//! candidate: a server that is meant to answer within two seconds may be asked after
//! three. What is seen then says something about the machine, and nothing about the
//! candidate. So the judge looks how late it is itself.

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

/// How often the judge looks.
const BEAT: Duration = Duration::from_millis(10);
/// So late is any timer that counts in milliseconds, on an idle machine.
const USUAL: Duration = Duration::from_millis(2);

/// Adds up how late the judge is woken, for as long as there is somebody to tell.
#[derive(Clone, Debug)]
pub(crate) struct Pulse(Arc<Beating>);

#[derive(Debug)]
struct Beating {
    late: Arc<AtomicU64>,
    task: AbortHandle,
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
