//! The servers beside ours. All meet the part of the contract that the load needs; the
//! two in Rust no more than that: they are there to be measured.

pub(crate) mod floor;
pub(crate) mod per_line;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;

use super::process::Start;
use crate::cargo::{self, Profile};

/// Where a server listens.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    address: SocketAddr,
}

/// Who is measured, in the order of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contestant {
    /// The reference solution.
    Solution,
    /// One thread that broadcasts, and does nothing else.
    Floor,
    /// As in tokio's own example: a task and an unbounded channel for each client, and a
    /// write for each line.
    PerLine,
    /// Node, with a write for each line as it comes.
    NodePerLine,
    /// Node, which gathers lines before it writes.
    NodeGathering,
}

impl Contestant {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Solution => "the solution",
            Self::Floor => "floor: only broadcasts",
            Self::PerLine => "like tokio's example",
            Self::NodePerLine => "Node, a write a line",
            Self::NodeGathering => "Node, gathering",
        }
    }

    fn start(self, solution: &Path) -> Result<Start> {
        let part = |name: &str| -> Result<Start> {
            Ok(Start {
                program: cargo::this_program()?,
                args: vec!["part".into(), name.into()],
            })
        };
        let node = |file: &str| Start {
            program: "node".into(),
            args: vec![format!("{}/servers/{file}", env!("CARGO_MANIFEST_DIR"))],
        };
        Ok(match self {
            Self::Solution => Start {
                program: solution.into(),
                args: Vec::new(),
            },
            Self::Floor => part("floor")?,
            Self::PerLine => part("per-line")?,
            Self::NodePerLine => node("per-line.mjs"),
            Self::NodeGathering => node("gathering.mjs"),
        })
    }
}

/// Everyone who can be measured here, the solution first.
pub(super) fn contestants(solution: Option<&PathBuf>) -> Result<Vec<(Contestant, Start)>> {
    let solution = match solution {
        Some(program) => program.clone(),
        None => cargo::build(
            "tcp-basics-challenges",
            "tcp-basics-solution-chat",
            Profile::Release,
        )?,
    };
    let mut all = vec![Contestant::Solution, Contestant::Floor, Contestant::PerLine];
    if has_node() {
        all.extend([Contestant::NodePerLine, Contestant::NodeGathering]);
    } else {
        println!("`node` is not on this machine: its two servers are left out.\n");
    }
    let start = |contestant: Contestant| Ok((contestant, contestant.start(&solution)?));
    all.into_iter().map(start).collect()
}

fn has_node() -> bool {
    let mut node = Command::new("node");
    node.arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    node.status().is_ok_and(|status| status.success())
}
