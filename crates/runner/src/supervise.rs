//! From a program's start to its end: drains its outputs, keeps its budget, and
//! leaves nothing behind.

use std::{future, pin::pin, time::Duration};

use tokio::{
    io::AsyncReadExt,
    sync::mpsc,
    time::{Instant, sleep_until},
};

use crate::{
    Budget, Ended, Output, Run, Signal,
    record::{Record, Stream},
    tree::{Pipe, Started, Tree},
};

/// How long what a program started may outlive it. Right programs have processes
/// that end just after them, such as a part of a pipeline; 200 ms after the
/// program's end it has to be known.
const SETTLE: Duration = Duration::from_millis(120);

/// How long the system may take to end what it was told to kill. Only what hangs
/// in the system itself, or forks faster than it can be killed, takes longer.
const KILL: Duration = Duration::from_secs(2);

/// How long an output is still read when nothing is left that could write to it.
const DRAIN: Duration = Duration::from_millis(50);

/// How much is read at once, in bytes.
const CHUNK: usize = 16 << 10;

/// A time that is never reached: a hundred years.
const NEVER: Duration = Duration::from_hours(100 * 365 * 24);

/// What the caller of a live program wants of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Send the program a signal.
    Signal(Signal),
    /// End it, and everything it started.
    End,
}

/// What became of a program, but for what it printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    ended: Ended,
    timed_out: bool,
    too_much_output: bool,
    leaked: bool,
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
            stdout,
            stderr,
            elapsed: self.elapsed,
        }
    }
}

/// What can happen while a program runs.
enum Event {
    Stdout,
    Stderr,
    Ended(Ended),
    Gone,
    Late,
    Order(Option<Order>),
}

/// Supervises a program until nothing of it is left.
///
/// Dropping the future kills everything that the program started, and so does
/// closing the channel of `orders`.
pub(crate) async fn supervise(
    started: Started,
    budget: &Budget,
    record: &Record,
    mut orders: Option<mpsc::UnboundedReceiver<Order>>,
) -> Outcome {
    let mut stdout = Reader::new(started.stdout, &record.stdout);
    let mut stderr = Reader::new(started.stderr, &record.stderr);
    let mut course = Course::new(started.tree, budget);
    let mut alarm = pin!(sleep_until(course.deadline));

    while !course.is_over(stdout.is_open() || stderr.is_open()) {
        if alarm.deadline() != course.deadline {
            alarm.as_mut().reset(course.deadline);
        }
        let event = tokio::select! {
            () = stdout.fill() => Event::Stdout,
            () = stderr.fill() => Event::Stderr,
            event = course.of_the_tree() => event,
            () = &mut alarm => Event::Late,
            order = next(&mut orders) => Event::Order(order),
        };
        match event {
            Event::Stdout => course.printed(stdout.pass_on(course.room)),
            Event::Stderr => course.printed(stderr.pass_on(course.room)),
            Event::Ended(ended) => {
                course.ended(ended);
                record.ended.send_replace(Some(ended));
            }
            Event::Gone => course.gone(),
            Event::Late => course.late(),
            Event::Order(Some(Order::Signal(signal))) => course.signal(signal),
            // Nobody is left who could ask for the outcome: as good as an order to end.
            Event::Order(Some(Order::End) | None) => course.end(),
        }
    }

    let outcome = course.outcome();
    record.ended.send_replace(Some(outcome.ended));
    outcome
}

