//! Whole renderings of reports.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::fmt::Write;

use transcript::{Kinds, Medium, Names, Order, ReportHeader, Transcript};

const HEADER: ReportHeader<'_> = ReportHeader {
    page: "lessons/tcp/lesson.md",
    first_line: 97,
    program: "tcp-basics",
    medium: Medium::Output,
};

fn parse(expected: &str, order: Order) -> Transcript {
    Transcript::parse(expected, order, &Kinds::default()).unwrap()
}

fn told(expected: &str, actual: &[u8], order: Order) -> String {
    let page = parse(expected, order);
    page.compare(actual).report(&HEADER).to_string()
}

fn total(expected: &str, actual: &str) -> String {
    told(expected, actual.as_bytes(), Order::Total)
}

fn speakers(expected: &str, actual: &str) -> String {
    told(expected, actual.as_bytes(), Order::Speakers)
}

const PAGE: &str = "\
=== TCP Server and Client ===

[server] Listening on 127.0.0.1:<port:server>

--- Client connecting ---

[client] Connected to server
[server] Client connected: <addr:client>
[server] Received: Hello, TCP!
[client] Response after <duration 1ms..=50ms>

--- Shutting down ---

[client] Connection closed
[server] Server closed
";

const RUN: &str = "\
=== TCP Server and Client ===

[server] Listening on 127.0.0.1:41255

--- Client connecting ---

[server] Client connected: 127.0.0.1:40122
[client] Connected to server
[server] Received: Hello, TCP!
[client] Response after 12.5ms

--- Shutting down ---

[server] Server closed
[client] Connection closed
";

fn changed(from: &str, to: &str) -> String {
    assert!(RUN.contains(from), "{from}");
    RUN.replacen(from, to, 1)
}

#[test]
fn a_run_that_matches_has_nothing_to_report() {
    assert_eq!(speakers(PAGE, RUN), "");
}

#[test]
fn plain_difference() {
    insta::assert_snapshot!(speakers(
        PAGE,
        &changed("Connected to server", "Connected to the server")
    ));
}

#[test]
fn in_colour() {
    let page = parse(PAGE, Order::Speakers);
    let run = changed("Connected to server", "Connected to the server");
    let report = page.compare(run.as_bytes()).report(&HEADER).ansi();
    insta::assert_snapshot!(report.replace('\u{1b}', "␛"));
}

#[test]
fn inserted_line() {
    insta::assert_snapshot!(total(
        "one\n<number> two\nthree\nfour\nfive\n",
        "zero\none\n2 two\nthree\nfour\nfive\n"
    ));
}

#[test]
fn wrong_order_of_one_speaker() {
    let run = changed("[server] Received: Hello, TCP!\n", "");
    let run = run.replacen(
        "[server] Client",
        "[server] Received: Hello, TCP!\n[server] Client",
        1,
    );
    insta::assert_snapshot!(speakers(PAGE, &run));
}

#[test]
fn line_beyond_a_cue() {
    let run = changed("[client] Response after 12.5ms\n", "");
    let run = run.replacen(
        "--- Shutting down ---\n\n",
        "--- Shutting down ---\n\n[client] Response after 12.5ms\n",
        1,
    );
    insta::assert_snapshot!(speakers(PAGE, &run));
}

#[test]
fn line_out_of_place_in_total_order() {
    insta::assert_snapshot!(total("a\nb\nc\nd\n", "b\nc\nd\na\n"));
}

#[test]
fn surprising_speaker() {
    insta::assert_snapshot!(speakers(
        "[a] one\n[b] two\n",
        "[c] hello\n[b] two\n[a] one\n"
    ));
}

#[test]
fn broken_name() {
    let page = "on <port:server>\nfrom <port:client>\nto <port:server>\nto <port:server>\n";
    insta::assert_snapshot!(total(page, "on 4000\nfrom 50123\nto 4001\nto 4001\n"));
}

#[test]
fn name_broken_between_output_and_wire() {
    let page = parse("on <port:server>\n", Order::Total);
    let wire = parse(
        "[client] SYN from <port:client> to <port:server>\n",
        Order::Speakers,
    );
    let (printed, sent) = (
        page.compare(b"on 4000\n"),
        wire.compare(b"[client] SYN from 5000 to 4001\n"),
    );
    let sent_header = ReportHeader {
        first_line: 140,
        medium: Medium::Wire,
        ..HEADER
    };
    let broken = Names::agree([(HEADER, &printed), (sent_header, &sent)]).unwrap_err();
    let text: String = broken.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(text);
}

