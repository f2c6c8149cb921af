//! The floor with namespaces: running programs, each in a PID and a network namespace.
//!
//! Threads of one process cannot do that side by side without each other's namespaces in
//! the way, so each job is a process of one thread.

use std::{
    fs::{self, File},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use nix::{
    sched::{CloneFlags, setns, unshare},
    unistd::{Gid, Uid},
};

use super::floor;
use crate::cargo;

/// How often one process runs the program.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    times: usize,
}

/// Runs the program so many times, by `jobs` processes side by side.
pub(super) fn run(times: usize, jobs: usize) -> Result<()> {
    let start = |job: usize| -> Result<Child> {
        let share = times / jobs + usize::from(job < times % jobs);
        let mut part = Command::new(cargo::this_program()?);
        part.args(["part", "namespaces", &share.to_string()]);
        Ok(part.stdin(Stdio::null()).spawn()?)
    };
    let jobs: Vec<Result<Child>> = (0..jobs).map(start).collect();
    for job in jobs {
        let status = job?.wait()?;
        ensure!(
            status.success(),
            "no namespaces can be entered here: {status}"
        );
    }
    Ok(())
}

/// Runs the program, each time in namespaces of its own.
pub(crate) fn play(args: &Args) -> Result<()> {
    become_able()?;
    let outside = File::open("/proc/self/ns/pid")?;
    for _ in 0..args.times {
        unshare(CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWNET)
            .context("cannot enter namespaces")?;
        floor::once()?;
        // The next one opens its namespace beside this one, not in it.
        setns(&outside, CloneFlags::CLONE_NEWPID)?;
    }
    Ok(())
}

/// Opens a user namespace, if that is needed to open others.
fn become_able() -> Result<()> {
    let (user, group) = (Uid::effective(), Gid::effective());
    if user.is_root() {
        return Ok(());
    }
    unshare(CloneFlags::CLONE_NEWUSER).context("cannot open a user namespace")?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    Ok(())
}
