//! Judging candidates: what is met, what is not, and how that is told.

#![cfg(unix)]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use harness::judge::{
    Bytes, Challenge, Command, Ended, HangUp, Limits, NotMet, Outcome, Signal, Trial, Verdict,
    Wrong, judge, side_by_side,
};
use tokio::sync::watch;

/// Judges a shell script; the contract's arguments are `$1` and so on.
async fn judge_script(script: &str, challenge: &Challenge) -> Vec<Outcome> {
    judge_command("sh", &["-c", script, "sh"], challenge, Limits::default()).await
}

/// The same, where nothing will happen: with little patience.
async fn judge_silent_script(script: &str, challenge: &Challenge) -> Vec<Outcome> {
    let limits = Limits {
        silence: Duration::from_millis(500),
        ..Limits::default()
    };
    judge_command("sh", &["-c", script, "sh"], challenge, limits).await
}

async fn judge_command(
    executable: &str,
    args: &[&str],
    challenge: &Challenge,
    limits: Limits,
) -> Vec<Outcome> {
    let command = Command {
        executable: executable.into(),
        args: args.iter().map(Into::into).collect(),
        dir: ".".into(),
    };
    let mut outcomes = Vec::new();
    judge(
        challenge,
        |_| true,
        &command,
        limits,
        |outcome| outcomes.push(outcome),
    )
    .await;
    outcomes.sort_by_key(|outcome| outcome.requirement);
    outcomes
}

/// What the candidate did wrong. Where the machine was too busy to tell, it is what it
/// looked like: what a verdict is called then has a test of its own.
#[track_caller]
#[expect(clippy::panic, reason = "a test fails by panicking")]
fn wrong(outcomes: &[Outcome]) -> String {
    match &outcomes[0].verdict {
        Err(NotMet::Wrong(wrong) | NotMet::Unclear { seems: wrong, .. }) => wrong.to_string(),
        _ => panic!("{outcomes:?}"),
    }
}

