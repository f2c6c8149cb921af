//! A live program: its lines as they come, signals, waiting, ending.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use common::{Script, millis};
use runner::{Budget, Ended, Live, Signal, SignalError};

async fn start(script: &Script, budget: &Budget) -> Live {
    let live = Live::start(&script.program, budget).await;
    live.expect("a shell starts")
}

async fn lines(live: &mut Live) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(line) = live.stdout.next().await {
        lines.push(String::from_utf8_lossy(&line).into_owned());
    }
    lines
}

#[tokio::test]
async fn lines_are_read_while_the_program_runs() {
    let script = Script::new(
        "trap 'echo bye; exit 4' TERM; echo ready; echo problem >&2; while :; do sleep 0.01; done",
    );
    let mut live = start(&script, &Budget::default()).await;
    assert_eq!(live.stdout.next().await.as_deref(), Some(&b"ready\n"[..]));
    assert_eq!(live.stderr.next().await.as_deref(), Some(&b"problem\n"[..]));
    assert_eq!(live.signal(Signal::Terminate), Ok(()));
    assert_eq!(live.stdout.next().await.as_deref(), Some(&b"bye\n"[..]));
    assert_eq!(live.wait().await, Ended::Code(4));
    assert_eq!(live.stdout.next().await, None);
    let run = live.end().await;
    assert_eq!(run.ended, Ended::Code(4));
    assert_eq!(run.stdout.text(), "ready\nbye\n");
    assert!(!run.leaked && !run.timed_out);
    assert!(script.left().is_empty());
}

#[tokio::test]
async fn each_line_keeps_its_ending() {
    let cases: [(&str, &[&str]); 5] = [
        ("true", &[]),
        (r"printf 'a\nb\n'", &["a\n", "b\n"]),
        (r"printf 'a\r\n\nb'", &["a\r\n", "\n", "b"]),
        (r"printf 'a'; sleep 0.02; printf 'b\nc'", &["ab\n", "c"]),
        (r"printf '\377\n'", &["\u{fffd}\n"]),
    ];
    for (text, expected) in cases {
        let script = Script::new(text);
        let mut live = start(&script, &Budget::default()).await;
        assert_eq!(lines(&mut live).await, expected, "{text}");
        live.end().await;
    }
}

#[tokio::test]
async fn a_signal_ends_the_program_that_does_not_handle_it() {
    for (signal, number) in [
        (Signal::Terminate, 15),
        (Signal::Interrupt, 2),
        (Signal::Kill, 9),
    ] {
        let script = Script::new("echo ready; exec sleep 100");
        let mut live = start(&script, &Budget::default()).await;
        live.stdout.next().await;
        assert_eq!(live.signal(signal), Ok(()));
        assert_eq!(live.wait().await, Ended::Signal(number));
        assert_eq!(live.wait().await, Ended::Signal(number));
        assert_eq!(live.signal(signal), Err(SignalError::Ended));
        assert!(!live.end().await.leaked);
    }
}

#[tokio::test]
async fn a_signal_goes_to_the_program_alone() {
    // The child would die of the signal, and the shell says whether it did.
    let script = Script::new(
        "sleep 100 & trap 'kill -0 $! && echo alive; kill $!; exit' TERM; echo ready; while :; do sleep 0.01; done",
    );
    let mut live = start(&script, &Budget::default()).await;
    live.stdout.next().await;
    assert_eq!(live.signal(Signal::Terminate), Ok(()));
    assert_eq!(lines(&mut live).await, ["alive\n"]);
    live.end().await;
}

#[tokio::test]
async fn ending_a_program_ends_what_it_started() {
    let script = Script::new("setsid sleep 100 & echo ready; exec sleep 100");
    let mut live = start(&script, &Budget::default()).await;
    live.stdout.next().await;
    let run = live.end().await;
    assert_eq!(run.ended, Ended::Signal(9));
    // It did not end of itself: nobody can say that it left something.
    assert!(!run.leaked && !run.timed_out);
    assert_eq!(run.stdout.text(), "ready\n");
    assert!(script.left().is_empty());
}

#[tokio::test]
async fn what_a_live_program_leaves_is_a_leak() {
    let script = Script::new("setsid sleep 100 & echo ready");
    let mut live = start(&script, &Budget::default()).await;
    assert_eq!(live.wait().await, Ended::Code(0));
    assert!(live.end().await.leaked);
    assert!(script.left().is_empty());
}

#[tokio::test]
async fn the_budget_holds_while_nobody_looks() {
    let script = Script::new("echo ready; exec sleep 100");
    let mut live = start(&script, &millis(1000)).await;
    assert_eq!(lines(&mut live).await, ["ready\n"]);
    assert_eq!(live.wait().await, Ended::Signal(15));
    assert!(live.end().await.timed_out);

    let budget = Budget {
        output: 1000,
        ..Budget::default()
    };
    let mut live = start(&Script::new("exec yes"), &budget).await;
    assert_eq!(lines(&mut live).await.concat().len(), 1000);
    assert!(live.end().await.too_much_output);
}

#[tokio::test]
async fn what_came_so_far_can_be_seen_at_any_time() {
    let script = Script::new("echo one; echo two; exec sleep 100");
    let mut live = start(&script, &Budget::default()).await;
    live.stdout.next().await;
    live.stdout.next().await;
    assert_eq!(live.stdout.so_far().text(), "one\ntwo\n");
    live.end().await;
}

#[tokio::test]
async fn lines_that_were_taken_out_can_be_read_after_the_end() {
    let script = Script::new("echo one; echo two");
    let mut live = start(&script, &Budget::default()).await;
    let mut stdout = std::mem::take(&mut live.stdout);
    assert_eq!(live.stdout.next().await, None);
    live.wait().await;
    live.end().await;
    assert_eq!(stdout.next().await.as_deref(), Some(&b"one\n"[..]));
    assert_eq!(stdout.next().await.as_deref(), Some(&b"two\n"[..]));
    assert_eq!(stdout.next().await, None);
}
