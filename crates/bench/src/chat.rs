//! `chat`: the reference solution of the challenge `chat`, under load.
//!
//! It is measured against four other servers, each in a process of its own, over the
//! loopback, by clients who check that every line of every sender reaches everybody
//! else once and in order:
//!
//! - the floor: one thread that only broadcasts, all that there is in one write;
//! - a server like tokio's own chat example: an unbounded channel for each client, one
//!   write for each line;
//! - two servers in Node that keep to the contract: one writes each line as it comes,
//!   one gathers lines before it writes.
//!
//! The figure to go by is lines delivered per second of the server's time on a
//! processor: the clients take processors too, and how many they leave to a server
//! differs from machine to machine. Servers are measured in turn, and what is wanted of
//! the solution is the median of the ratios of each round. A bar that is missed by less
//! than a quarter is met within noise. Peak memory and memory per idle connection are
//! resident memory, without what the kernel keeps for sockets.

mod line;
mod load;
mod process;
pub(crate) mod servers;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::task::LocalSet;

use self::{
    load::{Figures, Plan},
    process::{Server, Start},
    servers::Contestant,
};
use crate::{
    figures::{bytes, count, digits, median, number, seconds},
    table::{Bar, Table, conclude},
};

/// What the command line may say.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Measure this server, which takes an address, in place of the reference solution
    #[arg(long, value_name = "PROGRAM")]
    solution: Option<PathBuf>,
}

const RECEIVERS: usize = 100;
const CROWD: usize = 5000;
/// Differences smaller than this are noise.
const NOISE: f64 = 0.25;

/// Who talks, and how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scenario {
    OneSender,
    FourSenders,
    OneLine,
    Stalled,
}

impl Scenario {
    const ALL: [Self; 4] = [
        Self::OneSender,
        Self::FourSenders,
        Self::OneLine,
        Self::Stalled,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::OneSender => "1 sender, at most 256 lines outstanding",
            Self::FourSenders => "4 senders, at most 256 lines outstanding",
            Self::OneLine => "1 sender, one line outstanding",
            Self::Stalled => {
                "1 sender, at most 256 lines outstanding, and a reader that never reads"
            }
        }
    }

    fn plan(self) -> Plan {
        let (senders, outstanding) = match self {
            Self::OneSender | Self::Stalled => (1, 256),
            Self::FourSenders => (4, 256),
            Self::OneLine => (1, 1),
        };
        Plan {
            senders,
            outstanding,
            warm_up: Duration::from_millis(400),
            time: Duration::from_secs(1),
            has_stalled: self == Self::Stalled,
        }
    }
}

/// Measures, and prints what came of it.
///
/// # Errors
///
/// Where a server does not deliver as it should, or cannot be started.
pub(crate) fn measure(args: &Args, runs: usize) -> Result<()> {
    allow_many_files()?;
    let contestants = servers::contestants(args.solution.as_ref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let rounds = LocalSet::new().block_on(&runtime, rounds(&contestants, runs))?;

    let who: Vec<Contestant> = contestants.iter().map(|(who, _)| *who).collect();
    let mut tables = Vec::new();
    for scenario in [
        Scenario::OneSender,
        Scenario::FourSenders,
        Scenario::OneLine,
    ] {
        tables.push(rates(&rounds, &who, scenario));
    }
    tables.push(stalled(&rounds, &who));
    tables.push(crowds(&rounds, &who));
    for table in &tables {
        println!("{table}");
    }
    conclude(&tables);
    Ok(())
}

/// The files that this process may open, and the servers after it: as many as the system
/// lets it have.
fn allow_many_files() -> Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let needed = CROWD as u64 + 100;
    anyhow::ensure!(
        most >= needed,
        "a process may open {most} files here, and {needed} are needed: see `ulimit -Hn`"
    );
    Ok(())
}

/// What was measured of one server in one round.
#[derive(Debug)]
struct Measured {
    figures: Vec<(Scenario, Figures, u64)>,
    crowd: Crowd,
}

/// A server with very many clients.
#[derive(Debug)]
struct Crowd {
    /// Bytes of the server for each client that says nothing.
    idle: f64,
    figures: Figures,
    peak: u64,
}

/// One round after the other, and in each all servers in turn.
async fn rounds(contestants: &[(Contestant, Start)], runs: usize) -> Result<Vec<Vec<Measured>>> {
    let mut rounds = Vec::new();
    for round in 1..=runs {
        let mut measured = Vec::new();
        for (who, start) in contestants {
            eprintln!("round {round} of {runs}: {}", who.name());
            let result = one(start).await;
            measured.push(result.with_context(|| format!("cannot measure {}", who.name()))?);
        }
        rounds.push(measured);
    }
    Ok(rounds)
}