/// A report without what differs from run to run: times and ports, and whether the machine
/// was too busy to tell.
fn canonical(report: &str) -> String {
    let report = match report.split_once("What it looked like:\n\n") {
        Some((_, looks)) => looks,
        None => report,
    };
    let lines = report.lines().map(|line| {
        let is_time = |time: &str| time.trim_start().parse::<f64>().is_ok();
        let line = match line.split_once(" s  ") {
            Some((time, rest)) if is_time(time) => format!("  <time>  {rest}"),
            _ => line.to_owned(),
        };
        let words = line
            .split(' ')
            .map(|word| match word.strip_prefix("127.0.0.1:") {
                Some(_) => "127.0.0.1:<port>",
                None => word,
            });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn greeting() -> Challenge {
    async fn greets(trial: Trial) -> Verdict {
        let mut candidate = trial.start(["world"]).await?;
        candidate.prints("hello world").await?;
        candidate.ends_with(0).await
    }
    Challenge::new("greet", "`greet NAME` says hello to NAME").requires(
        "it greets by name",
        "a greeting for nobody is none",
        greets,
    )
}

fn only(
    challenge: fn(Trial) -> std::pin::Pin<Box<dyn Future<Output = Verdict> + Send>>,
) -> Challenge {
    Challenge::new("it", "does something").requires("it does", "it should", challenge)
}

#[tokio::test]
async fn what_is_met_has_no_report() {
    let outcomes = judge_script("echo hello $1", &greeting()).await;
    assert_eq!(outcomes.len(), 1);
    assert_eq!(outcomes[0].verdict, Ok(()));
    assert_eq!(outcomes[0].report, "");
}

#[tokio::test]
async fn what_is_not_met_is_told_with_the_whole_conversation() {
    // It goes on, so that its end does not race with what it printed.
    let outcomes = judge_script("echo hello you; exec sleep 600", &greeting()).await;
    insta::assert_snapshot!("another_line", canonical(&outcomes[0].report));
}

#[tokio::test]
async fn what_a_candidate_was_told_is_shown_with_what_it_made_of_it() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut it = trial.start([""; 0]).await?;
            server.accepts().await?.says("one\n").await?;
            ann.hears("one\n").await?;
            it.prints("one").await?;
            Ok(())
        })
    });
    let outcomes = judge_script("echo two; exec sleep 600", &challenge).await;
    let report = &outcomes[0].report;
    assert!(report.contains(r#"server  says "one\n""#), "{report}");
}

#[tokio::test]
async fn of_several_candidates_only_the_one_that_is_wrong_is_shown() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut first = trial.start_as("first", ["one"]).await?;
            let mut second = trial.start_as("second", ["two"]).await?;
            first.prints("one").await?;
            second.prints("one").await?;
            Ok(())
        })
    });
    let outcomes = judge_script("echo $1; exec sleep 600", &challenge).await;
    let report = &outcomes[0].report;
    assert!(report.contains(r#"second  prints "two""#), "{report}");
    assert!(!report.contains("first"), "{report}");
}

#[tokio::test]
async fn a_candidate_that_keeps_silent_is_given_up() {
    let outcomes = judge_silent_script("exec sleep 600", &greeting()).await;
    insta::assert_snapshot!("silent", canonical(&outcomes[0].report));
}

#[tokio::test]
async fn a_candidate_that_ends_too_early_is_told_with_its_complaint() {
    let outcomes = judge_script("echo 'out of memory' >&2; exit 7", &greeting()).await;
    let wrong = wrong(&outcomes);
    insta::assert_snapshot!(wrong, @r#"
    greet ended instead of printing its next line.
    expected  a line "hello world"
    came      exit code 7, with "out of memory" on standard error
    "#);
}

#[tokio::test]
async fn a_program_that_is_not_there_is_no_verdict() {
    let outcomes = judge_command("./no-such-program", &[], &greeting(), Limits::default()).await;
    let Err(NotMet::Trouble(why)) = &outcomes[0].verdict else {
        panic!("{outcomes:?}")
    };
    assert!(why.contains("no-such-program"), "{why}");
}

#[tokio::test]
async fn nothing_that_a_candidate_started_outlives_its_trial() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut candidate = trial.start([""; 0]).await?;
            let child = candidate.line("a process id").await?.text;
            Err(Wrong::new(child).into())
        })
    });
    let outcomes = judge_script("sleep 600 & echo $!; wait", &challenge).await;
    let wrong = wrong(&outcomes);
    let child = wrong.trim_end_matches('.');
    let alive = std::process::Command::new("kill")
        .args(["-0", child])
        .output()
        .unwrap();
    assert!(!alive.status.success(), "process {child} is still there");
}

#[tokio::test]
async fn a_signal_reaches_the_candidate() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut candidate = trial.start([""; 0]).await?;
            candidate.prints("ready").await?;
            candidate.signal(Signal::Terminate);
            candidate.prints("goodbye").await?;
            let ended = candidate.ends().await?;
            if ended == Ended::Code(5) {
                return Ok(());
            }
            Err(Wrong::new("it ended otherwise").came(ended).into())
        })
    });
    let script = "trap 'echo goodbye; exit 5' TERM; echo ready; while :; do sleep 0.01; done";
    let outcomes = judge_script(script, &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn a_peer_that_hears_something_else_shows_the_line_that_differs() {
    let challenge = only(|trial| {
        Box::pin(async move {
            // The judge is on both ends here: the candidate does not matter.
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut connection = server.accepts().await?;
            connection.says("one\ntwo\ncaf\u{e9} \n").await?;
            ann.hears("one\ntwo\nthree\n").await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    insta::assert_snapshot!("heard_otherwise", canonical(&outcomes[0].report));
}

#[tokio::test]
async fn a_reset_is_no_end() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut bob = trial.connects("bob", server.addr()).await?;
            server.accepts().await?.resets()?;
            server.accepts().await?.closes();
            let (_, hang_up) = ann.hears_out(0).await?;
            assert_eq!(hang_up, Some(HangUp::Reset));
            let (_, hang_up) = bob.hears_out(0).await?;
            assert_eq!(hang_up, Some(HangUp::End));
            bob.hears_the_end().await?;
            ann.hears_the_end().await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    // After a reset Linux reports an end as well; the requirement saw the reset first.
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn nobody_waits_for_the_connection_of_a_candidate_that_has_ended() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            trial.start([""; 0]).await?;
            server.accepts().await.map(drop)
        })
    });
    // With patience for all of the trial, so that it is not for want of patience.
    let patient = Limits {
        silence: Limits::default().time,
        ..Limits::default()
    };
    let outcomes = judge_command("sh", &["-c", "exit 3"], &challenge, patient).await;
    assert_eq!(
        wrong(&outcomes),
        "nobody connected to the server: it has ended."
    );
    assert!(outcomes[0].report.contains("ends: exit code 3"));
}