#[test]
fn broken_range() {
    insta::assert_snapshot!(speakers(PAGE, &changed("12.5ms", "1.2s")));
}

#[test]
fn each_bound_of_a_range() {
    let page = "<number 30..40> bytes\n<port 1024..> open\nwaited <duration ..=2s>\n";
    insta::assert_snapshot!(total(
        page,
        "40 bytes\n80 open\nwaited 2.0000000000000000001s\n"
    ));
}

#[test]
fn white_space_only() {
    insta::assert_snapshot!(total(
        "  a b\n\tindented\nc d\n",
        "    a b\n        indented\nc\u{a0}d\n"
    ));
}

#[test]
fn missing_tail() {
    insta::assert_snapshot!(total("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\n"));
}

#[test]
fn nothing_printed() {
    insta::assert_snapshot!(total("a\n<port>\n", ""));
}

#[test]
fn very_long_lines() {
    let long = |middle: &str| {
        format!(
            "{}{middle}{}\n",
            "a long line ".repeat(60),
            " goes on and on".repeat(60)
        )
    };
    let expected = format!("{}{}", "context ".repeat(200), "\n") + &long("expected");
    let actual = format!("{}{}", "context ".repeat(200), "\n") + &long("something else");
    insta::assert_snapshot!(total(&expected, &actual));
}

#[test]
fn wide_and_combining_characters() {
    let expected = "名前 サーバー <port> です\ncafe\u{301} <word> done\nend 終わり\n";
    let actual = "名前 サーバー 4000 です\ncafe\u{301} noe\u{308}l done\nend 終了\n";
    insta::assert_snapshot!(total(expected, actual));
}

#[test]
fn control_characters_and_bytes_are_shown_escaped() {
    let actual = b"progress 10%\rprogress 90%\nbell \x07 and \xff\nright \xe2\x80\xae tfel\nzero\xe2\x80\x8bwidth\n";
    insta::assert_snapshot!(told(
        "progress\nbell\nright left\nzerowidth\n",
        actual,
        Order::Total
    ));
}

#[test]
fn escapes_of_the_page_stay_as_written() {
    insta::assert_snapshot!(total(
        "use \\<port> here\na<byte 0d>b\n",
        "use <port> there\na\rc\n"
    ));
}

#[test]
fn elisions_are_one_line() {
    let actual = format!("start\n{}end\nlast\n", "noise\n".repeat(40));
    insta::assert_snapshot!(total("start\n...\nend\nlost\n", &actual));
}

#[test]
fn elided_lines_of_a_speaker() {
    let actual = "[client] 1\n[server] 1\n[client] 2\n[client] done\n[server] dome\n";
    insta::assert_snapshot!(speakers(
        "[client] ...\n[client] done\n[server] ...\n[server] done\n",
        actual
    ));
}

#[test]
fn context_is_cut() {
    let lines = |changed: &[usize]| {
        let line = |nth: usize| {
            if changed.contains(&nth) {
                format!("changed {nth}\n")
            } else {
                format!("line {nth}\n")
            }
        };
        (1..=60).map(line).collect::<String>()
    };
    insta::assert_snapshot!(total(&lines(&[]), &lines(&[10, 13, 40])));
}

#[test]
fn a_report_has_at_most_200_lines() {
    let mut expected = String::new();
    let mut actual = String::new();
    for nth in 0..1000 {
        let _ = writeln!(expected, "expected {nth}");
        let _ = writeln!(actual, "printed by mistake {nth}");
    }
    let report = total(&expected, &actual);
    assert_eq!(report.lines().count(), 200);
    let end: Vec<&str> = report.lines().rev().take(2).collect();
    insta::assert_snapshot!(format!("{}\n{}", end[1], end[0]));
}

#[test]
fn a_difference_that_is_not_the_shortest_is_said_to_be() {
    let expected = (0..5000)
        .map(|nth| format!("left {}\nkept {nth}\n", nth % 7))
        .collect::<Vec<_>>()
        .concat();
    let actual = (0..5000)
        .map(|nth| format!("right {}\nkept {nth}\n", nth % 7))
        .collect::<Vec<_>>()
        .concat();
    let report = total(&expected, &actual);
    let end: Vec<&str> = report.lines().rev().take(2).collect();
    insta::assert_snapshot!(format!("{}\n{}", end[1], end[0]));
}

#[test]
fn what_only_looks_like_a_number_is_not_held_to_a_bound() {
    insta::assert_snapshot!(total(
        "<duration 1m..>|\n<number ..5>|\n",
        "0.&0...2h|\n--1..2|\n"
    ));
}