/// All scenarios with one server, started anew for each.
async fn one(start: &Start) -> Result<Measured> {
    let mut figures = Vec::new();
    for scenario in Scenario::ALL {
        let server = Server::start(start).await?;
        let plan = scenario.plan();
        let mut clients = Vec::new();
        for _ in 0..RECEIVERS + plan.senders {
            clients.push(load::connect(server.address).await?);
        }
        let result = load::talk(clients, plan, server.address, || server.cpu()).await;
        let result = result.with_context(|| scenario.title())?;
        figures.push((scenario, result, server.memory()?.peak));
        server.end().await?;
    }
    Ok(Measured {
        figures,
        crowd: crowd(start).await.context("many connections at once")?,
    })
}

async fn crowd(start: &Start) -> Result<Crowd> {
    const FIRST: usize = 200;
    let server = Server::start(start).await?;
    let mut clients = Vec::new();
    for _ in 0..FIRST {
        clients.push(load::connect(server.address).await?);
    }
    // What a server takes once, it has taken by now.
    let before = server.memory()?.resident;
    for _ in FIRST..CROWD {
        clients.push(load::connect(server.address).await?);
    }
    let grown = number(server.memory()?.resident) - number(before);
    let plan = Plan {
        senders: 1,
        outstanding: 4,
        warm_up: Duration::from_millis(200),
        time: Duration::from_millis(500),
        has_stalled: false,
    };
    let figures = load::talk(clients, plan, server.address, || server.cpu()).await?;
    let peak = server.memory()?.peak;
    server.end().await?;
    Ok(Crowd {
        idle: grown / number(CROWD - FIRST),
        figures,
        peak,
    })
}

impl Measured {
    fn of(&self, scenario: Scenario) -> Option<(&Figures, u64)> {
        let found = self.figures.iter().find(|(which, ..)| *which == scenario);
        found.map(|(_, figures, peak)| (figures, *peak))
    }

    fn figure(&self, scenario: Scenario, of: impl Fn(&Figures) -> f64) -> f64 {
        self.of(scenario)
            .map_or(f64::NAN, |(figures, _)| of(figures))
    }
}

impl Figures {
    fn rate(&self) -> f64 {
        number(self.deliveries) / self.wall.as_secs_f64()
    }

    fn rate_of_cpu(&self) -> f64 {
        number(self.deliveries) / self.cpu.as_secs_f64()
    }

    /// The latency in seconds that so many percent of the lines had at most.
    fn latency(&self, percent: f64) -> f64 {
        number(self.latency.value_at_percentile(percent)) / 1e9
    }
}

/// The median over the rounds of a figure of one contestant.
fn middle(rounds: &[Vec<Measured>], who: usize, figure: impl Fn(&Measured) -> f64) -> f64 {
    median(rounds.iter().map(|round| figure(&round[who])))
}

/// The median over the rounds of the solution's figure by another one's.
fn ratio(rounds: &[Vec<Measured>], who: usize, figure: impl Fn(&Measured) -> f64) -> f64 {
    median(
        rounds
            .iter()
            .map(|round| figure(&round[0]) / figure(&round[who])),
    )
}

fn rates(rounds: &[Vec<Measured>], who: &[Contestant], scenario: Scenario) -> Table {
    let title = format!(
        "{RECEIVERS} receivers, {}, {}-byte lines; medians of {} rounds",
        scenario.title(),
        line::LENGTH,
        rounds.len()
    );
    let columns = [
        "",
        "a second",
        "a CPU second",
        "p50",
        "p99",
        "peak memory",
        "solution / it",
    ];
    let mut table = Table::new(title, &columns).with_noise(NOISE);
    for (nth, contestant) in who.iter().enumerate() {
        let figure =
            |of: fn(&Figures) -> f64| middle(rounds, nth, |measured| measured.figure(scenario, of));
        let peak = middle(rounds, nth, |measured| {
            measured
                .of(scenario)
                .map_or(f64::NAN, |(_, peak)| number(peak))
        });
        let of_cpu = |measured: &Measured| measured.figure(scenario, Figures::rate_of_cpu);
        let ratio = ratio(rounds, nth, of_cpu);
        let ratio_told = match contestant {
            Contestant::Solution => String::new(),
            _ => digits(ratio),
        };
        let cells = [
            contestant.name().into(),
            count(figure(Figures::rate)),
            count(figure(Figures::rate_of_cpu)),
            seconds(figure(|figures| figures.latency(50.0))),
            seconds(figure(|figures| figures.latency(99.0))),
            bytes(peak),
            ratio_told,
        ];
        match wanted(scenario, *contestant) {
            Some(bar) => table.held(cells, ratio, Bar::AtLeast(bar), ""),
            None => table.row(cells),
        }
        if (scenario, *contestant) == (Scenario::OneLine, Contestant::NodePerLine) {
            hold_latency(&mut table, rounds, nth);
        }
    }
    table
}

