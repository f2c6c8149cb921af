//! A program that is isolated has a network of its own, and keeps everything else.
//!
//! Where this machine cannot isolate, these tests say so, and pass.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::{
    env,
    net::{TcpListener, TcpStream},
};

use common::{Script, every_way, isolated, millis};
use runner::{Budget, Ended, Isolation, Program};

/// The variable that gives a test a part to play, as a program of its own.
const PART: &str = "PART_OF_THIS_TEST";

/// The test of this name as a program that plays a part.
fn actor(test: &str, part: &str) -> Program {
    let this = env::current_exe().expect("a test has a file");
    Program::new(this, "/")
        .arg("--exact")
        .arg(test)
        .arg("--nocapture")
        .env(PART, part)
}

#[tokio::test]
async fn fixed_ports_of_isolated_programs_do_not_collide() {
    if env::var(PART).is_ok() {
        let listener = TcpListener::bind("127.0.0.1:7007").expect("nobody else has the port");
        println!("listening");
        // It keeps the port until it is ended.
        while listener.accept().is_ok() {}
        return;
    }
    let Some(way) = isolated().await else { return };
    let program = actor("fixed_ports_of_isolated_programs_do_not_collide", "server");
    let budget = millis(2000);
    let both = tokio::join!(
        runner::run(&program, &budget, way),
        runner::run(&program, &budget, way)
    );
    for run in [both.0, both.1] {
        let run = run.expect("a test starts itself");
        assert!(run.stdout.text().contains("listening"), "{run:?}");
        assert!(run.timed_out);
    }
}

#[tokio::test]
async fn an_isolated_program_has_a_loopback_that_works() {
    if env::var(PART).is_ok() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        TcpStream::connect(address).expect("it listens");
        return;
    }
    for way in every_way().await {
        let program = actor("an_isolated_program_has_a_loopback_that_works", "both");
        let run = runner::run(&program, &Budget::default(), way).await;
        let run = run.expect("a test starts itself");
        assert_eq!(run.ended, Ended::Code(0), "{}", run.stdout.text());
    }
}

#[tokio::test]
async fn only_an_isolated_program_cannot_reach_the_loopback_outside() {
    if let Ok(address) = env::var(PART) {
        match TcpStream::connect(address) {
            Ok(_) => println!("reached"),
            Err(error) => println!("{}", error.kind()),
        }
        return;
    }
    let outside = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = outside.local_addr().expect("it is bound").to_string();
    for way in every_way().await {
        let program = actor(
            "only_an_isolated_program_cannot_reach_the_loopback_outside",
            &address,
        );
        let run = runner::run(&program, &Budget::default(), way).await;
        let run = run.expect("a test starts itself");
        let expected = match way {
            Isolation::Off => "reached",
            Isolation::On(_) => "connection refused",
        };
        assert!(run.stdout.text().contains(expected), "{way:?} {run:?}");
    }
}

#[tokio::test]
async fn an_isolated_program_sees_no_other_interface() {
    let Some(way) = isolated().await else { return };
    let run = Script::new("tail -n +3 /proc/self/net/dev")
        .run(&Budget::default(), way)
        .await;
    let text = run.stdout.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.trim_start().starts_with("lo:"), "{text}");
}

#[tokio::test]
async fn a_program_runs_as_the_same_user_in_every_way() {
    let mut outputs = Vec::new();
    for way in every_way().await {
        let run = Script::new("id -u; id -g; pwd; umask; echo $0; ulimit -n")
            .run(&Budget::default(), way)
            .await;
        outputs.push(run.stdout);
    }
    assert!(
        outputs.iter().all(|output| *output == outputs[0]),
        "{outputs:?}"
    );
}

#[tokio::test]
async fn an_isolated_program_cannot_signal_anybody_outside() {
    let Some(way) = isolated().await else { return };
    let caller = std::process::id();
    // To itself it is a process of a small number, and its caller has none.
    let script = format!("kill -0 {caller} 2>/dev/null || echo nobody; kill -KILL 1; echo $PPID");
    let run = Script::new(&script).run(&Budget::default(), way).await;
    assert_eq!(run.stdout.text(), "nobody\n1\n");
}

#[tokio::test]
async fn whoever_asks_at_once_whether_this_machine_can_isolate_gets_one_answer() {
    let answers = tokio::join!(Isolation::detect(), Isolation::detect());
    let [one, other] = [answers.0, answers.1].map(|answer| answer.map_err(|error| error.reason));
    assert_eq!(one.is_ok(), other.is_ok());
    if let Err(reason) = one {
        assert!(!reason.is_empty());
    }
}
