//! What a program gets when it starts, and why one does not start.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    process::Command,
};

use common::{Script, every_way};
use runner::{Budget, Ended, Isolation, Live, Program, StartError};

/// A folder with a file in it, of these permissions.
fn folder_with(name: &str, text: &str, mode: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(&folder.path().join(name), text, mode);
    folder
}

/// Writes a file, by another process: as long as this one has it open for writing,
/// and whatever other tests start just now has a copy of that, nobody can execute it.
fn write(file: &Path, text: &str, mode: &str) {
    let status = Command::new("sh")
        .args([
            "-c",
            r#"printf %s "$1" > "$2" && chmod "$3" "$2""#,
            "sh",
            text,
        ])
        .args([file.as_os_str(), mode.as_ref()])
        .status();
    assert!(status.expect("a shell starts").success());
}

async fn start(program: &Program, way: Isolation) -> Result<runner::Run, StartError> {
    runner::run(program, &Budget::default(), way).await
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_told_from_every_other() {
    let folder = folder_with("plain", "true\n", "644");
    write(
        &folder.path().join("lost"),
        "#!/no/such/interpreter\n",
        "755",
    );
    write(&folder.path().join("garbage"), "\x01\x02\x03\x04", "755");
    write(&folder.path().join("script"), "#!/bin/sh\n", "755");
    let dir = folder.path();
    let in_dir = |name: &str| Program::new(name, dir);
    let cases = [
        (in_dir("./missing"), "NotFound"),
        (in_dir("no-such-command-anywhere"), "NotFound"),
        (in_dir(""), "NotFound"),
        (in_dir("./plain"), "NotExecutable"),
        (in_dir("."), "IsFolder"),
        (in_dir("./lost"), "NoInterpreter"),
        (in_dir("./garbage"), "NotAProgram"),
        (in_dir("./script").arg("a\0b"), "Nul"),
        (in_dir("./scr\0ipt"), "Nul"),
        (in_dir("./script").env("A", "a\0b"), "Nul"),
        (Program::new("sh", dir.join("missing")), "BadDir"),
        (Program::new("sh", dir.join("plain")), "BadDir"),
        (Program::new("./script", dir.join("missing")), "BadDir"),
        (Program::new("./plain/script", dir), "NotFound"),
    ];
    for way in every_way().await {
        for (program, expected) in &cases {
            let error = start(program, way).await.expect_err("it cannot start");
            let debug = format!("{error:?}");
            assert!(debug.starts_with(expected), "{program:?}: {debug}");
        }
        start(&in_dir("./script"), way)
            .await
            .expect("the script does start");
    }
}

#[tokio::test]
async fn why_a_program_does_not_start_is_said_with_the_remedy() {
    let folder = folder_with("plain", "true\n", "644");
    let error = start(&Program::new("./plain", folder.path()), Isolation::Off).await;
    let error = error.expect_err("it cannot start").to_string();
    assert_eq!(
        error,
        "`./plain` may not be executed: allow it with `chmod +x ./plain`"
    );
}

#[tokio::test]
async fn a_live_program_that_cannot_be_started_is_no_other() {
    let error = Live::start(&Program::new("./missing", "/"), &Budget::default()).await;
    assert!(matches!(error, Err(StartError::NotFound(_))));
}

#[tokio::test]
async fn a_relative_executable_is_found_from_the_programs_folder() {
    let folder = folder_with("here", "#!/bin/sh\npwd; echo $0\n", "755");
    for way in every_way().await {
        let run = start(&Program::new("./here", folder.path()), way).await;
        let text = run.expect("it starts").stdout.text().into_owned();
        let dir = text.lines().next().map(PathBuf::from);
        let expected = folder.path().canonicalize().expect("the folder is there");
        assert_eq!(dir, Some(expected));
    }
}

#[tokio::test]
async fn a_relative_folder_starts_at_the_callers() {
    let run = start(&Program::new("./src/../Cargo.toml", "."), Isolation::Off).await;
    // Found, from the root of this package.
    assert!(matches!(run, Err(StartError::NotExecutable(_))), "{run:?}");
}

#[tokio::test]
async fn the_environment_is_a_known_one() {
    const PASSED_ON: [&str; 8] = [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "TMPDIR",
        "CARGO_HOME",
        "RUSTUP_HOME",
    ];
    for way in every_way().await {
        let script = Script::new("exec env -0");
        let run = script.run(&Budget::default(), way).await;
        let text = run.stdout.text();
        let variables = text
            .split_terminator('\0')
            .filter_map(|line| line.split_once('='));
        let variables: BTreeMap<_, _> = variables.collect();

        for (name, value) in [
            ("LANG", "C.UTF-8"),
            ("LC_ALL", "C.UTF-8"),
            ("NO_COLOR", "1"),
        ] {
            assert_eq!(variables.get(name), Some(&value), "{name}");
        }
        for name in PASSED_ON {
            let expected = env::var(name).ok();
            assert_eq!(variables.get(name).copied(), expected.as_deref(), "{name}");
        }
        // Cargo sets this for every test; like whatever else the caller has, it stays.
        assert!(env::var("CARGO_MANIFEST_DIR").is_ok());
        assert_eq!(variables.get("CARGO_MANIFEST_DIR"), None);
        assert_eq!(variables.get("COLUMNS"), None);
    }
}

#[tokio::test]
async fn a_programs_own_variables_win() {
    for way in every_way().await {
        let mut script = Script::new("echo $LANG $COLUMNS");
        script.program = script.program.env("LANG", "tlh").env("COLUMNS", "7");
        let run = script.run(&Budget::default(), way).await;
        assert_eq!(run.stdout.text(), "tlh 7\n");
    }
}

#[tokio::test]
async fn a_command_is_looked_up_in_the_programs_own_path() {
    let folder = folder_with("tool", "#!/bin/sh\necho mine\n", "755");
    for way in every_way().await {
        let program = Program::new("tool", "/").env("PATH", folder.path());
        let run = start(&program, way).await.expect("it is found");
        assert_eq!(run.stdout.text(), "mine\n");
    }
}

#[tokio::test]
async fn a_program_gets_three_streams_and_no_terminal() {
    for way in every_way().await {
        let script = "ls /proc/self/fd | wc -l; : < /dev/tty && echo terminal; cat";
        let run = Script::new(script).run(&Budget::default(), way).await;
        // The fourth is the folder that is being listed.
        assert_eq!(run.stdout.text(), "4\n", "{}", run.stderr.text());
    }
}

#[tokio::test]
async fn what_a_program_does_to_its_standard_input_reaches_no_other() {
    let set = "dd iflag=nonblock count=0 2>&-; grep flags /proc/self/fdinfo/0";
    let look = "grep flags /proc/self/fdinfo/0";
    for way in every_way().await {
        let before = Script::new(look).run(&Budget::default(), way).await;
        let other = Script::new(set).run(&Budget::default(), way).await;
        let after = Script::new(look).run(&Budget::default(), way).await;
        assert_ne!(before.stdout.text(), other.stdout.text());
        assert_eq!(before.stdout.text(), after.stdout.text());
    }
}

#[tokio::test]
async fn no_signal_is_ignored_or_blocked_at_the_start() {
    for way in every_way().await {
        let run = Script::new("exec grep -E '^Sig(Blk|Ign)' /proc/self/status")
            .run(&Budget::default(), way)
            .await;
        for line in run.stdout.text().lines() {
            let mask = line.split_whitespace().last();
            assert_eq!(mask, Some("0000000000000000"), "{line}");
        }
        assert_eq!(run.ended, Ended::Code(0));
    }
}
