//! `tap`: what it costs to see the packets of an isolated program.
//!
//! The experiment of tcp-basics is run 200 times, one run after the other: isolated; isolated
//! and tapped, with some runs made ready ahead, as `check` does it; and tapped with nothing
//! made ready, which shows what that is good for.

use std::{collections::VecDeque, path::PathBuf, rc::Rc};

use anyhow::{Context, Result, ensure};
use runner::{Budget, Isolation, Program, Run, Snap, Tap, prepare};

use crate::{
    cargo::{self, Profile},
    figures::{number, seconds},
    table::{Bar, Table, conclude},
    turns::{Contestant, Turn, in_turn},
};

const TIMES: usize = 200;

/// How many runs are made ready ahead, as in `xtask/src/check/runs.rs`.
const AHEAD: usize = 16;

/// Measures, and prints what came of it.
///
/// # Errors
///
/// Where a build fails, or this machine can isolate no program, or tap none.
pub(crate) fn measure(runs: usize) -> Result<()> {
    let experiment = cargo::build("tcp-basics", "tcp-basics", Profile::Dev)?;
    let runtime = Rc::new(tokio::runtime::Runtime::new()?);
    let namespaces = runtime.block_on(Isolation::detect())?;
    let tap = runtime.block_on(Tap::detect(namespaces, Snap::Headers))?;
    let isolation = Isolation::On(namespaces);

    let contestant = |name: &str, how: How| {
        let (runtime, program) = (Rc::clone(&runtime), program(&experiment));
        Contestant::new(name, move || {
            runtime.block_on(how.run(&program, isolation, tap))
        })
    };
    let mut contestants = [
        contestant("isolated", How::Isolated),
        contestant("isolated and tapped", How::Tapped(AHEAD)),
        contestant("with nothing made ready", How::Tapped(1)),
    ];
    in_turn(runs, &mut contestants)?;

    let title = format!(
        "A program with 14 packets, {TIMES} times, one after the other; medians of {runs} runs in turn"
    );
    let columns = ["", "time a run", "more", "processors a run", "more"];
    let mut table = Table::new(title, &columns);
    let [isolated, tapped, unready] = &contestants;
    table.row(cells(isolated, isolated));
    table.held(
        cells(tapped, isolated),
        1000.0 * more(tapped, isolated, |turn| turn.wall),
        Bar::AtMost(1.0),
        " ms more",
    );
    table.row(cells(unready, isolated));
    println!("{table}");
    conclude(&[table]);
    Ok(())
}

fn program(experiment: &PathBuf) -> Program {
    Program::new(experiment, "/")
}

/// How the program is run.
#[derive(Clone, Copy)]
enum How {
    Isolated,
    /// With so many runs made ready at a time, the next one among them.
    Tapped(usize),
}

impl How {
    async fn run(self, program: &Program, isolation: Isolation, tap: Tap) -> Result<()> {
        let budget = Budget::default();
        match self {
            Self::Isolated => {
                for _ in 0..TIMES {
                    check(&runner::run(program, &budget, isolation).await?)?;
                }
            }
            Self::Tapped(ahead) => {
                let mut ready = VecDeque::new();
                for nth in 0..TIMES {
                    while ready.len() < ahead.min(TIMES - nth) {
                        let program = program.clone();
                        ready.push_back(tokio::spawn(async move { prepare(&program, tap).await }));
                    }
                    let next = ready.pop_front().context("one is ready at least")?;
                    let run = next.await??.run(&budget).await?;
                    let capture = run.capture.as_ref().context("it was tapped")?;
                    ensure!(capture.lost() == 0, "packets were lost");
                    ensure!(capture.packets().count() > 9, "packets are missing");
                    check(&run)?;
                }
            }
        }
        Ok(())
    }
}

fn check(run: &Run) -> Result<()> {
    let is_right = run.stdout.text().ends_with("[server] Server closed\n");
    ensure!(is_right, "the experiment printed something else: {run:?}");
    Ok(())
}

/// By how much one run of `one` takes more than one of `other`, in seconds.
fn more(one: &Contestant, other: &Contestant, figure: fn(&Turn) -> f64) -> f64 {
    (one.median(figure) - other.median(figure)) / number(TIMES)
}

fn cells(one: &Contestant, isolated: &Contestant) -> Vec<String> {
    let mut cells = vec![one.name.clone()];
    for figure in [|turn: &Turn| turn.wall, |turn: &Turn| turn.processor] {
        cells.push(seconds(one.median(figure) / number(TIMES)));
        let more = more(one, isolated, figure);
        let sign = if more < 0.0 { "-" } else { "" };
        cells.push(format!("{sign}{}", seconds(more.abs())));
    }
    cells
}
