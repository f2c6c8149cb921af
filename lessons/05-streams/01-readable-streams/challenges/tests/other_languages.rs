//! The judge asks for nothing that only Rust can do: programs in another language,
//! which use nothing but its standard library, meet the challenges too.

use std::{
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

#[test]
fn lines_can_be_met_in_python() -> io::Result<()> {
    meets("lines", "python3", "lines.py")
}

#[test]
fn frames_can_be_met_in_python() -> io::Result<()> {
    meets("frames", "python3", "frames.py")
}

/// The candidate has to meet every requirement. Where its interpreter is not on this
/// machine, the test says so, and says nothing else.
fn meets(challenge: &str, interpreter: &str, candidate: &str) -> io::Result<()> {
    if !is_here(interpreter) {
        // Past the test harness, which keeps what a passed test prints.
        return writeln!(
            io::stderr(),
            "skipped {candidate}: `{interpreter}` is not on this machine"
        );
    }
    let candidate = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/candidates")
        .join(candidate);
    let judged = Command::new(env!("CARGO_BIN_EXE_readable-streams-challenges"))
        // On a busy machine an interpreter takes its time to start.
        .args(["judge", challenge, "--timeout", "60", "--", interpreter])
        .arg(&candidate)
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