#[tokio::test]
async fn a_connection_outlives_the_candidate_that_made_it() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            trial.start([""; 0]).await?.ends_with(0).await?;
            server.accepts().await?.says("one\n").await?;
            ann.hears("one\n").await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn who_prints_without_end_is_ended() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut it = trial.start([""; 0]).await?;
            it.ends().await?;
            Err(Wrong::new("it ended").into())
        })
    });
    // Empty lines, of which there are the most.
    let outcomes = judge_script("exec yes ''", &challenge).await;
    let report = &outcomes[0].report;
    assert!(report.contains("it printed too much"), "{report}");
}

#[tokio::test]
async fn pieces_come_one_by_one() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut connection = server.accepts().await?;
            let listening = async {
                for piece in ["a", "b", "c"] {
                    connection.peeks(1).await?;
                    // Had two come at once, this would leave one unread.
                    connection.hears(piece).await?;
                }
                Ok(())
            };
            let (said, heard) = tokio::join!(ann.says_in_pieces(["a", "b", "c"]), listening);
            said.and(heard)
        })
    });
    let outcomes = judge_script("", &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn the_judge_goes_nowhere_but_to_loopback() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let elsewhere = ([192, 0, 2, 1], 7).into();
            trial.connects("ann", elsewhere).await.map(drop)
        })
    });
    let outcomes = judge_script("", &challenge).await;
    let wrong = wrong(&outcomes);
    insta::assert_snapshot!(wrong, @"192.0.2.1:7 is not on 127.0.0.1, and the judge goes nowhere else.");
}

#[tokio::test]
async fn who_is_dismissed_hears_nothing_behind_the_last_word() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut connection = server.accepts().await?;
            connection.says("goodbye\n").await?;
            connection.closes();
            ann.is_dismissed_with("goodbye\n").await?;

            let mut bob = trial.connects("bob", server.addr()).await?;
            let mut connection = server.accepts().await?;
            connection.says("goodbye\n").await?;
            connection.resets()?;
            bob.is_dismissed_with("goodbye\n").await?;

            let mut cem = trial.connects("cem", server.addr()).await?;
            let mut connection = server.accepts().await?;
            connection.says("goodbye\nand another thing\n").await?;
            connection.closes();
            cem.is_dismissed_with("goodbye\n").await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    let wrong = wrong(&outcomes);
    insta::assert_snapshot!(wrong, @r#"
    cem was sent something behind its last line.
    expected  the end, or a reset
    came      "and another thing\n"
    "#);
}

#[tokio::test]
async fn who_is_told_goodbye_and_not_hung_up_on_is_not_dismissed() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut connection = server.accepts().await?;
            connection.says("goodbye\n").await?;
            ann.is_dismissed_with("goodbye\n").await
        })
    });
    let outcomes = judge_silent_script("", &challenge).await;
    let wrong = wrong(&outcomes);
    insta::assert_snapshot!(wrong, @"
    nobody hung up on ann: nothing happened for 0.5 s.
    expected  the end, or a reset
    ");
}

