//! One requirement, tried on one candidate.

use std::{
    ffi::OsString,
    fmt,
    future::Future,
    path::PathBuf,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use runner::{Budget, Program, Run};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch},
    task::{JoinHandle, JoinSet},
    time::sleep_until,
};

use super::{Candidate, NotMet, Verdict, conversation::Conversation, pulse::Pulse};

/// How much a candidate may print: more than a whole conversation, so that one that
/// prints all it hears is not ended for it.
const MOST_OUTPUT: usize = 64 << 20;

/// How long the judge goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A requirement is given up after this time, whatever happens. What it waits for
    /// others' candidates to start does not count.
    pub time: Duration,
    /// It is given up earlier, where nothing at all has happened for this time. As long
    /// as the judge itself is late, it is more patient than that.
    pub silence: Duration,
}

impl Limits {
    /// The same patience with silence, as far as `time` allows it.
    #[must_use]
    pub fn within(time: Duration) -> Self {
        Self {
            time,
            silence: Self::default().silence.min(time),
        }
    }
}

impl Default for Limits {
    /// A minute; 5 seconds where nothing happens.
    fn default() -> Self {
        Self {
            time: Duration::from_mins(1),
            silence: Duration::from_secs(5),
        }
    }
}

/// One requirement, tried on one candidate: what a requirement's function is given.
///
/// It starts the candidate, and the judge's own peers. All of them write to one
/// conversation, all waits give up together, and nothing that was started here
/// outlives the trial.
#[derive(Clone, Debug)]
pub struct Trial(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    challenge: &'static str,
    command: Command,
    limits: Limits,
    starts: Starts,
    conversation: Conversation,
    living: watch::Sender<Living>,
    queue: Mutex<Queue>,
    kept: Mutex<Vec<Keeper>>,
}

/// How many candidates a trial has started, and how many of them have ended by themselves.
#[derive(Clone, Copy, Debug, Default)]
struct Living {
    started: usize,
    ended: usize,
}

/// Lets few candidates start at once. An interpreter takes a tenth of a second of a
/// core to start: a hundred at once keep each other waiting for seconds, and look
/// dead meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Starts(Arc<Semaphore>);

impl Starts {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(2 * cores)))
    }

    /// Waits for a turn. It lasts until what this gives is dropped.
    async fn turn(&self) -> Verdict<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        turn.map_err(|error| NotMet::Trouble(format!("lost the turn to start: {error}")))
    }
}

/// The command that starts a candidate, before the contract's own arguments.
#[derive(Clone, Debug)]
pub struct Command {
    /// The executable; a name without a separator is looked up in `PATH`.
    pub executable: PathBuf,
    /// Arguments that come before the contract's.
    pub args: Vec<OsString>,
    /// The folder in which it runs.
    pub dir: PathBuf,
}

/// What holds a running candidate, and lets go of it when the trial is over.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<Run>,
}

/// How long a trial has waited so far for its turn to start a candidate. It is other
/// trials that it waits for, and no candidate's fault.
#[derive(Debug, Default)]
struct Queue {
    waiting: usize,
    /// Since when somebody has been waiting, if somebody is.
    since: Option<Instant>,
    /// How long somebody was waiting before.
    waited: Duration,
}

impl Queue {
    fn waited(&self) -> Duration {
        self.waited + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// Somebody waits for a turn; no longer, once this is dropped.
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    fn begin(trial: &'a Inner) -> Self {
        let mut queue = trial.queue();
        queue.waiting += 1;
        queue.since.get_or_insert_with(Instant::now);
        Self(trial)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut queue = self.0.queue();
        queue.waiting -= 1;
        if queue.waiting == 0 {
            queue.waited = queue.waited();
            queue.since = None;
        }
    }
}

impl Inner {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Trial {
    pub(crate) fn new(
        challenge: &'static str,
        command: Command,
        limits: Limits,
        starts: Starts,
        pulse: Pulse,
    ) -> Self {
        Self(Arc::new(Inner {
            challenge,
            command,
            limits,
            starts,
            conversation: Conversation::new(pulse),
            living: watch::Sender::default(),
            queue: Mutex::default(),
            kept: Mutex::default(),
        }))
    }

    /// Starts the candidate with these arguments after its command's own. In the
    /// conversation it has the challenge's name.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it cannot be started at all.
    pub async fn start<A: Into<OsString>>(
        &self,
        args: impl IntoIterator<Item = A>,
    ) -> Verdict<Candidate> {
        self.start_as(self.0.challenge, args).await
    }

