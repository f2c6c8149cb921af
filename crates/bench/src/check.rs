//! `check`: `xtask check` on a course of 1,000 lessons of one trivial program each.
//!
//! It is measured against the least that running their programs takes, and against
//! trycmd on the same cases, with as many programs side by side in each:
//!
//! - the floor: threads that spawn the program, read what it prints and reap it, 1,000
//!   times, and do nothing else;
//! - the floor with namespaces: the same, and each program in a PID and a network
//!   namespace of its own. Where entering these takes a user namespace, each of the few
//!   processes that do it has one, and not each program: the floor is lower by that;
//! - trycmd: a case in a file for each program, all of them in one run.
//!
//! And it is measured how long 10,000 lessons take to be parsed, linted and selected,
//! with nothing run. `xtask` is measured as cargo builds it by default, which is how
//! `cargo xtask` runs it, and as `--release` builds it; trycmd too, each beside the
//! other's like. Everything is measured from
//! outside, from the start of a process to its end. What is wanted is said of the time on
//! the wall; on a machine that has other things to do, the time that it took of its
//! processors, all processes together, tells more, and stands beside it.

mod course;
mod floor;
pub(crate) mod namespaces;
pub(crate) mod trycmd;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use self::course::Course;
use crate::{
    cargo::{self, Profile},
    figures::{digits, number, seconds},
    machine,
    table::{Bar, Table, conclude},
    turns::{Contestant, Turn, in_turn},
};

const LESSONS: usize = 1000;

/// Measures, and prints what came of it.
///
/// # Errors
///
/// Where a build fails, a process cannot be started, or a check finds something wrong.
pub(crate) fn measure(runs: usize) -> Result<()> {
    let mut builds = Vec::new();
    for (name, profile) in [
        ("as built by default", Profile::Dev),
        ("release", Profile::Release),
    ] {
        builds.push(Build {
            name,
            xtask: cargo::build("xtask", "xtask", profile)?,
            trycmd: cargo::build("bench", "bench", profile)?,
        });
    }
    let tables = [running(runs, &builds)?, reading(runs, &builds)?];
    for table in &tables {
        println!("{table}");
    }
    conclude(&tables);
    Ok(())
}

/// How cargo has built what is measured.
struct Build {
    name: &'static str,
    xtask: PathBuf,
    /// This program, which has trycmd in it.
    trycmd: PathBuf,
}

/// 1,000 programs, run by each in turn.
fn running(runs: usize, builds: &[Build]) -> Result<Table> {
    let course = Course::of(LESSONS)?;
    let cases = trycmd::cases(LESSONS)?;
    // Or the system writes these thousands of files to the disk while others are measured.
    let synced = Command::new("sync").status().context("cannot start sync")?;
    ensure!(synced.success(), "sync: {synced}");
    let jobs = machine::processors();

    let mut contestants = vec![
        Contestant::new("floor", move || floor::run(LESSONS, jobs)),
        Contestant::new("floor with namespaces", move || {
            namespaces::run(LESSONS, jobs)
        }),
    ];
    for build in builds {
        let (program, folder) = (build.trycmd.clone(), cases.path().to_path_buf());
        let name = format!("trycmd, {}", build.name);
        contestants.push(Contestant::new(name, move || {
            trycmd::run(&program, &folder, jobs)
        }));
        for isolation in ["off", "require"] {
            let (xtask, root) = (build.xtask.clone(), course.root().to_path_buf());
            let name = format!("check --isolation {isolation}, {}", build.name);
            let jobs = jobs.to_string();
            contestants.push(Contestant::new(name, move || {
                let args = ["check", "--isolation", isolation, "--jobs", &jobs];
                run(&xtask, &root, &args).map(drop)
            }));
        }
    }
    in_turn(runs, &mut contestants)?;

    let title = format!(
        "{LESSONS} lessons of one program each, {jobs} side by side; medians of {runs} runs in turn"
    );
    let columns = [
        "",
        "time",
        "of its floor",
        "of trycmd",
        "processors",
        "of its floor",
        "of trycmd",
    ];
    let mut table = Table::new(title, &columns);
    let [floor, isolated, by_build @ ..] = &contestants[..] else {
        unreachable!("there are two floors");
    };
    table.row(cells(floor, floor, None));
    table.row(cells(isolated, isolated, None));
    for build in by_build.chunks(3) {
        let [trycmd, shared, alone] = build else {
            unreachable!("there are three for each build");
        };
        table.row(cells(trycmd, floor, None));
        let floor_of_trycmd = floor.ratio(trycmd, WALL);
        if floor_of_trycmd > HALF {
            println!(
                "note: the floor itself takes {} of the time of {}: half of it cannot be had here\n",
                digits(floor_of_trycmd),
                trycmd.name
            );
        }
        for (check, floor) in [(shared, floor), (alone, isolated)] {
            let (of_floor, of_trycmd) = (check.ratio(floor, WALL), check.ratio(trycmd, WALL));
            let row = cells(check, floor, Some(trycmd));
            table.held(row, of_floor, Bar::AtMost(1.2), " of its floor");
            let row = [format!("  {}, beside trycmd", check.name)];
            table.held(row, of_trycmd, Bar::AtMost(HALF), " of trycmd");
        }
    }
    Ok(table)
}

