//! What becomes of programs of every kind, with isolation and without.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::{fs, thread, time::Duration};

use common::{Script, every_way, millis};
use runner::{Budget, Ended, Run};

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

/// Which of the three things that can go wrong went wrong.
fn wrong(run: &Run) -> Vec<&'static str> {
    [
        (run.timed_out, "timed out"),
        (run.too_much_output, "too much output"),
        (run.leaked, "leaked"),
    ]
    .into_iter()
    .filter_map(|(is_so, name)| is_so.then_some(name))
    .collect()
}

#[tokio::test]
async fn how_a_program_ends_is_told() {
    let cases = [
        ("true", Ended::Code(0)),
        ("exit 7", Ended::Code(7)),
        ("exit 255", Ended::Code(255)),
        ("kill -ABRT $$", Ended::Signal(SIGABRT)),
        ("kill -TERM $$", Ended::Signal(SIGTERM)),
        ("kill -KILL $$", Ended::Signal(SIGKILL)),
        ("exec >&- 2>&- <&-; exit 3", Ended::Code(3)),
    ];
    for way in every_way().await {
        for (script, ended) in cases {
            let run = Script::new(script).run(&Budget::default(), way).await;
            assert_eq!(run.ended, ended, "{script} {way:?}");
            assert_eq!(wrong(&run), [""; 0], "{script} {way:?}");
        }
    }
}

#[tokio::test]
async fn what_a_program_prints_is_kept_as_bytes() {
    let cases: [(&str, &[u8], &[u8]); 6] = [
        ("true", b"", b""),
        ("echo out; echo err >&2", b"out\n", b"err\n"),
        ("printf 'no ending'", b"no ending", b""),
        (r"printf 'a\000b\377\376\n'", b"a\0b\xff\xfe\n", b""),
        (r"printf '\033[31mred' >&2", b"", b"\x1b[31mred"),
        ("cat; echo over", b"over\n", b""),
    ];
    for way in every_way().await {
        for (script, stdout, stderr) in cases {
            let run = Script::new(script).run(&Budget::default(), way).await;
            assert_eq!(run.stdout.bytes(), stdout, "{script} {way:?}");
            assert_eq!(run.stderr.bytes(), stderr, "{script} {way:?}");
            assert!(run.stdout.is_whole() && run.stderr.is_whole());
        }
    }
}

#[tokio::test]
async fn two_streams_that_are_both_full_do_not_block_each_other() {
    let script = "head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero";
    for way in every_way().await {
        let run = Script::new(script).run(&Budget::default(), way).await;
        let lengths = [run.stdout.head.len(), run.stderr.head.len()];
        assert_eq!(lengths, [1_000_000; 2]);
        assert_eq!(wrong(&run), [""; 0]);
    }
}

#[tokio::test]
async fn a_program_that_sleeps_too_long_is_ended() {
    for way in every_way().await {
        let run = Script::new("echo early; exec sleep 100")
            .run(&millis(1000), way)
            .await;
        assert_eq!(run.ended, Ended::Signal(SIGTERM));
        assert_eq!(run.stdout.text(), "early\n");
        assert_eq!(wrong(&run), ["timed out"]);
    }
}

#[tokio::test]
async fn a_program_that_handles_sigterm_ends_by_its_own_code() {
    let script = "trap 'echo bye; exit 3' TERM; while :; do sleep 0.01; done";
    for way in every_way().await {
        let run = Script::new(script).run(&millis(1000), way).await;
        assert_eq!(run.ended, Ended::Code(3));
        assert_eq!(run.stdout.text(), "bye\n");
        assert_eq!(wrong(&run), ["timed out"]);
    }
}

#[tokio::test]
async fn a_program_that_is_deaf_to_sigterm_is_killed() {
    let script = "trap '' TERM; while :; do sleep 1; done";
    let budget = Budget {
        grace: Duration::from_millis(100),
        ..millis(1000)
    };
    for way in every_way().await {
        let run = Script::new(script).run(&budget, way).await;
        assert_eq!(run.ended, Ended::Signal(SIGKILL));
        assert_eq!(wrong(&run), ["timed out"]);
    }
}

