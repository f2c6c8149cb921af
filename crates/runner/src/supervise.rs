//! From a program's start to its end: drains its outputs, keeps its budget, and
//! leaves nothing behind.

use std::{
    future,
    pin::{Pin, pin},
    time::Duration,
};

use tokio::{
    io::AsyncReadExt,
    sync::mpsc,
    task::yield_now,
    time::{Instant, Sleep, sleep_until},
};

use crate::{
    Budget, Signal,
    course::{Course, Outcome},
    record::{Record, State, Stream},
    tree::{self, Pipe, Refusal, Started},
};

/// How much is read at once, in bytes.
const CHUNK: usize = 16 << 10;

/// How often to look for what has already happened before a deadline is believed to
/// have passed. Two full pipes, of the 1 MiB that a program may ask for, make 128 pieces.
const LOOKS: u32 = 160;

/// How long the outputs of a program are left alone, where nobody wants to know of them before
/// its end. Most programs have ended by then, and what they printed waits in the pipes. One
/// that prints more than a pipe holds is kept waiting by as much: who has little time is read
/// at once.
const UNREAD: Duration = Duration::from_millis(10);

/// When the outputs of a program are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As they come.
    Live,
    /// Once it has ended, or is found to take its time; where the system tells of a start,
    /// from then on.
    Late,
}

/// What the caller of a live program wants of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Send the program a signal.
    Signal(Signal),
    /// End it, and everything it started.
    End,
}

/// What can happen while a program runs.
enum Event {
    Order(Option<Order>),
    Tree(tree::Event),
    Stdout,
    Stderr,
    Alarm,
}

/// Supervises a program until nothing of it is left.
///
/// Dropping the future kills everything that the program started, and so does
/// closing the channel of `orders`.
///
/// # Errors
///
/// [`Refusal`] where the program could not be executed.
pub(crate) async fn supervise(
    started: Started,
    budget: &Budget,
    record: &Record,
    orders: mpsc::UnboundedReceiver<Order>,
    reading: Reading,
) -> Result<Outcome, Refusal> {
    let mut orders = Some(orders);
    let may_wait = reading == Reading::Late && budget.time >= 10 * UNREAD;
    let mut unread = may_wait.then(|| Instant::now() + UNREAD);
    let mut stdout = Reader::new(started.stdout, &record.stdout);
    let mut stderr = Reader::new(started.stderr, &record.stderr);
    let mut course = Course::new(started.tree, budget);
    let mut deadline = course.deadline;
    let mut alarm = pin!(sleep_until(deadline));
    let mut looks = 0;

    while !course.is_over(stdout.is_open() || stderr.is_open()) {
        if deadline != course.deadline {
            deadline = course.deadline;
            looks = 0;
        }
        // On a busy machine a deadline may pass before anybody looks at what happened in
        // time. So that comes first, unless there is no end to it.
        if looks > LOOKS {
            course.late();
            continue;
        }
        let rings_at = unread.map_or(deadline, |unread| unread.min(deadline));
        let event = tokio::select! {
            biased;
            order = next(&mut orders) => Event::Order(order),
            event = course.next() => Event::Tree(event),
            () = stdout.fill(), if unread.is_none() => Event::Stdout,
            () = stderr.fill(), if unread.is_none() => Event::Stderr,
            () = ring(alarm.as_mut(), rings_at) => Event::Alarm,
        };
        if Instant::now() >= deadline {
            looks += 1;
        }
        match event {
            Event::Order(Some(Order::Signal(signal))) => course.signal(signal),
            // Nobody is left who could ask for the outcome: as good as an order to end.
            Event::Order(Some(Order::End) | None) => course.end(),
            Event::Tree(event) => {
                unread = None;
                course.happened(event);
                record.state.send_replace(course.state);
            }
            Event::Stdout => course.printed(stdout.pass_on(course.room)),
            Event::Stderr => course.printed(stderr.pass_on(course.room)),
            Event::Alarm if unread.take().is_some() => {}
            Event::Alarm => {
                // The runtime learns of what happened while this task waits.
                yield_now().await;
                alarm.as_mut().reset(deadline);
            }
        }
    }

    let outcome = course.outcome();
    if let Ok(outcome) = &outcome {
        record.state.send_replace(State::Ended(outcome.ended));
    }
    outcome
}

/// Supervises a program as [`supervise`] does, but ends it when `stop` is over.
///
/// # Errors
///
/// [`Refusal`] where the program could not be executed.
pub(crate) async fn supervise_until(
    started: Started,
    budget: &Budget,
    record: &Record,
    stop: impl Future<Output = ()>,
) -> Result<Outcome, Refusal> {
    let (orders, ordered) = mpsc::unbounded_channel();
    let mut supervising = pin!(supervise(started, budget, record, ordered, Reading::Late));
    tokio::select! {
        outcome = &mut supervising => outcome,
        () = stop => {
            // Nobody hears it where the run has just ended by itself.
            let _ = orders.send(Order::End);
            supervising.await
        }
    }
}

/// Waits for the deadline. The alarm is set when there is nothing else to do: to set it
/// takes a call to the system, and mostly something has happened already.
async fn ring(mut alarm: Pin<&mut Sleep>, deadline: Instant) {
    if alarm.deadline() != deadline {
        alarm.as_mut().reset(deadline);
    }
    alarm.await;
}

/// The next order; never, once nobody is left to give any.
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