    /// Starts a candidate under a name of its own, for a trial that needs several.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it cannot be started at all.
    pub async fn start_as<A: Into<OsString>>(
        &self,
        name: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Verdict<Candidate> {
        let Command {
            executable,
            args: before,
            dir,
        } = self.0.command.clone();
        let args = before
            .into_iter()
            .chain(args.into_iter().map(Into::into))
            .collect();
        self.run(
            name,
            Program {
                args,
                ..Program::new(executable, dir)
            },
        )
        .await
    }

    /// Runs a program under this name in the conversation, until the trial is over.
    pub(crate) async fn run(&self, name: &str, program: Program) -> Verdict<Candidate> {
        let waiting = Waiting::begin(&self.0);
        let turn = self.0.starts.turn().await?;
        drop(waiting);
        self.conversation()
            .did(name, format!("is started: {}", in_words(&program)));
        // The trial ends it; the budget is there for a judge that cannot.
        let budget = Budget {
            time: self.0.limits.time * 2,
            output: MOST_OUTPUT,
            ..Budget::default()
        };
        let (candidate, keeper) =
            Candidate::start(self.clone(), name, &program, &budget, turn).await?;
        self.0.living.send_modify(|living| living.started += 1);
        self.kept().push(keeper);
        Ok(candidate)
    }

    /// Waits for `future`. `None` where nothing at all has happened in this trial
    /// for too long, or the trial's time is over.
    pub(crate) async fn wait<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        self.conversation().goes_on();
        loop {
            let gives_up = self.gives_up();
            tokio::select! {
                biased;
                output = &mut future => return Some(output),
                () = sleep_until(gives_up.into()) => {}
            }
            if self.gives_up() <= Instant::now() {
                return None;
            }
        }
    }

    /// How late the judge has been so far, all in all: what it saw of a candidate may have
    /// happened that much earlier. On a busy machine the candidate is late, too.
    #[must_use]
    pub fn late(&self) -> Duration {
        self.conversation().late()
    }

    /// The challenge's name, which is its candidate's.
    pub(crate) fn challenge(&self) -> &'static str {
        self.0.challenge
    }

    /// One of its candidates has ended by itself.
    pub(crate) fn has_ended(&self) {
        self.0.living.send_modify(|living| living.ended += 1);
    }

    /// Waits until there were candidates, and each of them has ended by itself.
    pub(crate) async fn deserted(&self) {
        let mut living = self.0.living.subscribe();
        let deserted = |living: &Living| living.started > 0 && living.ended >= living.started;
        // The trial holds the sender for as long as anybody waits here.
        let _ = living.wait_for(deserted).await;
    }

    /// How long the judge has waited when [`Trial::wait`] gives up, in words.
    pub(crate) fn patience(&self) -> impl fmt::Display {
        let Limits { time, silence, .. } = self.0.limits;
        if Instant::now() < self.ends() {
            format!("nothing happened for {} s", silence.as_secs_f64())
        } else {
            format!("its {} s were over", time.as_secs_f64())
        }
    }

    /// Kills what still runs, and waits until it is gone.
    pub(crate) async fn end(&self) -> Verdict {
        let kept = std::mem::take(&mut *self.kept());
        let (stops, tasks): (Vec<_>, Vec<_>) = kept
            .into_iter()
            .map(|keeper| (keeper.stop, keeper.task))
            .unzip();
        drop(stops);
        for task in tasks {
            task.await
                .map_err(|error| NotMet::Trouble(format!("lost a candidate: {error}")))?;
        }
        Ok(())
    }

    pub(crate) fn conversation(&self) -> &Conversation {
        &self.0.conversation
    }

    /// Is this a candidate that has others beside it? The only one is called as the
    /// challenge is.
    pub(crate) fn is_of_several(&self, candidate: &str) -> bool {
        candidate != self.0.challenge
    }

    fn gives_up(&self) -> Instant {
        let silent_at = self.conversation().silent_at(self.0.limits.silence);
        self.ends().min(silent_at)
    }

    /// When its time is over.
    fn ends(&self) -> Instant {
        self.conversation().begun() + self.0.limits.time + self.0.queue().waited()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Keeper>> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A whole command line, for a person to read.
fn in_words(program: &Program) -> String {
    std::iter::once(program.executable.as_os_str())
        .chain(program.args.iter().map(OsString::as_os_str))
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs futures side by side, and gives what they give in their order; the first
/// that fails ends all.
///
/// # Errors
///
/// What that one fails with.
pub async fn side_by_side<T, F>(futures: impl IntoIterator<Item = F>) -> Verdict<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Verdict<T>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for (place, future) in futures.into_iter().enumerate() {
        tasks.spawn(async move { (place, future.await) });
    }
    let mut outcomes = Vec::new();
    while let Some(task) = tasks.join_next().await {
        let outcome = task
            .map_err(|error| NotMet::Trouble(format!("the judge failed: {error}")))
            .and_then(|(place, outcome)| Ok((place, outcome?)));
        match outcome {
            Ok(outcome) => outcomes.push(outcome),
            Err(not_met) => {
                tasks.shutdown().await;
                return Err(not_met);
            }
        }
    }
    outcomes.sort_by_key(|(place, _)| *place);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_trial_waits_for_others_is_added_to_its_time() {
        let command = Command {
            executable: "true".into(),
            args: Vec::new(),
            dir: ".".into(),
        };
        let limits = Limits::default();
        let trial = Trial::new("it", command, limits, Starts::new(), Pulse::start());
        let before = trial.ends();
        let waiting = [Waiting::begin(&trial.0), Waiting::begin(&trial.0)];
        // However coarse the clock is.
        while trial.ends() == before {}
        drop(waiting);
        let after = trial.ends();
        assert!(after > before);
        assert_eq!(trial.ends(), after, "and no more");
    }
}
