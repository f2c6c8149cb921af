//! The program that is judged, as it is seen from outside.

use std::{
    mem,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use runner::{Budget, Ended, Lines, Live, Program, Run, Signal};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, mpsc, oneshot, watch},
    time::timeout,
};

use super::{Bytes, NotMet, Trial, Verdict, Wrong, server::is_taken, trial::Keeper};

/// How many lines of each output the conversation is told of. No report shows as many, and
/// a program that prints without end would take all the memory there is.
const MOST_TOLD: usize = 10_000;
/// How many lines may wait for the judge to look at them; what is printed beyond is kept as
/// it came.
const MOST_WAITING: usize = 10_000;

/// A candidate that has shown no sign of life after this time does not keep others
/// from starting any more.
const LONGEST_START: Duration = Duration::from_secs(1);

/// A running candidate: what it prints, how it ends, and the signals it is sent.
///
/// Everything that it does is written to the trial's conversation, whether the
/// requirement asks for it or not. It is ended with its trial.
#[derive(Debug)]
pub struct Candidate {
    name: String,
    trial: Trial,
    started: Instant,
    stdout: mpsc::Receiver<Line>,
    stderr: watch::Receiver<Option<String>>,
    signals: mpsc::UnboundedSender<Signal>,
    ended: watch::Receiver<Option<Ended>>,
}

/// A line that a candidate printed on standard output.
#[derive(Clone, Debug)]
pub struct Line {
    /// As it was printed, without its `\n`.
    pub bytes: Vec<u8>,
    /// Without its ending, `\n` or `\r\n`; what is not UTF-8 is shown as U+FFFD.
    pub text: String,
    /// When the judge saw it: not before it was printed.
    pub at: Instant,
}

impl Line {
    /// The line in words, for a report.
    #[must_use]
    pub fn quoted(&self) -> String {
        quoted(&self.bytes)
    }
}

impl Candidate {
    /// Starts a candidate, and what reads its output and holds it meanwhile.
    pub(crate) async fn start(
        trial: Trial,
        name: &str,
        program: &Program,
        budget: &Budget,
        turn: OwnedSemaphorePermit,
    ) -> Verdict<(Self, Keeper)> {
        let started = Instant::now();
        let mut live = Live::start(program, budget)
            .await
            .map_err(|error| NotMet::Trouble(error.to_string()))?;
        let watcher = Watcher {
            trial: trial.clone(),
            name: name.to_owned(),
            sign_of_life: Arc::default(),
        };
        tokio::spawn(watcher.clone().hold_turn(turn));
        let (sender, stdout) = mpsc::channel(MOST_WAITING);
        tokio::spawn(
            watcher
                .clone()
                .read_stdout(mem::take(&mut live.stdout), sender),
        );
        let (tell_complaint, stderr) = watch::channel(None);
        tokio::spawn(
            watcher
                .clone()
                .read_stderr(mem::take(&mut live.stderr), tell_complaint),
        );
        let (signals, asked) = mpsc::unbounded_channel();
        let (tell, ended) = watch::channel(None);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(watcher.keep(live, asked, tell, stopped));
        let name = name.to_owned();
        let candidate = Self {
            name,
            trial,
            started,
            stdout,
            stderr,
            signals,
            ended,
        };
        Ok((candidate, Keeper { stop, task }))
    }

    /// When it was started: not after it was there.
    #[must_use]
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Its name in the conversation.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next line that it prints; `None` where it prints no more. `awaited`
    /// says what the line should be, for the report.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where nothing comes.
    pub async fn next_line(&mut self, awaited: &str) -> Verdict<Option<Line>> {
        let Some(line) = self.trial.wait(self.stdout.recv()).await else {
            return Err(self.kept_silent(awaited).into());
        };
        Ok(line)
    }

    /// The next line that it prints.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where nothing comes, or the candidate ends instead.
    pub async fn line(&mut self, awaited: &str) -> Verdict<Line> {
        if let Some(line) = self.next_line(awaited).await? {
            return Ok(line);
        }
        let ended = self.ends().await?;
        let complaint = self.complaint().await?;
        let wrong = Wrong::new(format!(
            "{} ended instead of printing its next line",
            self.name
        ))
        .expected(awaited)
        .came(format!(
            "{}, with {} on standard error",
            ended,
            Bytes(complaint.trim_end().as_bytes())
        ));
        Err(self.alone(wrong).into())
    }

