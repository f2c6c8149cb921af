//! `check`: proves the pages.
//!
//! It reads top to bottom: open the course, select, build once, run side by
//! side, compare, report.

mod hold;
mod page;
mod repeat;
mod runs;

pub(crate) use hold::{endings, sentence, standard_error};
pub(crate) use runs::How as Runs;

use std::{collections::HashSet, mem, path::Path, ptr, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use lesson::{Course, Lesson};
use runner::{Isolation, Snap, Tap};

use crate::{
    cargo::Cargo,
    challenges,
    changed::Changed,
    cli, course,
    load::Load,
    programs::Programs,
    progress::Progress,
    report,
    stop::Stop,
    verdict::{Findings, Outcome, Stopped},
};

/// Checks the lessons that `args` name, and reports.
///
/// # Errors
///
/// When nothing could be checked: the course cannot be read, a name fits no
/// lesson, cargo cannot be started, or isolation is required and not to be had.
pub fn command(root: &Path, args: &cli::Check) -> Result<Outcome> {
    match check(root, args) {
        Ok(findings) => {
            report::print(args.format, &findings, args.quiet)?;
            Ok(findings.outcome())
        }
        Err(error) => {
            report::print_error(args.format, &error)?;
            Err(error)
        }
    }
}

/// Checks every lesson as `check` does without arguments, and reports nothing.
///
/// # Errors
///
/// When nothing could be checked.
pub(crate) fn all(root: &Path) -> Result<Findings> {
    check(root, &cli::Check::default())
}

fn check(root: &Path, args: &cli::Check) -> Result<Findings> {
    let course = Arc::new(course::open(root)?);
    let selected = select(root, &course, args)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let is_wired = selected.iter().any(|&index| {
        let mut programs = course.lessons[index].programs().iter();
        programs.any(|usage| !usage.wire.is_empty())
    });
    runtime.block_on(async {
        let (isolation, tap) = surroundings(args.isolation, is_wired).await?;
        let how = How {
            runs: Arc::new(Runs {
                repeat: args.repeat.get(),
                jobs: args.jobs.map_or_else(jobs, usize::from),
                timeout: args.timeout,
                isolation,
                tap,
                fail_fast: args.fail_fast,
            }),
            load: args.load,
            challenges: args.challenges,
            quiet: args.quiet,
        };
        let cargo = Cargo::loud(Stop::at_ctrl_c());
        let mut findings = lessons(root, &course, &selected, &cargo, &how).await?;
        if args.lessons.is_empty() {
            findings.checks.splice(0..0, page::course(&course));
        }
        // Who checks does so once, and ends soon. To take a large course to pieces first is
        // a twentieth of the work of reading it.
        mem::forget(course);
        Ok(findings)
    })
}

/// How lessons are checked.
pub(crate) struct How {
    /// How their programs are run.
    pub(crate) runs: Arc<Runs>,
    /// Every core is kept busy meanwhile.
    pub(crate) load: bool,
    /// The challenges are proved too.
    pub(crate) challenges: bool,
    /// Nothing is said of what is going on.
    pub(crate) quiet: bool,
}

impl How {
    /// Quietly, and each program once.
    pub(crate) fn once((isolation, tap): Surroundings) -> Self {
        Self {
            runs: Arc::new(Runs {
                repeat: 1,
                jobs: jobs(),
                timeout: None,
                isolation,
                tap,
                fail_fast: false,
            }),
            load: false,
            challenges: false,
            quiet: true,
        }
    }
}

/// Builds and checks the lessons at these places in the course, until all are checked or
/// what may stop cargo asks for an end.
///
/// # Errors
///
/// When cargo cannot be started, does not understand the workspace, or was stopped; when this
/// machine cannot run so many programs side by side.
pub(crate) async fn lessons(
    root: &Path,
    course: &Arc<Course>,
    selected: &[usize],
    cargo: &Cargo,
    how: &How,
) -> Result<Findings> {
    let lessons = || selected.iter().map(|&index| &course.lessons[index]);
    let programs = Programs::build(cargo, root, lessons()).await?;

    let began = Instant::now();
    let load = how.load.then(Load::begin);
    let programs_run: usize = lessons().map(|lesson| lesson.programs().len()).sum();
    let runs = programs_run.saturating_mul(how.runs.repeat);
    let progress = Arc::new(Progress::of(runs, how.quiet));
    let ran = runs::run(
        course,
        selected,
        &programs,
        &how.runs,
        &cargo.stop,
        &progress,
    )
    .await?;
    drop((progress, load));

    let mut findings = Findings {
        stopped: ran.stopped,
        ..Findings::default()
    };
    let pages = lesson::on_every_core(selected, |&index| page::check(&course.lessons[index]));
    let mut by_lesson = Vec::new();
    for (&index, page) in selected.iter().zip(pages) {
        let lesson = &course.lessons[index];
        let mut checks = page;
        checks.extend(page::unbuilt(lesson, &programs));
        for program in ran.of(index) {
            checks.extend(program.checks(lesson));
            findings.tallies.extend(program.tally(lesson));
        }
        by_lesson.push(checks);
    }
    if how.challenges {
        for (nth, &index) in selected.iter().enumerate() {
            let lesson = &course.lessons[index];
            if !lesson.has_challenges {
                continue;
            }
            let mut checks = by_lesson.iter().flatten();
            if how.runs.fail_fast && checks.any(|check| check.status.failed()) {
                findings.stopped.get_or_insert(Stopped::FailFast);
            }
            if findings.stopped.is_some() {
                break;
            }
            let all = challenges::How {
                only: None,
                timeout: how.runs.timeout,
                quiet: how.quiet,
                tell: &|_, _| (),
            };
            let proved = challenges::prove(root, lesson, cargo, all).await;
            by_lesson[nth].extend(proved.checks);
            findings.stopped = proved.stopped;
        }
    }
    findings.checks = by_lesson.into_iter().flatten().collect();
    findings.elapsed = began.elapsed();
    Ok(findings)
}

/// The places of the lessons that were asked for.
fn select(root: &Path, course: &Course, args: &cli::Check) -> Result<Vec<usize>> {
    let named: HashSet<*const Lesson> = course
        .select(&args.lessons)?
        .into_iter()
        .map(ptr::from_ref)
        .collect();
    let changed = match &args.changed {
        Some(revision) => Some(Changed::since(root, revision)?),
        None => None,
    };
    let is_selected = |lesson: &Lesson| {
        named.contains(&ptr::from_ref(lesson))
            && args
                .partition
                .is_none_or(|partition| partition.contains(&lesson.id))
            && changed
                .as_ref()
                .is_none_or(|changed| changed.touches(root, lesson))
    };
    let selected: Vec<usize> = (0..course.lessons.len())
        .filter(|&index| is_selected(&course.lessons[index]))
        .collect();
    if selected.is_empty() {
        anstream::eprintln!("note: this selection has no lesson in it");
    }
    Ok(selected)
}

/// What each program gets of this machine, and whether its packets can be seen; if not,
/// why not.
pub(crate) type Surroundings = (Isolation, Result<Tap, String>);

/// What is asked for against what this machine gives. That it gives less than
/// `auto` would like is said once. `wired`: there are packets to be seen.
pub(crate) async fn surroundings(wanted: cli::Isolation, wired: bool) -> Result<Surroundings> {
    let is_required = wanted == cli::Isolation::Require;
    if wanted == cli::Isolation::Off {
        let why = "with `--isolation off` they share this machine's network, and nobody can tell \
                   which packets are theirs";
        if wired {
            anstream::eprintln!("note: what programs put on the wire is not checked: {why}");
        }
        return Ok((Isolation::Off, Err(unseen(why))));
    }
    let namespaces = match Isolation::detect().await {
        Ok(namespaces) => namespaces,
        Err(unavailable) if is_required => {
            return Err(unavailable).context("this machine cannot isolate programs");
        }
        Err(unavailable) => {
            let wire = if wired {
                ", and what they put on the wire is not checked"
            } else {
                ""
            };
            anstream::eprintln!(
                "note: programs are run without a network of their own{wire}: {unavailable}"
            );
            return Ok((Isolation::Off, Err(unseen(&unavailable.reason))));
        }
    };
    let isolation = Isolation::On(namespaces);
    if !wired {
        return Ok((isolation, Err(String::new())));
    }
    match Tap::detect(namespaces, Snap::Headers).await {
        Ok(tap) => Ok((isolation, Ok(tap))),
        Err(unavailable) if is_required => {
            Err(unavailable).context("this machine cannot tell what programs put on the wire")
        }
        Err(unavailable) => {
            anstream::eprintln!(
                "note: what programs put on the wire is not checked: {unavailable}"
            );
            Ok((isolation, Err(unseen(&unavailable.reason))))
        }
    }
}

/// Why a block about packets is skipped.
fn unseen(reason: &str) -> String {
    format!("What the program puts on the wire is not checked: {reason}.")
}

/// As many programs at once as there are cores, if there is room for them.
fn jobs() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    cores.min(runs::most_at_once())
}