/// With one line outstanding nothing can be gathered: to wait for more would show here.
fn hold_latency(table: &mut Table, rounds: &[Vec<Measured>], node: usize) {
    let p50 = |measured: &Measured| measured.figure(Scenario::OneLine, |of| of.latency(50.0));
    let ratio = ratio(rounds, node, p50);
    let mut cells: [String; 7] = Default::default();
    cells[0] = "  the same of the p50".into();
    cells[6] = digits(ratio);
    table.held(cells, ratio, Bar::AtMost(1.0), "");
}

/// How many times as many lines as another server the solution has to deliver in the
/// same time on a processor.
fn wanted(scenario: Scenario, contestant: Contestant) -> Option<f64> {
    match (scenario, contestant) {
        (Scenario::OneSender | Scenario::FourSenders, contestant) => match contestant {
            Contestant::Solution => None,
            Contestant::Floor => Some(0.8),
            Contestant::PerLine | Contestant::NodePerLine => Some(10.0),
            Contestant::NodeGathering => Some(1.0),
        },
        (Scenario::OneLine, Contestant::NodePerLine) => Some(1.0),
        _ => None,
    }
}

/// What a reader that never reads costs the others, and the server.
fn stalled(rounds: &[Vec<Measured>], who: &[Contestant]) -> Table {
    let title = format!(
        "A reader that never reads, beside {RECEIVERS} who do; medians of {} rounds",
        rounds.len()
    );
    let columns = [
        "",
        "a CPU second",
        "of without it",
        "a second",
        "of without it",
        "more memory",
        "disconnected",
    ];
    let mut table = Table::new(title, &columns).with_noise(NOISE);
    for (nth, contestant) in who.iter().enumerate() {
        let rate = |of: fn(&Figures) -> f64| {
            let with = move |measured: &Measured| measured.figure(Scenario::Stalled, of);
            let without = move |measured: &Measured| measured.figure(Scenario::OneSender, of);
            let ratio = middle(rounds, nth, |measured| with(measured) / without(measured));
            (middle(rounds, nth, with), ratio)
        };
        let more = middle(rounds, nth, |measured| {
            let peak = |scenario| {
                measured
                    .of(scenario)
                    .map_or(f64::NAN, |(_, peak)| number(peak))
            };
            peak(Scenario::Stalled) - peak(Scenario::OneSender)
        });
        let ((of_cpu, of_cpu_ratio), (rate, rate_ratio)) =
            (rate(Figures::rate_of_cpu), rate(Figures::rate));
        let cells = |name: String| {
            [
                name,
                count(of_cpu),
                digits(of_cpu_ratio),
                count(rate),
                digits(rate_ratio),
                bytes(more.max(0.0)),
                is_out(rounds, nth),
            ]
        };
        if *contestant == Contestant::Solution {
            let name = format!("{}, the others' rate", contestant.name());
            table.held(cells(name), of_cpu_ratio, Bar::AtLeast(0.9), "");
            // 4,096 lines, with room for how they are kept.
            let mut memory: [String; 7] = Default::default();
            memory[0] = format!("{}, more memory", contestant.name());
            memory[5] = bytes(more.max(0.0));
            table.held(memory, more / 1e6, Bar::AtMost(4.0), " MB");
        } else {
            table.row(cells(contestant.name().into()));
        }
    }
    table
}

/// In how many rounds the server has disconnected the reader that never reads.
fn is_out(rounds: &[Vec<Measured>], who: usize) -> String {
    let is_out = |round: &&Vec<Measured>| {
        let figures = round[who].of(Scenario::Stalled);
        figures.is_some_and(|(figures, _)| figures.stalled_is_out)
    };
    let times = rounds.iter().filter(is_out).count();
    format!("{times} of {}", rounds.len())
}

fn crowds(rounds: &[Vec<Measured>], who: &[Contestant]) -> Table {
    let title = format!(
        "{CROWD} connections at once, of which one talks; medians of {} rounds",
        rounds.len()
    );
    let columns = [
        "",
        "a CPU second",
        "p50",
        "p99",
        "peak memory",
        "an idle connection",
    ];
    let mut table = Table::new(title, &columns).with_noise(NOISE);
    let idle = |nth| middle(rounds, nth, |measured| measured.crowd.idle);
    let node = who.iter().position(|who| *who == Contestant::NodePerLine);
    for (nth, contestant) in who.iter().enumerate() {
        let figure =
            |of: fn(&Figures) -> f64| middle(rounds, nth, |measured| of(&measured.crowd.figures));
        let cells = [
            contestant.name().into(),
            count(figure(Figures::rate_of_cpu)),
            seconds(figure(|figures| figures.latency(50.0))),
            seconds(figure(|figures| figures.latency(99.0))),
            bytes(middle(rounds, nth, |measured| number(measured.crowd.peak))),
            bytes(idle(nth)),
        ];
        match node {
            Some(node) if *contestant == Contestant::Solution => {
                table.held(cells, idle(nth) / 1e3, Bar::AtMost(idle(node) / 1e3), " kB");
            }
            _ => table.row(cells),
        }
    }
    table
}
