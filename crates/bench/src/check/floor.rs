//! The floor: what running programs takes, and nothing else.

use std::{
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context, Result, ensure};

use super::course::{PROGRAM, WORD};

/// Runs the program so many times, `jobs` of it side by side.
pub(super) fn run(times: usize, jobs: usize) -> Result<()> {
    let begun = AtomicUsize::new(0);
    thread::scope(|scope| {
        let worker = || -> Result<()> {
            while begun.fetch_add(1, Ordering::Relaxed) < times {
                once()?;
            }
            Ok(())
        };
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(worker)).collect();
        for worker in workers {
            worker
                .join()
                .ok()
                .context("a thread of the floor has failed")??;
        }
        Ok(())
    })
}

/// Spawns the program, reads what it prints on either stream, and reaps it.
pub(super) fn once() -> Result<()> {
    let output = Command::new(PROGRAM)
        .arg(WORD)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {PROGRAM}"))?;
    let is_right = output.status.success() && output.stdout.trim_ascii_end() == WORD.as_bytes();
    ensure!(is_right, "{PROGRAM} printed something else");
    Ok(())
}
