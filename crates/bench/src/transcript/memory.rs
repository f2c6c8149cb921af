//! Peak memory, in a process of its own for each contestant.

use std::{fs, path::PathBuf, process::Command};

use ::transcript::Order;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;

use super::{
    contest::{Ours, Theirs},
    data::Sample,
};
use crate::{cargo, memory};

/// Whose memory is measured, and on what.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    contestant: Contestant,
    page: PathBuf,
    output: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Contestant {
    Transcript,
    Trycmd,
}

/// The most memory that a contestant has used, in bytes, beyond what the program itself
/// takes before it begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    /// With the two texts.
    pub(super) whole: u64,
    /// Without them.
    pub(super) beyond_texts: u64,
}

/// Measures both contestants on a sample.
pub(super) fn measure(sample: &Sample) -> Result<[Peak; 2]> {
    let folder = tempfile::tempdir()?;
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).map(|()| path)
    };
    let output = file("output", &sample.output)?;
    let ours = part("transcript", &file("page", &sample.page)?, &output)?;
    let theirs = part("trycmd", &file("trycmd", &sample.trycmd)?, &output)?;
    Ok([ours, theirs])
}

fn part(contestant: &str, page: &PathBuf, output: &PathBuf) -> Result<Peak> {
    let mut command = Command::new(cargo::this_program()?);
    command.args(["part", "transcript", contestant]);
    let told = command.arg(page).arg(output).output()?;
    ensure!(told.status.success(), "{contestant}: {}", told.status);
    let told = String::from_utf8_lossy(&told.stdout);
    let mut figures = told.split_whitespace().map(str::parse);
    let mut next = || figures.next().context("a figure is missing");
    Ok(Peak {
        whole: next()??,
        beyond_texts: next()??,
    })
}

/// Parses and matches once, and prints both figures of [`Peak`].
pub(crate) fn play(args: &Args) -> Result<()> {
    let before = memory::of("self")?.resident;
    let page = fs::read_to_string(&args.page)?;
    let output = fs::read_to_string(&args.output)?;
    let texts = (page.len() + output.len()) as u64;
    let matches = match args.contestant {
        Contestant::Transcript => Ours::run(&page, Order::Total, &output)?.differences == 0,
        Contestant::Trycmd => Theirs::run(&page, &output).matches,
    };
    ensure!(matches, "the output does not match");
    let whole = memory::of("self")?.peak.saturating_sub(before);
    println!("{whole} {}", whole.saturating_sub(texts));
    Ok(())
}
