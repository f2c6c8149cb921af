//! A program that runs while its caller talks to it.

use std::{panic, sync::Arc};

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use crate::{
    Budget, Ended, Isolation, Output, Program, Run, Signal, SignalError, StartError,
    course::Outcome,
    record::{Record, State, Stream},
    supervise::{Order, Reading, supervise},
    tree::{Notice, Refusal, Tree},
};

/// A running program, to be read, signalled and waited for.
///
/// Both outputs are drained all the while, so that a program never waits for its
/// reader; a budget holds as it does for [`run`](crate::run). However it goes, nothing
/// is left: [`Live::end`] ends the program and everything it started and says what
/// became of it, and dropping does the same without a word.
///
/// ```no_run
/// # async fn judge() -> Result<(), Box<dyn std::error::Error>> {
/// use runner::{Budget, Live, Program, Signal};
///
/// let chat = Program::new("target/debug/chat", ".").arg("127.0.0.1:0");
/// let mut chat = Live::start(&chat, &Budget::default()).await?;
/// let listening = chat.stdout.next().await; // Some(b"Listening on 127.0.0.1:41255\n")
/// chat.signal(Signal::Terminate)?;
/// let ended = chat.wait().await; // Ended::Code(0)
/// let run = chat.end().await; // all it printed, and whether it left something behind
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Live {
    /// The lines of its standard output, as they come.
    pub stdout: Lines,
    /// The lines of its standard error, as they come.
    pub stderr: Lines,
    record: Arc<Record>,
    state: watch::Receiver<State>,
    orders: mpsc::UnboundedSender<Order>,
    supervision: JoinHandle<Result<Outcome, Refusal>>,
}

impl Live {
    /// Starts a program that shares the caller's network.
    ///
    /// Call it within a tokio runtime: a task of its own supervises the program.
    ///
    /// # Errors
    ///
    /// [`StartError`] where the program cannot be started, with what to do about it.
    pub async fn start(program: &Program, budget: &Budget) -> Result<Self, StartError> {
        let started = Tree::start(program, Isolation::Off, Notice::OfStart)?;
        let record = Arc::new(Record::default());
        let (orders, received) = mpsc::unbounded_channel();
        let supervision = {
            let (record, budget) = (Arc::clone(&record), budget.clone());
            tokio::spawn(async move {
                supervise(started, &budget, &record, received, Reading::Live).await
            })
        };
        let mut live = Self {
            stdout: Lines::new(Arc::clone(&record), |record| &record.stdout),
            stderr: Lines::new(Arc::clone(&record), |record| &record.stderr),
            state: record.state.subscribe(),
            record,
            orders,
            supervision,
        };
        match live
            .state_after(|state| !matches!(state, State::Starting))
            .await
        {
            State::Refused(refusal) => Err(refusal.explain(program)),
            _ => Ok(live),
        }
    }

    /// Sends a signal to the program: to that process, not to what it started.
    ///
    /// # Errors
    ///
    /// [`SignalError::Ended`] where the program has ended, and
    /// [`SignalError::Unsupported`] on Windows, where a program can only be killed.
    pub fn signal(&self, signal: Signal) -> Result<(), SignalError> {
        if cfg!(not(unix)) && signal != Signal::Kill {
            return Err(SignalError::Unsupported);
        }
        if matches!(*self.state.borrow(), State::Ended(_)) {
            return Err(SignalError::Ended);
        }
        self.orders
            .send(Order::Signal(signal))
            .map_err(|_| SignalError::Ended)
    }

    /// Waits until the program itself has ended, and says how.
    ///
    /// What it started may still run. The budget's time bounds the wait. Cancel safe;
    /// asking again gives the same answer.
    pub async fn wait(&mut self) -> Ended {
        match self
            .state_after(|state| matches!(state, State::Ended(_)))
            .await
        {
            State::Ended(ended) => ended,
            // The supervision is no more, and with it went the program.
            _ => Ended::KILLED,
        }
    }

    /// Waits for a state; gives the last one there is, if the supervision is no more.
    async fn state_after(&mut self, is_reached: impl FnMut(&State) -> bool) -> State {
        if let Ok(state) = self.state.wait_for(is_reached).await {
            return *state;
        }
        *self.state.borrow()
    }

    /// Kills the program, if it still runs, and everything it started; waits until
    /// nothing of it is left, and says what became of it.
    ///
    /// A program that has ended of itself is judged as [`run`](crate::run) judges it: what it
    /// started gets a moment to end as well, and has leaked if it does not.
    pub async fn end(self) -> Run {
        // Where nobody takes the order, the program has come to its end already.
        let _ = self.orders.send(Order::End);
        match self.supervision.await {
            // Whoever took the lines may still be reading them.
            Ok(Ok(outcome)) => {
                outcome.with(self.record.stdout.so_far(), self.record.stderr.so_far())
            }
            Ok(Err(refusal)) => unreachable!("a live program was started: {refusal:?}"),
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }
}

/// The lines of one output, as they come.
#[derive(Debug)]
pub struct Lines {
    record: Arc<Record>,
    stream: fn(&Record) -> &Stream,
    /// Where the next line begins.
    begin: usize,
    /// Up to where no line ending was found yet.
    searched: usize,
}

impl Default for Lines {
    /// The lines of an output that is over. Taking the lines out of a [`Live`] leaves
    /// these behind, so that one task can read while another waits.
    fn default() -> Self {
        let record = Record::default();
        record.stdout.close();
        Self::new(Arc::new(record), |record| &record.stdout)
    }
}

/// What is known of the next line.
enum Next {
    Line(Vec<u8>),
    Over,
    Unfinished,
}

impl Lines {
    fn new(record: Arc<Record>, stream: fn(&Record) -> &Stream) -> Self {
        Self {
            record,
            stream,
            begin: 0,
            searched: 0,
        }
    }

    /// The next line with its `\n`, which only the last one can lack; None once the
    /// output is over. The budget's time bounds the wait. Cancel safe.
    ///
    /// Of a program that prints too much, the lines go as far as the budget.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.look() {
                Next::Line(line) => return Some(line),
                Next::Over => return None,
                Next::Unfinished => (self.stream)(&self.record).news.notified().await,
            }
        }
    }

    /// Everything that has come so far, read or not.
    #[must_use]
    pub fn so_far(&self) -> Output {
        (self.stream)(&self.record).so_far()
    }

    fn look(&mut self) -> Next {
        let (begin, searched) = (self.begin, self.searched);
        let (end, next) = (self.stream)(&self.record).with(|so_far| {
            let head = &so_far.output.head;
            let ending = head
                .get(searched..)
                .unwrap_or_default()
                .iter()
                .position(|&byte| byte == b'\n');
            match ending {
                Some(ending) => line(head, begin, searched + ending + 1),
                None if !so_far.closed => (head.len(), Next::Unfinished),
                None if begin < head.len() => line(head, begin, head.len()),
                None => (head.len(), Next::Over),
            }
        });
        self.searched = end;
        if matches!(next, Next::Line(_)) {
            self.begin = end;
        }
        next
    }
}

fn line(head: &[u8], begin: usize, end: usize) -> (usize, Next) {
    (end, Next::Line(head[begin..end].to_vec()))
}
