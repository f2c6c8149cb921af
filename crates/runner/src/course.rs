//! How far a program is on its way to its end: what happens to it, what that means,
//! and what is done about it.

use std::{future, time::Duration};

use tokio::time::Instant;

use crate::{
    Budget, Ended, Output, Run, Signal,
    record::State,
    tree::{Event, Refusal, Tree},
};

/// How long what a program started may outlive it. Right programs have processes
/// that end just after them, such as a part of a pipeline; 200 ms after the
/// program's end it has to be known.
const SETTLE: Duration = Duration::from_millis(150);

/// How long the system may take to end what it was told to kill. Only what hangs
/// in the system itself, or forks faster than it can be killed, takes longer.
const KILL: Duration = Duration::from_secs(2);

/// How long an output is still read when nothing is left that could write to it.
const DRAIN: Duration = Duration::from_millis(50);

/// A time that is never reached: a hundred years.
const NEVER: Duration = Duration::from_hours(100 * 365 * 24);

/// What became of a program, but for what it printed.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each may be true beside the others"
)]
pub(crate) struct Outcome {
    pub(crate) ended: Ended,
    timed_out: bool,
    too_much_output: bool,
    leaked: bool,
    stopped: bool,
    elapsed: Duration,
}

impl Outcome {
    /// The outcome, with what was printed.
    pub(crate) fn with(self, stdout: Output, stderr: Output) -> Run {
        Run {
            ended: self.ended,
            timed_out: self.timed_out,
            too_much_output: self.too_much_output,
            leaked: self.leaked,
            stopped: self.stopped,
            stdout,
            stderr,
            elapsed: self.elapsed,
            capture: None,
        }
    }
}

/// How far a program is on its way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has all its time.
    Running,
    /// It was asked to end, and has its grace.
    Ending,
    /// It ended of itself; what it started may still end, too.
    Settling,
    /// It was killed, with everything it started, and will be gone at once.
    Killed,
    /// What it left behind was killed, and will be gone at once.
    Swept,
    /// There is nothing more to wait for.
    Over,
}

/// The course of a run: which phase it is in, until when, and what is known of it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each may be true beside the others"
)]
pub(crate) struct Course {
    /// None once nothing of it is left.
    tree: Option<Tree>,
    phase: Phase,
    pub(crate) deadline: Instant,
    grace: Duration,
    /// How many bytes the program may still print.
    pub(crate) room: usize,
    pub(crate) state: State,
    begin: Instant,
    elapsed: Option<Duration>,
    timed_out: bool,
    too_much_output: bool,
    leaked: bool,
    stopped: bool,
}

impl Course {
    pub(crate) fn new(tree: Tree, budget: &Budget) -> Self {
        let begin = Instant::now();
        Self {
            tree: Some(tree),
            phase: Phase::Running,
            deadline: after(begin, budget.time),
            grace: budget.grace,
            room: budget.output,
            state: State::Starting,
            begin,
            elapsed: None,
            timed_out: false,
            too_much_output: false,
            leaked: false,
            stopped: false,
        }
    }

    /// Whether there is nothing more to wait for.
    pub(crate) fn is_over(&self, is_open: bool) -> bool {
        self.phase == Phase::Over || (self.tree.is_none() && !is_open)
    }

    /// The next thing that happens to the program's processes. Cancel safe.
    pub(crate) async fn next(&mut self) -> Event {
        let Some(tree) = &mut self.tree else {
            return future::pending().await;
        };
        tree.event().await
    }

    fn enter(&mut self, phase: Phase, time: Duration) {
        self.phase = phase;
        self.deadline = after(Instant::now(), time);
    }

    /// The program printed so many bytes.
    pub(crate) fn printed(&mut self, bytes: usize) {
        if bytes > self.room {
            self.too_much_output = true;
            self.ask_to_end();
        }
        self.room = self.room.saturating_sub(bytes);
    }

    /// Something happened to the program's processes.
    pub(crate) fn happened(&mut self, event: Event) {
        match event {
            Event::Running => {
                self.state = State::Running;
                self.begin = Instant::now();
            }
            Event::Refused(refusal) => {
                self.state = State::Refused(refusal);
                self.phase = Phase::Over;
            }
            Event::Ended(ended) => self.ended(ended),
            Event::Gone { was_killed } => self.gone(was_killed),
        }
    }

    fn ended(&mut self, ended: Ended) {
        self.state = State::Ended(ended);
        self.elapsed = Some(self.begin.elapsed());
        if self.phase == Phase::Running {
            self.enter(Phase::Settling, SETTLE);
        }
    }

    fn gone(&mut self, was_killed: bool) {
        self.tree = None;
        match self.phase {
            Phase::Killed => self.enter(Phase::Killed, DRAIN),
            Phase::Swept => {
                self.leaked |= was_killed;
                self.enter(Phase::Swept, DRAIN);
            }
            _ => {}
        }
    }

    /// The phase has lasted as long as it may.
    pub(crate) fn late(&mut self) {
        match self.phase {
            Phase::Running => {
                self.timed_out = true;
                self.ask_to_end();
            }
            Phase::Ending => self.kill(Phase::Killed),
            Phase::Settling => self.kill(Phase::Swept),
            Phase::Killed | Phase::Over => self.phase = Phase::Over,
            // Either there are processes left that cannot be killed, or somebody else has
            // got hold of the program's output.
            Phase::Swept => {
                self.leaked = true;
                self.phase = Phase::Over;
            }
        }
    }

    /// The caller wants an end. What a program left that has ended of itself keeps
    /// its moment: the caller has to know whether it would have gone.
    pub(crate) fn end(&mut self) {
        if matches!(self.phase, Phase::Running | Phase::Ending) {
            self.stopped = self.phase == Phase::Running;
            self.kill(Phase::Killed);
        }
    }

    /// Passes a signal on to the program, while there is one.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if let (Some(tree), State::Running) = (&mut self.tree, self.state) {
            tree.signal(signal);
        }
    }

    fn ask_to_end(&mut self) {
        if self.phase == Phase::Running {
            self.enter(Phase::Ending, self.grace);
            if let Some(tree) = &mut self.tree {
                tree.terminate();
            }
        }
    }

    fn kill(&mut self, phase: Phase) {
        let Some(tree) = &mut self.tree else {
            return self.enter(phase, DRAIN);
        };
        tree.kill();
        self.enter(phase, KILL);
    }

    /// What became of the program, now that it is over.
    pub(crate) fn outcome(&self) -> Result<Outcome, Refusal> {
        let ended = match self.state {
            State::Refused(refusal) => return Err(refusal),
            State::Ended(ended) => ended,
            // It was killed, and is still not seen to have ended.
            State::Starting | State::Running => Ended::KILLED,
        };
        Ok(Outcome {
            ended,
            timed_out: self.timed_out,
            too_much_output: self.too_much_output,
            leaked: self.leaked,
            stopped: self.stopped,
            elapsed: self.elapsed.unwrap_or_else(|| self.begin.elapsed()),
        })
    }
}

/// `time` after `begin`, however long that is.
fn after(begin: Instant, time: Duration) -> Instant {
    begin.checked_add(time).unwrap_or_else(|| begin + NEVER)
}
