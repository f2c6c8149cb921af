//! Running programs side by side, each as often as was asked.

use std::{sync::Arc, time::Duration};

use lesson::Course;
use runner::Isolation;
use tokio::{sync::watch, task::JoinSet};

use super::{
    hold::{self, Held},
    repeat::Repeated,
};
use crate::{
    programs::{self, Executable, Programs},
    progress::Progress,
    verdict::Stopped,
};

/// How programs are run.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub(super) repeat: usize,
    pub(super) jobs: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) isolation: Isolation,
    pub(super) fail_fast: bool,
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

/// Runs every program of the selected lessons, until all are over, or one has
/// failed that was to be the last, or somebody presses Ctrl-C. Stopping ends
/// everything that is running.
pub(super) async fn run(
    course: &Arc<Course>,
    selected: &[usize],
    programs: &Programs,
    how: &How,
    progress: &Progress,
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
    let mut running = JoinSet::new();
    let (stop, stopping) = watch::channel(false);
    let interrupt = tokio::signal::ctrl_c();
    tokio::pin!(interrupt);
    let stopped = loop {
        while running.len() < how.jobs
            && let Some((job, nth)) = waiting.next()
        {
            progress.began(&repeated[job.number].name);
            let (course, how, stopping) = (Arc::clone(course), *how, stopping.clone());
            running.spawn(async move {
                let held = job.run(&course, nth, &how, stopping).await;
                (job.number, held)
            });
        }
        tokio::select! {
            over = running.join_next() => match over {
                Some(Ok((number, held))) => {
                    let failed = held.promises.iter().find(|promise| promise.status.failed());
                    progress.ended(&repeated[number].name, failed.map(|promise| promise.status));
                    let stop = how.fail_fast && failed.is_some();
                    repeated[number].add(held);
                    if stop {
                        break Some(Stopped::FailFast);
                    }
                }
                Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                None => break None,
            },
            Ok(()) = &mut interrupt => break Some(Stopped::Interrupted),
        }
    };
    // What is running now is no verdict on anything: it only has to be gone.
    stop.send_replace(true);
    while running.join_next().await.is_some() {}
    Ran {
        programs: repeated,
        stopped,
    }
}

/// One program of one lesson, ready to be run.
#[derive(Clone, Debug)]
struct Job {
    number: usize,
    lesson: usize,
    usage: usize,
    executable: Arc<Executable>,
}

impl Job {
    async fn run(
        &self,
        course: &Course,
        nth: usize,
        how: &How,
        mut stopping: watch::Receiver<bool>,
    ) -> Held {
        let lesson = &course.lessons[self.lesson];
        let usage = &lesson.programs()[self.usage];
        let mut program = self.executable.with(lesson, &usage.args);
        if let Some(workers) = WORKERS[nth % WORKERS.len()] {
            program = program.env("TOKIO_WORKER_THREADS", workers);
        }
        let budget = programs::budget(lesson, how.timeout);
        let stop = async {
            // Whoever could say so is there for as long as this runs.
            let _ = stopping.wait_for(|stops| *stops).await;
        };
        match runner::run_until(&program, &budget, how.isolation, stop).await {
            Ok(run) => hold::hold(lesson, usage, &run, &budget),
            Err(error) => hold::unstarted(lesson, usage, &error),
        }
    }
}
