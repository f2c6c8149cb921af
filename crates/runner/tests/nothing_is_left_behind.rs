//! Whatever a program starts, nothing of it is left afterwards.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use common::{Script, every_way, isolated, millis};
use runner::{Budget, Ended, Live};

/// A daemon by the book: two forks, a session of its own, all streams closed.
const DAEMON: &str = "setsid sh -c 'exec <&- >&- 2>&-; sleep 100 & exit' & wait";

#[tokio::test]
async fn what_outlives_its_program_is_a_leak_and_is_ended() {
    let cases = [
        ("holds both pipes", "sleep 100 & echo out"),
        ("lives on silently", "sleep 100 >/dev/null 2>&1 & echo out"),
        ("in a session of its own", "setsid sleep 100 & echo out"),
        (
            "silent in a session of its own",
            "setsid sleep 100 >/dev/null 2>&1 & echo out",
        ),
        (
            "deaf to every signal but one",
            "(trap '' TERM HUP INT; while :; do sleep 1; done) & echo out",
        ),
        (
            "without its environment",
            "env -i sh -c 'sleep 100; :' $TEST_MARK >/dev/null 2>&1 & echo out",
        ),
        (
            "two generations",
            "sh -c 'sh -c \"sleep 100 & sleep 100\" & sleep 100' & echo out",
        ),
        ("a daemon", &format!("{DAEMON}; echo out")),
        (
            "writes on",
            "(while :; do echo more >&2; sleep 0.01; done) & echo out",
        ),
    ];
    for way in every_way().await {
        for (name, script) in cases {
            let run = Script::new(script).run(&Budget::default(), way).await;
            assert!(run.leaked, "{name} {way:?}");
            assert!(!run.timed_out && !run.too_much_output, "{name} {way:?}");
            assert_eq!(run.ended, Ended::Code(0), "{name} {way:?}");
            assert_eq!(run.stdout.text(), "out\n", "{name} {way:?}");
        }
    }
}

#[tokio::test]
async fn what_ends_just_after_its_program_is_no_leak() {
    // The child reads until the last one to write is no more, which is the program.
    let script = "mkfifo $PIPE; while read line; do echo $line; done <$PIPE &
        exec 3>$PIPE; echo late >&3";
    for way in every_way().await {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut script = Script::new(script);
        script.program = script.program.env("PIPE", folder.path().join("pipe"));
        let run = script.run(&Budget::default(), way).await;
        assert!(!run.leaked);
        assert_eq!(run.stdout.text(), "late\n");
    }
}

#[tokio::test]
async fn a_run_that_is_stopped_is_gone_when_it_returns() {
    for way in every_way().await {
        // Deaf, so that nothing but being killed ends it; it waits for the stop itself.
        let script = Script::new("trap '' TERM; setsid sleep 100 & sleep 100");
        let started = async {
            while script.left().len() < 3 {
                tokio::task::yield_now().await;
            }
        };
        let run = runner::run_until(&script.program, &Budget::default(), way, started).await;
        assert_eq!(script.left(), Vec::<String>::new(), "{way:?}");
        let run = run.expect("a shell starts");
        assert_eq!(run.ended.signal_name(), Some("SIGKILL"), "{way:?}");
        assert!(run.stopped && !run.timed_out && !run.leaked, "{way:?}");
    }
}

#[tokio::test]
async fn a_run_that_is_over_was_not_stopped() {
    for way in every_way().await {
        let script = Script::new("echo over");
        let run = script.run(&Budget::default(), way).await;
        assert!(!run.stopped, "{way:?}");
        // Out of time already, and asked to end, when somebody else wants its end, too.
        let folder = tempfile::tempdir().expect("a temporary folder");
        let told = folder.path().join("told");
        let mut deaf = Script::new("trap 'echo >$TOLD' TERM; while :; do sleep 100; done");
        deaf.program = deaf.program.env("TOLD", &told);
        let asked = async {
            while !told.exists() {
                tokio::task::yield_now().await;
            }
        };
        let run = runner::run_until(&deaf.program, &millis(300), way, asked).await;
        let run = run.expect("a shell starts");
        assert!(run.timed_out && !run.stopped, "{way:?}");
    }
}

#[tokio::test]
async fn fifty_sleeping_children_end_with_their_program() {
    let start = "i=0; while [ $i -lt 50 ]; do sleep 100 & i=$((i+1)); done;";
    for way in every_way().await {
        let run = Script::new(&format!("{start} exit 0"))
            .run(&Budget::default(), way)
            .await;
        assert!(run.leaked);
        let run = Script::new(&format!("{start} wait"))
            .run(&millis(500), way)
            .await;
        assert!(run.timed_out && !run.leaked);
    }
}

#[tokio::test]
async fn a_family_that_forks_without_end_is_ended() {
    // Each generation starts the next and dies, so that none is there for long.
    let script = "f() { sleep 0.005; f & }; f";
    for way in every_way().await {
        let run = Script::new(script).run(&Budget::default(), way).await;
        assert!(run.leaked, "{way:?}");
    }
}

