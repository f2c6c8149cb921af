//! What is going on, on standard error. On a terminal: a bar, what is running, and each
//! program that fails as soon as it does. Elsewhere: a plain line every ten seconds, so
//! that whoever reads a log knows that something is going on.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::IsTerminal,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::verdict::Status;

/// How often the bar is drawn without news.
const TICK: Duration = Duration::from_millis(100);
/// How often there is a line where there is no terminal.
const LINES_APART: Duration = Duration::from_secs(10);

/// The progress of some runs; it is taken off the screen when this is dropped.
#[derive(Debug)]
pub struct Progress {
    place: Place,
    runs: usize,
    seen: Mutex<Seen>,
}

/// Where it is told.
#[derive(Debug)]
enum Place {
    Terminal(ProgressBar),
    Lines,
    Nowhere,
}

#[derive(Debug)]
struct Seen {
    /// What is running, and how many of each.
    running: BTreeMap<String, usize>,
    ended: usize,
    failed: usize,
    /// The programs of which some run has failed.
    failing: BTreeSet<String>,
    /// When there was a line last.
    told: Instant,
}

impl Progress {
    /// The progress of so many runs.
    #[must_use]
    pub fn of(runs: usize, quiet: bool) -> Self {
        let place = if quiet {
            Place::Nowhere
        } else if std::io::stderr().is_terminal() {
            Place::Terminal(bar(runs))
        } else {
            Place::Lines
        };
        Self {
            place,
            runs,
            seen: Mutex::new(Seen {
                running: BTreeMap::new(),
                ended: 0,
                failed: 0,
                failing: BTreeSet::new(),
                told: Instant::now(),
            }),
        }
    }

    /// A run has begun.
    pub fn began(&self, program: &str) {
        let mut seen = self.seen();
        *seen.running.entry(program.to_owned()).or_default() += 1;
        if let Place::Terminal(bar) = &self.place {
            bar.set_message(seen.running());
        }
    }

    /// A run is over; it failed, where there is a status.
    pub fn ended(&self, program: &str, failed: Option<Status>) {
        let mut seen = self.seen();
        seen.end(program);
        let is_new = match failed {
            Some(_) => {
                seen.failed += 1;
                seen.failing.insert(program.to_owned())
            }
            None => false,
        };
        match &self.place {
            Place::Terminal(bar) => {
                bar.inc(1);
                bar.set_message(seen.running());
                if let Some(status) = failed.filter(|_| is_new) {
                    bar.println(format!("{:>9}  {program}", status.word()));
                }
            }
            Place::Lines if seen.told.elapsed() >= LINES_APART => {
                seen.told = Instant::now();
                anstream::eprintln!("{}", seen.line(self.runs));
            }
            Place::Lines | Place::Nowhere => {}
        }
    }

    /// What was seen is whole between any two changes, whoever panicked.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn end(&mut self, program: &str) {
        self.ended += 1;
        if let Some(count) = self.running.get_mut(program) {
            *count -= 1;
            if *count == 0 {
                self.running.remove(program);
            }
        }
    }

    fn running(&self) -> String {
        let names: Vec<&str> = self.running.keys().map(String::as_str).collect();
        names.join(", ")
    }

    /// `120 of 1000 runs, 3 failed (say)`
    fn line(&self, runs: usize) -> String {
        let done = format!("{:>9}  {} of {runs} runs", "so far", self.ended);
        if self.failed == 0 {
            return done;
        }
        let failing: Vec<&str> = self.failing.iter().map(String::as_str).collect();
        format!("{done}, {} failed ({})", self.failed, failing.join(", "))
    }
}

fn bar(runs: usize) -> ProgressBar {
    let bar = ProgressBar::new(runs as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}  {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Place::Terminal(bar) = &self.place {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_far_it_is_and_what_failed() {
        let progress = Progress::of(3, true);
        for _ in 0..3 {
            progress.began("say");
        }
        progress.ended("say", None);
        assert_eq!(progress.seen().line(3), "   so far  1 of 3 runs");
        progress.ended("say", Some(Status::Mismatch));
        progress.ended("say", Some(Status::Mismatch));
        let line = progress.seen().line(3);
        assert_eq!(line, "   so far  3 of 3 runs, 2 failed (say)");
        assert_eq!(progress.seen().running(), "");
    }
}