#[tokio::test]
async fn a_server_that_listens_on_one_address_listens_nowhere_else() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let server = trial.server("server")?;
            trial.listens_nowhere_else(server.addr()).await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_server_that_listens_on_every_address_is_found_out() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let listener = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let told = ([127, 0, 0, 1], port).into();
            trial.listens_nowhere_else(told).await
        })
    });
    let outcomes = judge_script("", &challenge).await;
    let wrong = wrong(&outcomes);
    assert!(wrong.contains("listens on 127.0.0.2:"), "{wrong}");
}

/// A server that is told to listen at a free address.
fn listening() -> Challenge {
    only(|trial| {
        Box::pin(async move {
            let addr = trial.free_addr()?;
            let mut server = trial.start([addr.to_string()]).await?;
            server.announces_at(addr).await
        })
    })
}

#[tokio::test]
async fn a_server_has_to_announce_the_address_that_it_was_told() {
    let outcomes = judge_script(r#"echo "Listening on $1""#, &listening()).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);

    let outcomes = judge_script("echo Listening on 127.0.0.1:7", &listening()).await;
    let wrong = wrong(&outcomes);
    assert!(wrong.contains("another line than it should"), "{wrong}");
    let outcomes = judge_script("exit 1", &listening()).await;
    assert!(matches!(
        outcomes[0].verdict,
        Err(NotMet::Wrong(_) | NotMet::Unclear { .. })
    ));
}

#[tokio::test]
async fn a_server_whose_address_was_taken_meanwhile_is_not_wrong() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let addr = trial.free_addr()?;
            let _somebody = std::net::TcpListener::bind(addr).unwrap();
            let mut server = trial.start([addr.to_string()]).await?;
            server.announces_at(addr).await
        })
    });
    let outcomes = judge_script("exit 1", &challenge).await;
    let Err(NotMet::Trouble(trouble)) = &outcomes[0].verdict else {
        panic!("{outcomes:?}")
    };
    assert!(trouble.contains("somebody else"), "{trouble}");
}

/// Makes the judge late, which has but this one thread: that it is blocked is what these
/// tests are about. Once it has slept a little it has seen so itself.
async fn keep_the_judge_from_its_turn() {
    std::thread::sleep(Duration::from_millis(700));
    tokio::time::sleep(Duration::from_millis(1)).await;
}

#[tokio::test]
async fn what_looks_wrong_to_a_judge_that_was_late_is_no_verdict() {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    let challenge = only(|_trial| {
        Box::pin(async move {
            TRIED.fetch_add(1, Ordering::Relaxed);
            keep_the_judge_from_its_turn().await;
            Err(Wrong::new("it came too late").into())
        })
    });
    let outcomes = judge_script("", &challenge).await;
    let Err(NotMet::Unclear { stall, .. }) = &outcomes[0].verdict else {
        panic!("{outcomes:?}")
    };
    assert!(*stall >= Duration::from_millis(500), "{stall:?}");
    let report = &outcomes[0].report;
    assert!(report.contains("it came too late"), "{report}");
    assert_eq!(TRIED.load(Ordering::Relaxed), 1, "it was tried again");
}

#[tokio::test]
async fn what_is_wrong_at_any_time_is_wrong_however_late_the_judge_is() {
    let challenge = only(|_trial| {
        Box::pin(async move {
            keep_the_judge_from_its_turn().await;
            Err(Wrong::new("it is wrong").whatever_the_time().into())
        })
    });
    let outcomes = judge_script("", &challenge).await;
    let Err(NotMet::Wrong(wrong)) = &outcomes[0].verdict else {
        panic!("{outcomes:?}")
    };
    assert_eq!(wrong.to_string(), "it is wrong.");
}