/// The system counts a namespace's processes for ordinary users since Linux 5.14.
#[tokio::test]
async fn an_isolated_program_of_an_ordinary_user_cannot_start_processes_without_end() {
    let script = "grep -q 'Max processes *1024' /proc/self/limits || { echo unlimited; exit; }
        i=0; while [ $i -lt 1100 ]; do sleep 100 & i=$((i+1)); done; echo all";
    let Some(way) = isolated().await else { return };
    let run = Script::new(script).run(&Budget::default(), way).await;
    let text = run.stdout.text();
    if text == "unlimited\n" {
        eprintln!("skipped: here processes are not counted by namespace");
        return;
    }
    assert_eq!(text, "", "{}", run.stderr.text());
}

#[tokio::test]
async fn a_daemon_of_a_program_that_times_out_is_ended_as_well() {
    for way in every_way().await {
        let run = Script::new(&format!("{DAEMON}; sleep 100"))
            .run(&millis(300), way)
            .await;
        assert!(run.timed_out);
    }
}

#[tokio::test]
async fn a_program_that_works_against_whoever_started_it_does_not_escape() {
    let cases = [
        "setsid sleep 100 & kill -KILL $PPID; exec sleep 100",
        "setsid sleep 100 & kill -STOP $PPID; exec sleep 100",
        "setsid sleep 100 & kill -STOP $PPID",
    ];
    for way in every_way().await {
        for script in cases {
            // Who is alone with its init cannot touch it; who is not, is found all the same.
            Script::new(script).run(&millis(300), way).await;
        }
    }
}

#[tokio::test]
async fn a_run_that_nobody_waits_for_any_more_is_ended() {
    for way in every_way().await {
        let script = Script::new(&format!("{DAEMON}; sleep 100"));
        {
            let budget = Budget::default();
            let mut run = std::pin::pin!(runner::run(&script.program, &budget, way));
            while script.left().len() < 2 {
                tokio::select! {
                    _ = &mut run => panic!("it sleeps longer than that"),
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        until_nothing_is_left(&script).await;
    }
}

#[tokio::test]
async fn a_live_program_that_is_dropped_is_ended() {
    let script = Script::new(&format!("echo here; {DAEMON}; sleep 100"));
    let mut live = Live::start(&script.program, &Budget::default())
        .await
        .expect("a shell starts");
    assert_eq!(live.stdout.next().await.as_deref(), Some(&b"here\n"[..]));
    drop(live);
    until_nothing_is_left(&script).await;
}

#[test]
fn a_runtime_that_ends_takes_its_programs_with_it() {
    let script = Script::new("echo here; setsid sleep 100 & sleep 100");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let live = runtime.block_on(async {
        let mut live = Live::start(&script.program, &Budget::default())
            .await
            .expect("a shell starts");
        live.stdout.next().await;
        live
    });
    drop(runtime);
    while !script.left().is_empty() {
        std::thread::yield_now();
    }
    drop(live);
}

/// The caller is killed without a chance to clean up; its programs end all the same.
#[test]
fn a_caller_that_is_killed_takes_its_programs_with_it() {
    const ROLE: &str = "ROLE_OF_THIS_TEST";
    if let Ok(script) = std::env::var(ROLE) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(victim(&script));
        return;
    }
    let script = Script::new("setsid sleep 100 & sleep 100");
    let mark = script.program.env.last().expect("a mark").1.clone();
    let mut victim = std::process::Command::new(std::env::current_exe().expect("a test"))
        .args([
            "--exact",
            "a_caller_that_is_killed_takes_its_programs_with_it",
        ])
        .env(ROLE, mark)
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a test starts itself");
    // Two ways at most, two processes and more each.
    while script.left().len() < 2 {
        std::thread::yield_now();
    }
    victim.kill().expect("it can be killed");
    victim.wait().expect("it can be waited for");
    while !script.left().is_empty() {
        std::thread::yield_now();
    }
}

async fn victim(mark: &str) {
    let script = Script::new("setsid sleep 100 & sleep 100");
    let program = script.program.env("TEST_MARK", mark);
    let budget = Budget::default();
    let mut runs = Vec::new();
    for way in every_way().await {
        runs.push((program.clone(), budget.clone(), way));
    }
    let runs = runs.into_iter().map(|(program, budget, way)| {
        tokio::spawn(async move { runner::run(&program, &budget, way).await.map(drop) })
    });
    for run in runs.collect::<Vec<_>>() {
        run.await.expect("no panic").expect("a shell starts");
    }
}

/// Waits for the end of what was told to end and is no longer waited for.
async fn until_nothing_is_left(script: &Script) {
    let nothing = async {
        while !script.left().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(20), nothing).await;
    ended.expect("nothing is left in the end");
}
