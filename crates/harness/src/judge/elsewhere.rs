//! Programs in other languages, for the tests of a challenges crate: a judge has to ask
//! for nothing that only Rust can do.

use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

/// Has `judge`, a program whose `main` is [`main`](super::main), judge a program that
/// `interpreter` runs. Where the interpreter is not on this machine, this says so on
/// standard error, and nothing else.
///
/// # Panics
///
/// With the judge's report, where a requirement is not met.
///
/// # Errors
///
/// Where the judge cannot be run.
#[track_caller]
pub fn meets(
    judge: impl AsRef<Path>,
    challenge: &str,
    interpreter: &str,
    candidate: impl AsRef<Path>,
) -> io::Result<()> {
    let candidate = candidate.as_ref();
    if !is_here(interpreter) {
        // Past the test harness, which keeps what a passed test prints.
        return writeln!(
            io::stderr(),
            "skipped {}: `{interpreter}` is not on this machine",
            candidate.display()
        );
    }
    let judged = Command::new(judge.as_ref())
        // On a busy machine an interpreter takes its time to start.
        .args(["judge", challenge, "--timeout", "60", "--", interpreter])
        .arg(candidate)
        .output()?;
    assert!(
        judged.status.success(),
        "{} does not meet the challenge:\n{}{}",
        candidate.display(),
        String::from_utf8_lossy(&judged.stdout),
        String::from_utf8_lossy(&judged.stderr),
    );
    Ok(())
}

fn is_here(interpreter: &str) -> bool {
    let mut version = Command::new(interpreter);
    version
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}