#[tokio::test]
async fn what_is_right_is_right_however_late_the_judge_is() {
    let challenge = only(|_trial| {
        Box::pin(async move {
            keep_the_judge_from_its_turn().await;
            Ok(())
        })
    });
    let outcomes = judge_script("", &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn who_leaves_its_input_unread_for_a_while_is_not_wrong() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut server = trial.server("server")?;
            let mut ann = trial.connects("ann", server.addr()).await?;
            let mut connection = server.accepts().await?;
            ann.says_in_pieces(["one ", "whole ", "line\n"]).await?;
            connection.hears("one whole line\n").await?;
            if ann.is_read().await {
                return Ok(());
            }
            Err(Wrong::new("what was read does not count as read").into())
        })
    });
    let outcomes = judge_script("", &challenge).await;
    assert_eq!(outcomes[0].verdict, Ok(()), "{}", outcomes[0].report);
}

#[tokio::test]
async fn a_line_is_seen_as_it_was_printed_and_read_without_its_ending() {
    let challenge = only(|trial| {
        Box::pin(async move {
            let mut candidate = trial.start([""; 0]).await?;
            let line = candidate.line("anything").await?;
            assert_eq!(line.bytes, b"caf\xe9\r");
            assert_eq!(line.text, "caf\u{fffd}");
            candidate.prints_bytes(b"").await?;
            candidate.prints_bytes(b"\xff").await.map(drop)
        })
    });
    let outcomes = judge_script(r"printf 'caf\351\r\n\n\376\n'; exec sleep 600", &challenge).await;
    let wrong = wrong(&outcomes);
    insta::assert_snapshot!(wrong, @r#"
    it printed another line than it should.
    expected  a line "�" (hex ff)
    came      "�" (hex fe)
    "#);
}

#[tokio::test]
async fn a_requirement_that_panics_is_trouble_of_the_judge() {
    let challenge = only(|_trial| Box::pin(async move { panic!("an oversight") }));
    let outcomes = judge_script("", &challenge).await;
    let Err(NotMet::Trouble(why)) = &outcomes[0].verdict else {
        panic!("{outcomes:?}")
    };
    assert!(why.contains("an oversight"), "{why}");
}

#[tokio::test]
async fn side_by_side_keeps_the_order_and_ends_with_the_first_failure() {
    async fn end_after_the_next(nth: usize, ended: watch::Sender<usize>) -> Verdict<usize> {
        let mut last = ended.subscribe();
        last.wait_for(|&last| last == nth + 1).await.unwrap();
        ended.send_replace(nth);
        Ok(nth)
    }
    async fn fail_or_hang(fails: bool) -> Verdict {
        if fails {
            return Err(Wrong::new("no").into());
        }
        std::future::pending().await
    }
    let (ended, _) = watch::channel(3);
    let all = [0, 1, 2].map(|nth| end_after_the_next(nth, ended.clone()));
    assert_eq!(side_by_side(all).await, Ok(vec![0, 1, 2]));

    let failed = side_by_side([false, true, false].map(fail_or_hang)).await;
    assert_eq!(failed, Err(Wrong::new("no").into()));
}

#[test]
fn bytes_are_shown_as_text_where_they_are_text() {
    let long = [b"x".repeat(100), b"y".repeat(100)].concat();
    for (bytes, shown) in [
        (&b""[..], "nothing"),
        (b"welcome\n", r#""welcome\n""#),
        (b"say \"hi\"\\\r\n", r#""say \"hi\"\\\r\n""#),
        ("naïve 日本".as_bytes(), "\"naïve 日本\""),
        (b"\0\x1b[1m\x7f", r#""\u{0}\u{1b}[1m\u{7f}""#),
        (b"caf\xe9\n", "\"caf\u{fffd}\\n\" (hex 63 61 66 e9 0a)"),
        (
            &long,
            &format!(
                "\"{}\" … \"{}\" (200 bytes)",
                "x".repeat(40),
                "y".repeat(40)
            ),
        ),
        // No character is shown in half.
        (
            format!("x{}x", "é".repeat(100)).as_bytes(),
            &format!(
                "\"x{}\" … \"{}x\" (202 bytes)",
                "é".repeat(19),
                "é".repeat(19)
            ),
        ),
    ] {
        assert_eq!(Bytes(bytes).to_string(), shown);
    }
}