#[tokio::test]
async fn a_program_that_was_stopped_is_killed() {
    for way in every_way().await {
        let run = Script::new("kill -STOP $$").run(&millis(1000), way).await;
        assert_eq!(run.ended, Ended::Signal(SIGKILL));
        assert_eq!(wrong(&run), ["timed out"]);
    }
}

#[tokio::test]
async fn of_too_much_output_head_and_tail_are_kept() {
    let budget = Budget {
        output: 1000,
        ..Budget::default()
    };
    let script = "trap '' TERM; echo begin; head -c 500000 /dev/zero; echo end";
    for way in every_way().await {
        let run = Script::new(script).run(&budget, way).await;
        assert_eq!(wrong(&run), ["too much output"]);
        let stdout = &run.stdout;
        assert!(stdout.head.starts_with(b"begin\n") && stdout.tail.ends_with(b"end\n"));
        assert_eq!((stdout.head.len(), stdout.tail.len()), (1000, 65536));
        assert_eq!(stdout.dropped, 500_010 - 1000 - 65536);
    }
}

#[tokio::test]
async fn both_streams_share_one_budget() {
    let budget = Budget {
        output: 1000,
        ..Budget::default()
    };
    let cases = [
        ("head -c 500 /dev/zero; head -c 500 /dev/zero >&2", false),
        ("head -c 500 /dev/zero; head -c 501 /dev/zero >&2", true),
    ];
    for way in every_way().await {
        for (script, too_much) in cases {
            let run = Script::new(script).run(&budget, way).await;
            assert_eq!(run.too_much_output, too_much, "{script}");
        }
    }
}

#[tokio::test]
async fn endless_output_ends() {
    let cases = [
        "yes",
        "exec yes >&2",
        "exec cat /dev/zero",
        "head -c 100000000 /dev/zero >&2",
        "trap '' TERM; while :; do echo more; done",
    ];
    let budget = Budget {
        output: 1 << 20,
        grace: Duration::from_millis(100),
        ..Budget::default()
    };
    for way in every_way().await {
        for script in cases {
            let run = Script::new(script).run(&budget, way).await;
            assert!(run.too_much_output, "{script} {way:?}");
            assert!(!run.timed_out && !run.leaked, "{script} {way:?}");
            let kept = run.stdout.bytes().len() + run.stderr.bytes().len();
            assert!((1 << 20..2 << 20).contains(&kept), "{script} kept {kept}");
        }
    }
}

#[tokio::test]
async fn many_programs_run_side_by_side() {
    for way in every_way().await {
        let runs = (0..40).map(|n| {
            tokio::spawn(async move {
                let script = Script::new(&format!("echo {n}; exit {n}"));
                script.run(&Budget::default(), way).await
            })
        });
        for (n, run) in runs.collect::<Vec<_>>().into_iter().enumerate() {
            let run = run.await.expect("no panic");
            assert_eq!(run.stdout.text(), format!("{n}\n"));
            assert_eq!(Ok(run.ended), i32::try_from(n).map(Ended::Code));
            assert_eq!(wrong(&run), [""; 0]);
        }
    }
}

#[tokio::test]
async fn what_happened_in_time_counts_though_it_is_seen_late() {
    let wait = "until [ -e $GO ]; do sleep 0.01; done";
    let cases = [
        format!("{wait}; echo out"),
        format!("({wait}; echo out) & {wait}"),
    ];
    for way in every_way().await {
        for script in &cases {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let go = folder.path().join("go");
            let mut script = Script::new(script);
            script.program = script.program.env("GO", &go);
            let budget = millis(1000);
            // Once the program runs it may end, but nobody looks until all deadlines are
            // long over.
            let busy = async {
                while script.left().is_empty() {
                    tokio::task::yield_now().await;
                }
                fs::write(&go, "").expect("a file");
                while !script.left().is_empty() {
                    thread::yield_now();
                }
                thread::sleep(budget.time);
            };
            let (run, ()) = tokio::join!(script.run(&budget, way), busy);
            assert_eq!(wrong(&run), [""; 0], "{way:?}");
            assert_eq!(run.ended, Ended::Code(0));
            assert_eq!(run.stdout.text(), "out\n");
        }
    }
}
