//! Programs that nobody vouches for, run under a budget.
//!
//! A [`Program`] and a [`Budget`] in, what became of it out: a [`Run`]. The
//! runner knows no lessons. Whatever the program does, the run ends in time and
//! nothing that it started is left behind.
//!
//! [`run`] runs a program from its start to its end. [`Live`] starts one and lets
//! the caller talk to it while it runs: read its lines, signal it, wait for it.
//! [`prepare`] makes an isolated program ready, with a tap: its [`Run`] then has every
//! packet that it put on its network, as a [`Capture`].
//!
//! # What holds a program
//!
//! On Linux a tiny init stands above each program. It reaps whatever the program
//! leaves behind, daemons in sessions of their own included, and ends it when told to,
//! or when the caller is no more, were it killed. With [`Isolation::On`] the init is
//! number 1 of a PID namespace, which ends with it as a whole, and a network namespace
//! comes with it. With [`Isolation::Off`] orphans fall to it; should the program kill
//! it, a mark in the environment finds what is left.
//!
//! On other systems there is a process group on Unix, and the process alone on
//! Windows: what leaves them is not found, and no network is isolated.
//!
//! # What does not
//!
//! This is order, not a fortress: a program runs as its caller, sees the caller's files,
//! and may use all the memory there is. A program that forks without end is bounded by
//! its time. Killing a namespace takes everybody in it at once, and there an ordinary
//! user has 1,024 processes at most; without isolation a family that leaves its group
//! and forks faster than it can be killed is given up on after two seconds, as leaked,
//! while its init goes on killing it.

mod capture;
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
mod tap;
mod tree;

pub use capture::{Capture, Packet};
pub use error::{SignalError, StartError};
pub use isolation::{Isolation, Namespaces, Unavailable};
pub use live::{Lines, Live};
pub use output::Output;
pub use program::{Budget, Ended, Program, Run, Signal};
pub use tap::{Prepared, Snap, Tap, prepare};

/// Runs a program to its end, or to the end of its budget.
///
/// Standard input is empty, and neither output waits for the other to be read. When the program's
/// time is over, or it has printed more than its budget, its process group gets
/// SIGTERM, and after the grace period everything it started is killed. A program
/// that has ended but left a process behind, or its output open, is given 150 ms;
/// then what is left is killed, and [`Run::leaked`] says so.
///
/// What happened in time counts, though a busy machine may let it be seen late.
/// Dropping the future kills everything that the program started, and does not wait
/// until it is gone; [`run_until`] does. Call it within a tokio runtime with time and I/O.
///
/// # Errors
///
/// [`StartError`] where the program cannot be started, with what to do about it.
pub async fn run(
    program: &Program,
    budget: &Budget,
    isolation: Isolation,
) -> Result<Run, StartError> {
    run_until(program, budget, isolation, std::future::pending()).await
}

/// Runs a program as [`run`] does, but no longer than until `stop` is over. Then
/// everything that it started is killed at once, and gone when this returns;
/// [`Run::stopped`] says so.
///
/// # Errors
///
/// [`StartError`] where the program cannot be started, with what to do about it.
pub async fn run_until(
    program: &Program,
    budget: &Budget,
    isolation: Isolation,
    stop: impl Future<Output = ()>,
) -> Result<Run, StartError> {
    let started = tree::Tree::start(program, isolation, tree::Notice::OfEnd)?;
    let record = record::Record::default();
    match supervise::supervise_until(started, budget, &record, stop).await {
        Ok(outcome) => Ok(outcome.with(record.stdout.take(), record.stderr.take())),
        Err(refusal) => Err(refusal.explain(program)),
    }
}
