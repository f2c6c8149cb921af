//! What is going on: a bar on a terminal, and a line for each failure as soon as
//! it is known. Elsewhere nothing: the report says it all.

use std::{collections::BTreeMap, io::IsTerminal, sync::Mutex, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

use crate::verdict::Status;

/// How often the bar is drawn without news.
const TICK: Duration = Duration::from_millis(100);

/// The progress of some runs; it is taken off the screen when this is dropped.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// What is running, and how many of each.
    running: Mutex<BTreeMap<String, usize>>,
}

impl Progress {
    /// The progress of so many runs, where standard error is a terminal.
    #[must_use]
    pub fn of(runs: usize, quiet: bool) -> Self {
        let bar = if quiet || !std::io::stderr().is_terminal() {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(runs as u64)
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}  {wide_msg}") {
            bar.set_style(style);
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self {
            bar,
            running: Mutex::default(),
        }
    }

    /// A run has begun.
    pub fn began(&self, program: &str) {
        self.update(|running| *running.entry(program.to_owned()).or_default() += 1);
    }

    /// A run is over; it failed, where there is a status.
    pub fn ended(&self, program: &str, failed: Option<Status>) {
        self.update(|running| {
            if let Some(count) = running.get_mut(program) {
                *count -= 1;
                if *count == 0 {
                    running.remove(program);
                }
            }
        });
        self.bar.inc(1);
        if let Some(status) = failed {
            self.bar.println(format!("{:>9}  {program}", status.word()));
        }
    }

    fn update(&self, change: impl FnOnce(&mut BTreeMap<String, usize>)) {
        // The map is whole between any two changes, whoever panicked.
        let mut running = self
            .running
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut running);
        if !self.bar.is_hidden() {
            self.bar
                .set_message(running.keys().cloned().collect::<Vec<_>>().join(", "));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
