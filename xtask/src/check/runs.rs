//! Running programs side by side, each as often as was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use lesson::Course;
use runner::{Isolation, Prepared, StartError, Tap};
use tokio::{
    runtime::{Builder, Handle, Runtime},
    task::{JoinError, JoinHandle, JoinSet},
};

use super::{
    hold::{self, Held},
    repeat::Repeated,
};
use crate::{
    programs::{self, Executable, Programs},
    progress::Progress,
    stop::{Stop, Stopper},
    verdict::Stopped,
};

/// How programs are run.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) repeat: usize,
    pub(crate) jobs: usize,
    pub(crate) timeout: Option<Duration>,
    pub(crate) isolation: Isolation,
    /// How packets are seen; or why they are not, as a sentence.
    pub(crate) tap: Result<Tap, String>,
    pub(crate) fail_fast: bool,
}

/// What became of all runs.
#[derive(Debug, Default)]
pub(super) struct Ran {
    /// In the order of the course and of its pages.
    programs: Vec<Repeated>,
    /// Why some of the runs were not made.
    pub(super) stopped: Option<Stopped>,
}

impl Ran {
    /// The programs of one lesson, by the lesson's place in the course.
    pub(super) fn of(&self, lesson: usize) -> &[Repeated] {
        let begin = self
            .programs
            .partition_point(|program| program.lesson < lesson);
        let end = self
            .programs
            .partition_point(|program| program.lesson <= lesson);
        &self.programs[begin..end]
    }
}

/// What the tokio programs of a lesson are given as their number of workers, in
/// turn: what depends on one number of them shows where runs are repeated. The
/// first run is left alone.
const WORKERS: [Option<&str>; 5] = [None, Some("1"), Some("2"), Some("4"), Some("8")];

/// How many programs are made ready beside those that run. To set up a tap the kernel
/// waits some ten milliseconds, which is ten times as long as a small program runs.
const AHEAD: usize = 16;

/// Runs every program of the selected lessons, until all are over, or one has
/// failed that was to be the last, or an end is asked for. Stopping ends everything that
/// is running.
///
/// # Errors
///
/// When this process may not have as many files open as `jobs` programs take.
pub(super) async fn run(
    course: &Arc<Course>,
    selected: &[usize],
    programs: &Programs,
    how: &Arc<How>,
    interrupt: &Stop,
    progress: &Arc<Progress>,
) -> Result<Ran> {
    let mut repeated = Vec::new();
    let mut queue = Vec::new();
    for &lesson in selected {
        for (place, usage) in course.lessons[lesson].programs().iter().enumerate() {
            let executable = programs.find(&course.lessons[lesson], &usage.program);
            let number = repeated.len();
            repeated.push(Repeated::new(
                usage.program.name(),
                lesson,
                place,
                executable.as_ref().err().cloned(),
            ));
            if let Ok(executable) = executable {
                queue.push(Job {
                    number,
                    lesson,
                    usage: place,
                    executable: Arc::new(executable),
                });
            }
        }
    }

    let planned = queue.len().saturating_mul(how.repeat);
    let count = how.jobs.min(planned);
    let (stopper, stop) = Stop::pair();
    let line = Arc::new(Line {
        course: Arc::clone(course),
        how: Arc::clone(how),
        progress: Arc::clone(progress),
        stopper,
        stop,
        queue: Mutex::new(Queue::of(queue, how.repeat)),
        ran: Mutex::new(Ran {
            programs: repeated,
            stopped: None,
        }),
        runtime: Handle::current(),
    });
    let mut workers = Workers::start(&line, count)?;
    tokio::select! {
        () = workers.gone() => {}
        () = interrupt.asked() => {
            line.interrupt();
            workers.gone().await;
        }
    }
    line.clear().await;
    let mut ran = std::mem::take(&mut *line.ran());
    let made: usize = ran.programs.iter().map(Repeated::runs).sum();
    if ran.stopped == Some(Stopped::FailFast) && made == planned {
        // What failed was the last of all.
        ran.stopped = None;
    }
    Ok(ran)
}

