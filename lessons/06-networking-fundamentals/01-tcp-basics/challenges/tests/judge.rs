//! The judge is never wrong: what meets a contract passes, in any language, and what
//! does nothing of use meets no requirement at all.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{ffi::OsStr, process::Command};

use harness::judge::elsewhere;
use serde::Deserialize;

/// The verdict on one requirement, as the judge prints it.
#[derive(Deserialize)]
struct Judged {
    requirement: String,
    verdict: String,
    report: String,
}

fn judge<S: AsRef<OsStr>>(
    challenge: &str,
    options: &[&str],
    command: impl IntoIterator<Item = S>,
) -> Vec<Judged> {
    let output = Command::new(env!("CARGO_BIN_EXE_tcp-basics-challenges"))
        .args(["judge", challenge])
        .args(options)
        .arg("--")
        .args(command)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{complaint}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[track_caller]
fn assert_meets_all(judged: &[Judged]) {
    let not_met: Vec<String> = judged
        .iter()
        .filter(|judged| judged.verdict != "met")
        .map(|judged| {
            format!(
                "{}: {}\n{}",
                judged.verdict, judged.requirement, judged.report
            )
        })
        .collect();
    assert!(not_met.is_empty(), "not met:\n{}", not_met.join("\n"));
    assert!(!judged.is_empty());
}

#[track_caller]
fn assert_meets_none(challenge: &str, stand_in: &str) {
    let judge_itself = env!("CARGO_BIN_EXE_tcp-basics-challenges");
    // It does not get better with time.
    let options = ["--timeout", "2"];
    let judged = judge(challenge, &options, [judge_itself, "stand-in", stand_in]);
    let met: Vec<&str> = judged
        .iter()
        .filter(|judged| judged.verdict == "met")
        .map(|judged| judged.requirement.as_str())
        .collect();
    assert!(met.is_empty(), "{stand_in} meets {met:?}");
    assert!(!judged.is_empty());
}

/// Judges one of `tests/candidates`, where there is its interpreter.
#[track_caller]
fn assert_meets_all_in(interpreter: &str, challenge: &str, file: &str) {
    let judge = env!("CARGO_BIN_EXE_tcp-basics-challenges");
    let file = format!("{}/tests/candidates/{file}", env!("CARGO_MANIFEST_DIR"));
    elsewhere::meets(judge, challenge, interpreter, file).unwrap();
}

#[test]
fn the_reference_solutions_meet_every_requirement() {
    for (challenge, solution) in [
        ("chat", env!("CARGO_BIN_EXE_tcp-basics-solution-chat")),
        ("crash", env!("CARGO_BIN_EXE_tcp-basics-solution-crash")),
        ("retry", env!("CARGO_BIN_EXE_tcp-basics-solution-retry")),
    ] {
        assert_meets_all(&judge(challenge, &[], [solution]));
    }
}

#[test]
fn a_chat_server_in_python_meets_every_requirement() {
    assert_meets_all_in("python3", "chat", "chat.py");
}

#[test]
fn a_client_of_a_crashing_server_in_javascript_meets_every_requirement() {
    assert_meets_all_in("node", "crash", "crash.mjs");
}

#[test]
fn a_retrying_client_in_javascript_meets_every_requirement() {
    assert_meets_all_in("node", "retry", "retry.mjs");
}

#[test]
fn a_program_that_does_nothing_meets_no_requirement() {
    for challenge in ["chat", "crash", "retry"] {
        assert_meets_none(challenge, "does-nothing");
    }
}

#[test]
fn a_program_that_exits_at_once_meets_no_requirement() {
    for challenge in ["chat", "crash", "retry"] {
        assert_meets_none(challenge, "exits-at-once");
        assert_meets_none(challenge, "fails-at-once");
    }
}

#[test]
fn a_program_that_never_answers_meets_no_requirement() {
    for challenge in ["chat", "crash", "retry"] {
        assert_meets_none(challenge, "never-answers");
    }
}

#[test]
fn a_program_that_is_not_there_is_not_judged() {
    let output = Command::new(env!("CARGO_BIN_EXE_tcp-basics-challenges"))
        .args(["judge", "retry", "--", "no-such-program-anywhere"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        complaint.contains("no-such-program-anywhere"),
        "{complaint}"
    );
}
