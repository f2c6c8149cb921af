//! The commands of the course, one module each.
//!
//! A command takes the course's root and its own arguments, and gives an
//! [`Outcome`], which is the exit code: 0 where all that was asked for holds, 1
//! where something does not, 2 where it could not be checked.

pub mod bless;
pub mod book;
pub mod cargo;
pub mod challenges;
pub mod changed;
pub mod check;
pub mod cli;
pub mod course;
pub mod diff;
mod git;
mod group;
mod hash;
pub mod hint;
pub mod list;
pub mod load;
pub mod matching;
pub mod new;
pub mod next;
pub mod output;
pub mod packets;
pub mod partition;
pub mod practice;
pub mod programs;
pub mod progress;
pub mod report;
pub mod run;
pub mod snapshot;
pub mod start;
pub mod stop;
pub mod verdict;
pub mod verify;
pub mod watch;
pub mod wire;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    verdict::Outcome,
};

/// Does what the command line asks for.
///
/// # Errors
///
/// When it could not be done; the exit code is then 2.
pub fn obey(cli: &Cli) -> Result<Outcome> {
    let root = || course::root(cli.root.as_deref());
    let Some(command) = &cli.command else {
        return next::next(&root()?);
    };
    match command {
        Command::List => list::list(&root()?),
        Command::Run(args) => run::run(&root()?, args),
        Command::Check(args) => check::command(&root()?, args),
        Command::Match(args) => matching::matching(args),
        Command::Bless(args) => bless::bless(&root()?, args),
        Command::Wire(args) => wire::wire(&root()?, args),
        Command::New(args) => new::new(&root()?, args),
        Command::Snapshot(args) => snapshot::command(&root()?, args),
        Command::Start(args) => start::start(&root()?, args),
        Command::Hint(args) => hint::hint(&root()?, args),
        Command::Verify(args) => verify::verify(&root()?, args),
        Command::Book(args) => book::book(&root()?, args),
        Command::Watch(args) => watch::watch(&root()?, args),
    }
}