    /// The next line has to be this one.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it is another one, or none comes.
    pub async fn prints(&mut self, expected: &str) -> Verdict<Line> {
        let awaited = format!("a line {expected:?}");
        let line = self.line(&awaited).await?;
        if line.text == expected {
            return Ok(line);
        }
        Err(self.printed_otherwise(&awaited, &line).into())
    }

    /// The next line has to be these bytes, and its `\n`.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it is another one, or none comes.
    pub async fn prints_bytes(&mut self, expected: &[u8]) -> Verdict<Line> {
        let awaited = format!("a line {}", quoted(expected));
        let line = self.line(&awaited).await?;
        if line.bytes == expected {
            return Ok(line);
        }
        Err(self.printed_otherwise(&awaited, &line).into())
    }

    /// The next line has to be one in which `read` finds a value.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it finds none, or no line comes.
    pub async fn prints_like<T>(
        &mut self,
        awaited: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Verdict<(T, Line)> {
        let line = self.line(awaited).await?;
        match read(&line.text) {
            Some(value) => Ok((value, line)),
            None => Err(self.printed_otherwise(awaited, &line).into()),
        }
    }

    /// The next line has to say where it listens: `Listening on 127.0.0.1:<port>`.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it says something else, or no line comes.
    pub async fn announces(&mut self) -> Verdict<SocketAddr> {
        let announced = |line: &str| line.strip_prefix("Listening on ")?.parse().ok();
        let awaited = "a line \"Listening on 127.0.0.1:<port>\"";
        let (addr, _) = self.prints_like(awaited, announced).await?;
        Ok(addr)
    }

    /// The next line has to say that it listens at this address, which it was told, and which
    /// was free: see [`Trial::free_addr`].
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it says something else, or no line comes; [`NotMet::Trouble`] where it
    /// has ended, and somebody else has the address.
    pub async fn announces_at(&mut self, addr: SocketAddr) -> Verdict {
        let announced = self.prints(&format!("Listening on {addr}")).await;
        if announced.is_err() && self.ended.borrow().is_some() && is_taken(addr) {
            let what = format!("somebody else has taken {addr} meanwhile");
            return Err(NotMet::Trouble(what));
        }
        announced.map(drop)
    }

    /// How it ends, once it does.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it does not end.
    pub async fn ends(&mut self) -> Verdict<Ended> {
        let mut watch = self.ended.clone();
        match self.trial.wait(watch.wait_for(Option::is_some)).await {
            Some(ended) => match ended.ok().and_then(|ended| *ended) {
                Some(ended) => Ok(ended),
                None => Err(NotMet::Trouble(format!("lost sight of {}", self.name))),
            },
            None => Err(self.goes_on().into()),
        }
    }

    /// It has to end with this exit code.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it ends otherwise, or does not end.
    pub async fn ends_with(&mut self, code: i32) -> Verdict {
        let ended = self.ends().await?;
        if ended == Ended::Code(code) {
            return Ok(());
        }
        Err(
            Wrong::new(format!("{} did not end as it should", self.name))
                .expected(Ended::Code(code))
                .came(ended)
                .into(),
        )
    }

    /// All that it printed on standard error, once that is over; of more than 10,000 lines
    /// the first ones.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it does not end.
    pub async fn complaint(&mut self) -> Verdict<String> {
        let mut watch = self.stderr.clone();
        match self.trial.wait(watch.wait_for(Option::is_some)).await {
            Some(complaint) => match complaint.ok().and_then(|complaint| complaint.clone()) {
                Some(complaint) => Ok(complaint),
                None => Err(NotMet::Trouble(format!("lost sight of {}", self.name))),
            },
            None => Err(self.goes_on().into()),
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        // Where it has ended nobody takes the signal any more: nor would a process.
        let _ = self.signals.send(signal);
    }

    fn kept_silent(&self, awaited: &str) -> Wrong {
        Wrong::new(format!(
            "{} printed nothing more: {}",
            self.name,
            self.trial.patience()
        ))
        .expected(awaited)
        .came("nothing (many languages keep a line back when they print into a pipe: flush it)")
    }

    fn printed_otherwise(&self, awaited: &str, line: &Line) -> Wrong {
        let wrong = Wrong::new(format!("{} printed another line than it should", self.name))
            .expected(awaited)
            .came(line.quoted())
            .seen(line.at);
        self.alone(wrong)
    }

    /// Of several candidates in one trial, only the part of this one matters. Of the only
    /// one, everything does: what it was told, above all.
    fn alone(&self, wrong: Wrong) -> Wrong {
        if self.trial.is_of_several(&self.name) {
            wrong.about(&self.name)
        } else {
            wrong
        }
    }

    fn goes_on(&self) -> Wrong {
        Wrong::new(format!(
            "{} did not end: {}",
            self.name,
            self.trial.patience()
        ))
    }
}

/// Watches a candidate, and writes what it does to the conversation.
#[derive(Clone)]
struct Watcher {
    trial: Trial,
    name: String,
    sign_of_life: Arc<Notify>,
}

impl Watcher {
    fn saw(&self, what: impl Into<String>) {
        self.trial.conversation().did(&self.name, what);
        self.sign_of_life.notify_one();
    }

    /// Keeps others from starting until this candidate shows that it has started.
    /// One that shows nothing does not hold them up for long.
    async fn hold_turn(self, turn: OwnedSemaphorePermit) {
        let _ = timeout(LONGEST_START, self.sign_of_life.notified()).await;
        drop(turn);
    }

    /// Reads standard output line by line. That nobody listens any more is no reason
    /// to stop, as long as the conversation is told.
    async fn read_stdout(self, mut lines: Lines, listener: mpsc::Sender<Line>) {
        for nth in 0.. {
            let Some(line) = lines.next().await else {
                return;
            };
            let at = Instant::now();
            let bytes = line.strip_suffix(b"\n").unwrap_or(&line);
            if nth < MOST_TOLD {
                self.saw(format!("prints {}", quoted(bytes)));
            } else {
                self.trial.conversation().goes_on();
            }
            let line = Line {
                bytes: bytes.to_vec(),
                text: String::from_utf8_lossy(without_ending(&line)).into_owned(),
                at,
            };
            if listener.send(line).await.is_err() && nth >= MOST_TOLD {
                return;
            }
        }
    }

    /// Reads standard error, and tells all of it once it is over; or its beginning, where
    /// there is more than anybody would read.
    async fn read_stderr(self, mut lines: Lines, listener: watch::Sender<Option<String>>) {
        let mut complaint = String::new();
        for _ in 0..MOST_TOLD {
            let Some(line) = lines.next().await else {
                break;
            };
            self.saw(format!(
                "says on standard error {}",
                quoted(without_ending(&line))
            ));
            complaint.push_str(&String::from_utf8_lossy(&line));
        }
        listener.send_replace(Some(complaint));
    }

    /// Holds the running candidate: passes signals on, tells of its end, and ends it
    /// with the trial.
    async fn keep(
        self,
        mut live: Live,
        mut signals: mpsc::UnboundedReceiver<Signal>,
        ended: watch::Sender<Option<Ended>>,
        mut stopped: oneshot::Receiver<()>,
    ) -> Run {
        loop {
            tokio::select! {
                how = live.wait(), if ended.borrow().is_none() => {
                    self.saw(format!("ends: {how}"));
                    ended.send_replace(Some(how));
                    self.trial.has_ended();
                }
                Some(signal) = signals.recv() => {
                    let signalled = live.signal(signal);
                    self.saw(match signalled {
                        Ok(()) => format!("is sent {}", named(signal)),
                        Err(error) => format!("cannot be sent {}: {error}", named(signal)),
                    });
                }
                _ = &mut stopped => break,
            }
        }
        let run = live.end().await;
        if run.too_much_output {
            self.saw("was ended: it printed too much");
        }
        run
    }
}

fn named(signal: Signal) -> &'static str {
    match signal {
        Signal::Terminate => "SIGTERM",
        Signal::Interrupt => "SIGINT",
        Signal::Kill => "SIGKILL",
    }
}

/// A line in words: an empty one is not nothing.
fn quoted(line: &[u8]) -> String {
    match line {
        [] => "\"\"".to_owned(),
        _ => Bytes(line).to_string(),
    }
}

fn without_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}
