//! A mark in a program's environment, by which to find it, and what it started, when
//! nothing else leads there any more.

use std::{
    fs, process,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::{Signal, sys};

/// A mark that no other run has.
pub(super) struct Marker(String);

impl Marker {
    /// The variable of the environment that holds the mark.
    pub(super) const NAME: &str = "RUNNER_MARK";

    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(format!("{}-{nth}", process::id()))
    }

    /// What the variable says.
    pub(super) fn value(&self) -> &str {
        &self.0
    }

    /// Kills everybody who bears the mark now; false if there is nobody.
    pub(super) fn kill(&self) -> bool {
        let bearers = self.bearers();
        for &pid in &bearers {
            sys::kill(pid, Signal::Kill.number());
        }
        !bearers.is_empty()
    }

    /// The processes that bear the mark, as far as /proc shows their environment. The
    /// dead have none.
    fn bearers(&self) -> Vec<i32> {
        let line = format!("{}={}\0", Self::NAME, self.0);
        let Ok(processes) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| {
                let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
                contains(&environment, line.as_bytes())
            })
            .collect()
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
