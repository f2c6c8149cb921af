//! What the course costs, measured beside others in the same run.
//!
//! ```text
//! cargo run --release -p bench -- transcript
//! cargo run --release -p bench -- check
//! cargo run --release -p bench -- chat
//! cargo run --release -p bench -- tap
//! ```
//!
//! Each measurement is a module, which opens with what it measures and against what. It
//! prints tables: what was measured, of whom, and beside it what is wanted and whether
//! that is met. Times of one machine say nothing about another, and a busy machine has
//! other times each minute; so nearly all that is wanted is a ratio of two things that
//! were measured in turn, several times, of which the medians are taken.
//!
//! The exit code is 0 also where something wanted is missed. It is 1 where something
//! could not be measured.
//!
//! Nothing here is part of the default build or test: say `-p bench`.

#![cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "three of the measurements take Linux")
)]

mod cargo;
mod figures;
mod machine;
mod memory;
mod table;

#[cfg(target_os = "linux")]
mod chat;
#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
mod tap;
mod transcript;
#[cfg(target_os = "linux")]
mod turns;

use std::{num::NonZeroUsize, process::ExitCode};

use clap::{Parser, Subcommand};

/// What the course costs, measured beside others in the same run.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    /// How often each thing is measured, in turn with the others; medians are told
    #[arg(long, global = true, value_name = "N", default_value = "5")]
    runs: NonZeroUsize,

    /// What to measure
    #[command(subcommand)]
    command: Command,
}

/// One variant a measurement.
#[derive(Debug, Subcommand)]
enum Command {
    /// Parse, match and report, beside trycmd's own library
    Transcript,
    /// A course of 1,000 lessons, beside the least that running its programs takes, and trycmd
    #[cfg(target_os = "linux")]
    Check,
    /// The reference solution of the challenge `chat`, beside four other servers
    #[cfg(target_os = "linux")]
    Chat(chat::Args),
    /// Isolated programs with their packets seen, beside the same without
    #[cfg(target_os = "linux")]
    Tap,
    /// What a measurement runs in a process of its own
    #[command(subcommand, hide = true)]
    Part(Part),
}

/// What a measurement runs in a process of its own.
#[derive(Debug, Subcommand)]
enum Part {
    /// Hold an output against a transcript, and print the peak memory of that
    Transcript(transcript::memory::Args),
    /// Run trycmd on all cases of a folder
    #[cfg(target_os = "linux")]
    Trycmd(check::trycmd::Args),
    /// Run a program many times, each time in namespaces of its own
    #[cfg(target_os = "linux")]
    Namespaces(check::namespaces::Args),
    /// Serve as a chat server does that only broadcasts
    #[cfg(target_os = "linux")]
    Floor(chat::servers::Args),
    /// Serve as tokio's own chat example does
    #[cfg(target_os = "linux")]
    PerLine(chat::servers::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runs = cli.runs.get();
    if !matches!(cli.command, Command::Part(_)) {
        machine::introduce();
    }
    let result = match &cli.command {
        Command::Transcript => transcript::measure(runs),
        #[cfg(target_os = "linux")]
        Command::Check => check::measure(runs),
        #[cfg(target_os = "linux")]
        Command::Chat(args) => chat::measure(args, runs),
        #[cfg(target_os = "linux")]
        Command::Tap => tap::measure(runs),
        Command::Part(part) => play(part),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn play(part: &Part) -> anyhow::Result<()> {
    match part {
        Part::Transcript(args) => transcript::memory::play(args),
        #[cfg(target_os = "linux")]
        Part::Trycmd(args) => {
            check::trycmd::play(args);
            Ok(())
        }
        #[cfg(target_os = "linux")]
        Part::Namespaces(args) => check::namespaces::play(args),
        #[cfg(target_os = "linux")]
        Part::Floor(args) => chat::servers::floor::serve(args),
        #[cfg(target_os = "linux")]
        Part::PerLine(args) => chat::servers::per_line::serve(args),
    }
}
