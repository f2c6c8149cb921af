//! Running programs side by side, each as often as was asked.

use std::{collections::VecDeque, future::pending, sync::Arc, time::Duration};

use lesson::Course;
use runner::{Isolation, Prepared, StartError, Tap};
use tokio::task::{JoinError, JoinHandle, JoinSet};

use super::{
    hold::{self, Held},
    repeat::Repeated,
};
use crate::{
    programs::{self, Executable, Programs},
    progress::Progress,
    stop::Stop,
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
#[derive(Debug)]
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
pub(super) async fn run(
    course: &Arc<Course>,
    selected: &[usize],
    programs: &Programs,
    how: &Arc<How>,
    interrupt: &Stop,
    progress: &Arc<Progress>,
) -> Ran {
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

    let mut waiting = queue
        .iter()
        .flat_map(|job| (0..how.repeat).map(move |nth| (job.clone(), nth)));
    let (mut preparing, mut running) = (VecDeque::new(), JoinSet::new());
    let (stopper, stop) = Stop::pair();
    let interrupt = interrupt.asked();
    tokio::pin!(interrupt);
    let why = loop {
        while preparing.len() < AHEAD
            && let Some((job, nth)) = waiting.next()
        {
            let (course, how) = (Arc::clone(course), Arc::clone(how));
            preparing.push_back(tokio::spawn(async move {
                job.prepare(&course, nth, &how).await
            }));
        }
        if preparing.is_empty() && running.is_empty() {
            break None;
        }
        tokio::select! {
            ready = first(&mut preparing), if running.len() < how.jobs => {
                let ready = whole(ready);
                let (course, how, stop) = (Arc::clone(course), Arc::clone(how), stop.clone());
                progress.began(ready.name(&course));
                running.spawn(async move {
                    Some((ready.number, ready.run(&course, &how, &stop).await?))
                });
            }
            Some(over) = running.join_next() => {
                let Some((number, held)) = whole(over) else {
                    continue;
                };
                let failed = held.promises.iter().find(|promise| promise.status.failed());
                progress.ended(&repeated[number].name, failed.map(|promise| promise.status));
                let stop = how.fail_fast && failed.is_some();
                repeated[number].add(held);
                if stop {
                    break Some(Stopped::FailFast);
                }
            }
            () = &mut interrupt => break Some(Stopped::Interrupted),
        }
    };
    // What is running now is no verdict on anything: it only has to be gone. What has ended
    // just now is known, and told, unless one failure was to be the last.
    stopper.stop();
    while let Some(over) = running.join_next().await {
        if let Some((number, held)) = whole(over)
            && why != Some(Stopped::FailFast)
        {
            repeated[number].add(held);
        }
    }
    for ready in preparing {
        whole(ready.await);
    }
    Ran {
        programs: repeated,
        stopped: why,
    }
}

/// The first one's outcome, which leaves the queue; never, where there is none. Cancel safe.
async fn first<T>(queue: &mut VecDeque<JoinHandle<T>>) -> Result<T, JoinError> {
    let Some(first) = queue.front_mut() else {
        return pending().await;
    };
    let outcome = first.await;
    queue.pop_front();
    outcome
}

/// What a task came to. Its panic is ours, and none is ever cancelled.
fn whole<T>(outcome: Result<T, JoinError>) -> T {
    outcome.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
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
    /// Makes everything ready for the `nth` run of its program.
    async fn prepare(self, course: &Course, nth: usize, how: &How) -> Ready {
        let lesson = &course.lessons[self.lesson];
        let usage = &lesson.programs()[self.usage];
        let mut program = self.executable.with(lesson, &usage.args);
        if let Some(workers) = WORKERS[nth % WORKERS.len()] {
            program = program.env("TOKIO_WORKER_THREADS", workers);
        }
        let start = match &how.tap {
            Ok(tap) if !usage.wire.is_empty() => {
                Start::Tapped(runner::prepare(&program, *tap).await.map(Box::new))
            }
            _ => Start::Plain(program),
        };
        Ready {
            number: self.number,
            lesson: self.lesson,
            usage: self.usage,
            start,
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