/// The next order; never, where nobody gives any.
async fn next(orders: &mut Option<mpsc::UnboundedReceiver<Order>>) -> Option<Order> {
    match orders {
        None => future::pending().await,
        Some(channel) => {
            let order = channel.recv().await;
            if order.is_none() {
                *orders = None;
            }
            order
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
    /// Everything was killed, and will be gone at once.
    Killed,
}

/// The course of a run: which phase it is in, until when, and what is known of it.
struct Course {
    /// None once nothing of it is left.
    tree: Option<Tree>,
    phase: Phase,
    deadline: Instant,
    grace: Duration,
    /// How many bytes the program may still print.
    room: usize,
    begin: Instant,
    ended: Option<(Ended, Instant)>,
    timed_out: bool,
    too_much_output: bool,
    leaked: bool,
}

impl Course {
    fn new(tree: Tree, budget: &Budget) -> Self {
        let begin = Instant::now();
        Self {
            tree: Some(tree),
            phase: Phase::Running,
            deadline: after(begin, budget.time),
            grace: budget.grace,
            room: budget.output,
            begin,
            ended: None,
            timed_out: false,
            too_much_output: false,
            leaked: false,
        }
    }

    /// Whether there is nothing more to wait for.
    fn is_over(&self, is_open: bool) -> bool {
        let has_given_up = self.phase == Phase::Killed && Instant::now() >= self.deadline;
        has_given_up || (self.tree.is_none() && !is_open)
    }

    /// The next thing that happens to the program's processes. Cancel safe.
    async fn of_the_tree(&mut self) -> Event {
        let Some(tree) = &mut self.tree else {
            return future::pending().await;
        };
        if self.ended.is_none() {
            return Event::Ended(tree.ended().await);
        }
        tree.gone().await;
        Event::Gone
    }

    fn enter(&mut self, phase: Phase, time: Duration) {
        self.phase = phase;
        self.deadline = after(Instant::now(), time);
    }

    /// The program printed so many bytes.
    fn printed(&mut self, bytes: usize) {
        if bytes > self.room {
            self.too_much_output = true;
            self.ask_to_end();
        }
        self.room = self.room.saturating_sub(bytes);
    }

    fn ended(&mut self, ended: Ended) {
        self.ended = Some((ended, Instant::now()));
        if self.phase == Phase::Running {
            self.enter(Phase::Settling, SETTLE);
        }
    }

    fn gone(&mut self) {
        self.tree = None;
        if self.phase == Phase::Killed {
            self.deadline = after(Instant::now(), DRAIN);
        }
    }

    /// The phase has lasted as long as it may.
    fn late(&mut self) {
        match self.phase {
            Phase::Running => {
                self.timed_out = true;
                self.ask_to_end();
            }
            Phase::Settling => {
                self.leaked = true;
                self.kill();
            }
            Phase::Ending => self.kill(),
            Phase::Killed => {}
        }
    }

    /// The caller wants an end. What a program left that has ended of itself keeps
    /// its moment: the caller has to know whether it would have gone.
    fn end(&mut self) {
        if matches!(self.phase, Phase::Running | Phase::Ending) {
            self.kill();
        }
    }

    /// Passes a signal on to the program, while there is one.
    fn signal(&mut self, signal: Signal) {
        if let (Some(tree), None) = (&mut self.tree, self.ended) {
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

    fn kill(&mut self) {
        let Some(tree) = &mut self.tree else {
            return self.enter(Phase::Killed, DRAIN);
        };
        tree.kill();
        self.enter(Phase::Killed, KILL);
    }

    fn outcome(&self) -> Outcome {
        // What was killed and is still not seen to have ended was ended by that.
        let (ended, end) = self.ended.unwrap_or((Ended::KILLED, Instant::now()));
        Outcome {
            ended,
            timed_out: self.timed_out,
            too_much_output: self.too_much_output,
            leaked: self.leaked,
            elapsed: end - self.begin,
        }
    }
}

/// `time` after `begin`, however long that is.
fn after(begin: Instant, time: Duration) -> Instant {
    begin.checked_add(time).unwrap_or_else(|| begin + NEVER)
}

/// Reads one output of a program into its record.
struct Reader<'a> {
    /// None once the output is over.
    pipe: Option<Pipe>,
    buffer: Vec<u8>,
    stream: &'a Stream,
}

impl<'a> Reader<'a> {
    fn new(pipe: Pipe, stream: &'a Stream) -> Self {
        Self {
            pipe: Some(pipe),
            buffer: Vec::with_capacity(CHUNK),
            stream,
        }
    }

    fn is_open(&self) -> bool {
        self.pipe.is_some()
    }

    /// Waits for what is printed next, or for the end of the output. Cancel safe.
    async fn fill(&mut self) {
        let Some(pipe) = &mut self.pipe else {
            return future::pending().await;
        };
        // A pipe cannot fail to be read; if it did, its output would be over.
        if pipe.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
            self.pipe = None;
        }
    }

    /// Passes on what was read, of which the first `room` bytes fit the budget, and
    /// says how much it was.
    fn pass_on(&mut self, room: usize) -> usize {
        let read = self.buffer.len();
        self.stream.push(&self.buffer, room);
        self.buffer.clear();
        if self.pipe.is_none() {
            self.stream.close();
        }
        read
    }
}

impl Drop for Reader<'_> {
    /// However the supervision ends, nobody waits for more of the output.
    fn drop(&mut self) {
        self.stream.close();
    }
}