/// Who serves the line.
///
/// Each is a thread with a runtime of its own. So what a program does wakes the thread that
/// waits for it, and no other: much of the time of a small program is waking somebody.
struct Workers<'a> {
    line: &'a Line,
    working: JoinSet<()>,
}

impl<'a> Workers<'a> {
    fn start(line: &'a Arc<Line>, count: usize) -> Result<Self> {
        let most = most_at_once();
        let too_many = || {
            format!("cannot run {count} programs side by side: give fewer `--jobs`, at most {most}")
        };
        ensure!(count <= most, too_many());
        let mut runtimes = Vec::new();
        for _ in 0..count {
            match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtimes.push(runtime),
                Err(error) => {
                    // Nothing runs in them, but within a runtime they may not be dropped.
                    runtimes.into_iter().for_each(Runtime::shutdown_background);
                    return Err(error).with_context(too_many);
                }
            }
        }
        let mut working = JoinSet::new();
        for runtime in runtimes {
            let line = Arc::clone(line);
            working.spawn_blocking(move || runtime.block_on(line.work()));
        }
        Ok(Self { line, working })
    }

    /// Waits until all have gone.
    async fn gone(&mut self) {
        while let Some(worker) = self.working.join_next().await {
            whole(worker);
        }
    }
}

impl Drop for Workers<'_> {
    /// Whoever does not wait any more wants nothing to run.
    fn drop(&mut self) {
        self.line.stopper.stop();
    }
}

/// How many programs may run side by side for all the files that this process may have open:
/// streams, control and tap of each, and the runtime of the thread that watches over it.
#[cfg(unix)]
pub(super) fn most_at_once() -> usize {
    use nix::sys::resource::{Resource, getrlimit};
    const EACH: u64 = 12;
    const OTHERS: u64 = 64;
    let limit = getrlimit(Resource::RLIMIT_NOFILE).map_or(u64::MAX, |(limit, _)| limit);
    let most = limit.saturating_sub(OTHERS) / EACH;
    usize::try_from(most).unwrap_or(usize::MAX).max(1)
}

/// Elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn most_at_once() -> usize {
    usize::MAX
}

/// What a task came to. Its panic is ours, and none is ever cancelled.
fn whole<T>(outcome: Result<T, JoinError>) -> T {
    outcome.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// The line in which all runs wait for their turn, and what those need who serve it.
struct Line {
    course: Arc<Course>,
    how: Arc<How>,
    progress: Arc<Progress>,
    stopper: Stopper,
    stop: Stop,
    queue: Mutex<Queue>,
    ran: Mutex<Ran>,
    /// Where programs are made ready: whoever does that may have gone when somebody runs them.
    runtime: Handle,
}

/// The runs that have not begun, in their order: those that are made ready, and those behind
/// them.
struct Queue {
    preparing: VecDeque<Preparing>,
    waiting: Box<dyn Iterator<Item = (Job, usize)> + Send>,
}

/// A run on its way to being ready.
enum Preparing {
    /// It is.
    Done(Ready),
    /// The kernel takes its time.
    GoingOn(JoinHandle<Ready>),
}

impl Preparing {
    async fn ready(self) -> Ready {
        match self {
            Self::Done(ready) => ready,
            Self::GoingOn(task) => whole(task.await),
        }
    }
}

impl Queue {
    fn of(jobs: Vec<Job>, repeat: usize) -> Self {
        let runs = jobs
            .into_iter()
            .flat_map(move |job| (0..repeat).map(move |nth| (job.clone(), nth)));
        Self {
            preparing: VecDeque::new(),
            waiting: Box::new(runs),
        }
    }
}

impl Line {
    /// Serves the line until nobody is left in it, or all are told to stop.
    async fn work(&self) {
        while let Some(preparing) = self.next() {
            let ready = preparing.ready().await;
            if self.stop.is_asked() {
                return;
            }
            let (number, name) = (ready.number, ready.name(&self.course));
            self.progress.began(name);
            let Some(held) = ready.run(&self.course, &self.how, &self.stop).await else {
                return;
            };
            let failed = held.promises.iter().find(|promise| promise.status.failed());
            let failed = failed.map(|promise| promise.status);
            self.progress.ended(name, failed);
            self.tell(number, held, failed.is_some());
        }
    }

    /// Takes note of what a run came to: all there was to know, if one failure was to be
    /// the last.
    fn tell(&self, number: usize, held: Held, has_failed: bool) {
        let mut ran = self.ran();
        if ran.stopped == Some(Stopped::FailFast) {
            return;
        }
        ran.programs[number].add(held);
        if has_failed && self.how.fail_fast {
            ran.stopped.get_or_insert(Stopped::FailFast);
            self.stopper.stop();
        }
    }

    /// Ends what is running. That is no verdict on anything: it only has to be gone. What
    /// ends by itself meanwhile is known, and told.
    fn interrupt(&self) {
        self.ran().stopped.get_or_insert(Stopped::Interrupted);
        self.stopper.stop();
    }

    fn ran(&self) -> MutexGuard<'_, Ran> {
        self.ran.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first of the line. Some of those behind it are made ready meanwhile.
    fn next(&self) -> Option<Preparing> {
        if self.stop.is_asked() {
            return None;
        }
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        while queue.preparing.len() < AHEAD
            && let Some((job, nth)) = queue.waiting.next()
        {
            let preparing = job.prepare(self, nth);
            queue.preparing.push_back(preparing);
        }
        queue.preparing.pop_front()
    }

    /// Sends home who is left, and waits until they are gone.
    async fn clear(&self) {
        let left = {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut queue.preparing)
        };
        for preparing in left {
            preparing.ready().await;
        }
    }
}

