//! A program run several times: what all its runs say together.

use std::{collections::HashSet, time::Duration};

use lesson::Lesson;

use super::hold::{self, Held, Promise};
use crate::verdict::{Check, Status, Tally};

/// A program of a lesson, and what its runs came to.
#[derive(Debug)]
pub(super) struct Repeated {
    /// The program's name.
    pub(super) name: String,
    /// The lesson's place in the course.
    pub(super) lesson: usize,
    /// The program's place among the lesson's.
    usage: usize,
    /// Why it could not be run at all.
    unbuilt: Option<String>,
    runs: usize,
    matched: usize,
    elapsed: Duration,
    outputs: HashSet<u64>,
    /// For each promise: how many runs kept it, and what is told of it. That is
    /// the first run that broke it, or else the first that does not tell, or the first one
    /// of all.
    promises: Vec<(usize, Promise)>,
}

impl Repeated {
    pub(super) fn new(name: &str, lesson: usize, usage: usize, unbuilt: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            lesson,
            usage,
            unbuilt,
            runs: 0,
            matched: 0,
            elapsed: Duration::ZERO,
            outputs: HashSet::new(),
            promises: Vec::new(),
        }
    }

    /// How many runs were counted.
    pub(super) fn runs(&self) -> usize {
        self.runs
    }

    /// Counts one more run.
    pub(super) fn add(&mut self, held: Held) {
        self.runs += 1;
        self.matched += usize::from(held.promises.iter().all(|promise| !promise.status.failed()));
        self.elapsed += held.elapsed;
        self.outputs.insert(held.output);
        if self.promises.is_empty() {
            self.promises = held
                .promises
                .into_iter()
                .map(|promise| (usize::from(!promise.status.failed()), promise))
                .collect();
            return;
        }
        for ((kept, told), promise) in self.promises.iter_mut().zip(held.promises) {
            if !promise.status.failed() {
                *kept += 1;
            } else if !told.status.failed()
                || (told.status.tells_nothing() && !promise.status.tells_nothing())
            {
                *told = promise;
            }
        }
    }

    /// One check for each promise.
    pub(super) fn checks(&self, lesson: &Lesson) -> Vec<Check> {
        let usage = &lesson.programs()[self.usage];
        if let Some(reason) = &self.unbuilt {
            let promises = hold::unbuilt(lesson, usage, reason);
            return promises
                .into_iter()
                .map(|promise| self.check(lesson, promise, None))
                .collect();
        }
        self.promises
            .iter()
            .map(|(kept, promise)| self.check(lesson, promise.clone(), Some(*kept)))
            .collect()
    }

    fn check(&self, lesson: &Lesson, promise: Promise, kept: Option<usize>) -> Check {
        let mixed = kept.is_some_and(|kept| kept > 0 && kept < self.runs);
        let flaky = mixed && !promise.status.tells_nothing();
        let status = if flaky { Status::Flaky } else { promise.status };
        let broken = self.runs - kept.unwrap_or_default();
        let detail = match (status, promise.detail) {
            (Status::Flaky, Some(detail)) => Some(format!(
                "{broken} of {} runs failed, the first of them like this ({}):\n\n{detail}\n\n\
                 Either the program is wrong in some runs, or the page does not say yet what may vary: \
                 crates/transcript/GUIDE.md has how it is said.",
                self.runs,
                promise.status.word(),
            )),
            (_, Some(detail)) if mixed => Some(format!(
                "{} of {} runs hold; the others tell nothing, the first of them for this reason:\n\n\
                 {detail}",
                self.runs - broken,
                self.runs,
            )),
            (Status::Mismatch, Some(detail)) => Some(format!(
                "{detail}\n\nIf the program is right, `cargo xtask bless {}` takes over what it says.",
                lesson.id
            )),
            (_, detail) => detail,
        };
        Check {
            lesson: lesson.id.clone(),
            name: promise.name,
            file: lesson.page.clone(),
            line: promise.line,
            status,
            elapsed: self.elapsed,
            runs: self.runs,
            names: promise.names,
            detail,
            spots: Vec::new(),
        }
    }

    /// The program with its arguments: a page may run it several times.
    fn with_args(&self, lesson: &Lesson) -> String {
        let args = &lesson.programs()[self.usage].args;
        let words = std::iter::once(&self.name).chain(args);
        shell_words::join(words)
    }

    /// What there is to say in a line where the program was run more than once.
    pub(super) fn tally(&self, lesson: &Lesson) -> Option<Tally> {
        (self.runs > 1).then(|| Tally {
            lesson: lesson.id.clone(),
            program: self.with_args(lesson),
            matched: self.matched,
            runs: self.runs,
            distinct: self.outputs.len(),
        })
    }
}
