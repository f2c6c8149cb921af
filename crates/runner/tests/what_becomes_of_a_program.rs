//! What becomes of programs of every kind, seen through the public face.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use runner::{Budget, Ended, Isolation, Program, Run};

async fn sh(script: &str) -> Run {
    let program = Program::new("sh", "/").arg("-c").arg(script);
    runner::run(&program, &Budget::default(), Isolation::Off)
        .await
        .expect("sh starts")
}

#[tokio::test]
async fn both_outputs_and_the_exit_code_are_told() {
    let run = sh("echo out; echo err >&2; exit 7").await;
    assert_eq!(run.ended, Ended::Code(7));
    assert_eq!(run.stdout.text(), "out\n");
    assert_eq!(run.stderr.text(), "err\n");
    assert!(!run.leaked && !run.timed_out && !run.too_much_output);
}
