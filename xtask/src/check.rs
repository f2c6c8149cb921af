//! `check`: proves the pages.
//!
//! It reads top to bottom: open the course, select, build once, run side by
//! side, compare, report.

mod hold;
mod page;
mod repeat;
mod runs;

pub(crate) use hold::{endings, sentence};

use std::{collections::HashSet, path::Path, ptr, sync::Arc, time::Instant};

use anyhow::{Context, Result};
use lesson::{Course, Lesson};
use runner::Isolation;

use crate::{
    challenges,
    changed::Changed,
    cli, course,
    load::Load,
    programs::Programs,
    progress::Progress,
    report,
    verdict::{Findings, Outcome},
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
    let lessons = || selected.iter().map(|&index| &course.lessons[index]);
    let programs = Programs::build(
        root,
        lessons().filter(|lesson| !lesson.programs().is_empty()),
    )?;

    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let isolation = runtime.block_on(isolation(args.isolation))?;
    let how = runs::How {
        repeat: args.repeat.get(),
        jobs: args.jobs.map_or_else(cores, usize::from),
        timeout: args.timeout,
        isolation,
        fail_fast: args.fail_fast,
    };

    let began = Instant::now();
    let load = args.load.then(Load::begin);
    let runs: usize = lessons()
        .map(|lesson| lesson.programs().len() * how.repeat)
        .sum();
    let progress = Progress::of(runs, args.quiet);
    let ran = runtime.block_on(runs::run(&course, &selected, &programs, &how, &progress));
    drop((progress, load));

    let mut findings = Findings {
        stopped: ran.stopped,
        ..Findings::default()
    };
    if args.lessons.is_empty() {
        findings.checks.extend(page::course(&course));
    }
    for &index in &selected {
        let lesson = &course.lessons[index];
        findings.checks.extend(page::check(lesson));
        findings.checks.extend(
            ran.of(index)
                .iter()
                .flat_map(|program| program.checks(lesson)),
        );
        findings.tallies.extend(
            ran.of(index)
                .iter()
                .filter_map(|program| program.tally(lesson)),
        );
        if args.challenges && lesson.has_challenges {
            findings
                .checks
                .extend(challenges::prove(root, lesson, args.timeout, args.quiet)?);
        }
    }
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

/// What is asked for against what this machine gives. That it gives less than
/// `auto` would like is said once.
async fn isolation(wanted: cli::Isolation) -> Result<Isolation> {
    if wanted == cli::Isolation::Off {
        return Ok(Isolation::Off);
    }
    match Isolation::detect().await {
        Ok(namespaces) => Ok(Isolation::On(namespaces)),
        Err(unavailable) if wanted == cli::Isolation::Require => {
            Err(unavailable).context("this machine cannot isolate programs")
        }
        Err(unavailable) => {
            anstream::eprintln!(
                "note: programs are run without a network of their own: {unavailable}"
            );
            Ok(Isolation::Off)
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