/// Of trycmd's time, what a check may take.
const HALF: f64 = 0.5;
const WALL: fn(&Turn) -> f64 = |turn| turn.wall;
const PROCESSOR: fn(&Turn) -> f64 = |turn| turn.processor;

fn cells(one: &Contestant, floor: &Contestant, trycmd: Option<&Contestant>) -> Vec<String> {
    let mut cells = vec![one.name.clone()];
    for figure in [WALL, PROCESSOR] {
        let beside = |other: &Contestant| digits(one.ratio(other, figure));
        cells.extend([
            seconds(one.median(figure)),
            beside(floor),
            trycmd.map(beside).unwrap_or_default(),
        ]);
    }
    cells
}

/// Courses of several sizes: parsed, linted and selected.
fn reading(runs: usize, builds: &[Build]) -> Result<Table> {
    const SIZES: [usize; 3] = [1000, 3000, 10_000];
    let mut contestants = Vec::new();
    // Their folders last as long as they do.
    let mut courses = Vec::new();
    for size in SIZES {
        let course = Course::of(size)?;
        // A part of the course in which there is no lesson.
        let empty = format!("--partition={}", course.empty_part(&builds[0].xtask)?);
        for build in builds {
            for args in [vec!["check".into(), empty.clone()], vec!["list".into()]] {
                let (xtask, root) = (build.xtask.clone(), course.root().to_path_buf());
                let name = format!("{size} lessons, {}, {}", args[0], build.name);
                contestants.push(Contestant::new(name, move || {
                    let args: Vec<&str> = args.iter().map(String::as_str).collect();
                    run(&xtask, &root, &args).map(drop)
                }));
            }
        }
        courses.push(course);
    }
    in_turn(runs, &mut contestants)?;

    let title =
        format!("Parsed, linted and selected, with nothing run; medians of {runs} runs in turn");
    let columns = ["", "time", "processors", "of 1,000 lessons"];
    let mut table = Table::new(title, &columns);
    let kinds = contestants.len() / SIZES.len();
    for (nth, one) in contestants.iter().enumerate() {
        let (size, least) = (SIZES[nth / kinds], &contestants[nth % kinds]);
        let time = one.median(WALL);
        let growth = one.ratio(least, PROCESSOR);
        let cells = [
            one.name.clone(),
            seconds(time),
            seconds(one.median(PROCESSOR)),
            digits(growth),
        ];
        if size < SIZES[2] {
            table.row(cells);
            continue;
        }
        table.held(cells, time, Bar::AtMost(1.0), " s");
        // Linear, with a little for a larger folder.
        let linear = number(size) / number(SIZES[0]);
        let name = format!("  {}, growth", one.name);
        table.held(
            [name],
            growth,
            Bar::AtMost(1.2 * linear),
            " × the processors",
        );
    }
    Ok(table)
}

/// Runs `xtask` on a course, and gives what it says on standard error. Everything has to
/// hold.
fn run(xtask: &Path, root: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new(xtask)
        .args(args)
        .arg("--root")
        .arg(root)
        .stdout(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", xtask.display()))?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "xtask {args:?}: {}\n{stderr}",
        output.status
    );
    Ok(stderr.into_owned())
}
