//! Programs that nobody vouches for, run under a budget.
//!
//! A [`Program`] and a [`Budget`] in, what became of it out: a [`Run`]. The
//! runner knows no lessons. Whatever the program does, the run ends in time and
//! nothing that it started is left behind.
//!
//! [`run`] runs a program from its start to its end. [`Live`] starts one and lets
//! the caller talk to it while it runs: read its lines, signal it, wait for it.

mod course;
mod environment;
mod error;
mod isolation;
mod live;
mod output;
mod program;
mod record;
mod supervise;
#[cfg(unix)]
mod sys;
mod tree;

pub use error::{SignalError, StartError};
pub use isolation::{Isolation, Namespaces, Unavailable};
pub use live::{Lines, Live};
pub use output::Output;
pub use program::{Budget, Ended, Program, Run, Signal};

/// Runs a program to its end, or to the end of its budget.
///
/// Standard input is empty, both outputs are drained at once. When the program's
/// time is over, or it has printed more than its budget, its process group gets
/// SIGTERM, and after the grace period everything it started is killed. A program
/// that has ended but left a process behind, or its output open, is given a moment;
/// then what is left is killed, and [`Run::leaked`] says so.
///
/// Dropping the future kills everything that the program started.
///
/// # Errors
///
/// [`StartError`] where the program cannot be started, with what to do about it.
pub async fn run(
    program: &Program,
    budget: &Budget,
    isolation: Isolation,
) -> Result<Run, StartError> {
    let started = tree::Tree::start(program, isolation, tree::Notice::OfEnd)?;
    let record = record::Record::default();
    match supervise::supervise(started, budget, &record, None).await {
        Ok(outcome) => Ok(outcome.with(record.stdout.take(), record.stderr.take())),
        Err(refusal) => Err(refusal.explain(program)),
    }
}