/// One program of one lesson, to be run.
#[derive(Clone, Debug)]
struct Job {
    number: usize,
    lesson: usize,
    usage: usize,
    executable: Arc<Executable>,
}

impl Job {
    /// Makes everything ready for the `nth` run of its program, or begins to.
    fn prepare(self, line: &Line, nth: usize) -> Preparing {
        let lesson = &line.course.lessons[self.lesson];
        let usage = &lesson.programs()[self.usage];
        let mut program = self.executable.with(lesson, &usage.args);
        if let Some(workers) = WORKERS[nth % WORKERS.len()] {
            program = program.env("TOKIO_WORKER_THREADS", workers);
        }
        let ready = move |start| Ready {
            number: self.number,
            lesson: self.lesson,
            usage: self.usage,
            start,
        };
        match line.how.tap {
            Ok(tap) if !usage.wire.is_empty() => {
                Preparing::GoingOn(line.runtime.spawn(async move {
                    let prepared = runner::prepare(&program, tap).await;
                    ready(Start::Tapped(prepared.map(Box::new)))
                }))
            }
            _ => Preparing::Done(ready(Start::Plain(program))),
        }
    }
}

/// A run that only waits for its turn.
struct Ready {
    number: usize,
    lesson: usize,
    usage: usize,
    start: Start,
}

/// What is started.
enum Start {
    Plain(runner::Program),
    Tapped(Result<Box<Prepared>, StartError>),
}

impl Ready {
    fn name<'c>(&self, course: &'c Course) -> &'c str {
        course.lessons[self.lesson].programs()[self.usage]
            .program
            .name()
    }

    /// The run, held against its promises; none where it was stopped before it was over.
    async fn run(self, course: &Course, how: &How, stop: &Stop) -> Option<Held> {
        let lesson = &course.lessons[self.lesson];
        let usage = &lesson.programs()[self.usage];
        let budget = programs::budget(lesson, how.timeout);
        let run = match self.start {
            Start::Plain(program) => {
                runner::run_until(&program, &budget, how.isolation, stop.asked()).await
            }
            Start::Tapped(Ok(prepared)) => prepared.run_until(&budget, stop.asked()).await,
            Start::Tapped(Err(error)) => Err(error),
        };
        let untapped = how.tap.as_ref().err().map_or("", String::as_str);
        match run {
            Ok(run) if run.stopped => None,
            Ok(run) => Some(hold::hold(lesson, usage, &run, &budget, untapped)),
            Err(error) => Some(hold::unstarted(lesson, usage, &error)),
        }
    }
}
