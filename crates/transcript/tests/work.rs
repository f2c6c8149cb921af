//! Inputs made to be hard: who tried every way would never come to an end.
//!
//! Nothing here is timed. A search that is not bounded shows by not ending.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use transcript::{Kinds, Medium, Order, ReportHeader, Transcript, bless};

const HEADER: ReportHeader<'_> = ReportHeader {
    page: "lesson.md",
    first_line: 1,
    program: "program",
    medium: Medium::Output,
};

/// Whether it matches; the report is written, too.
fn matches(page: &str, output: &str, order: Order, kinds: &Kinds) -> bool {
    let page = Transcript::parse(page, order, kinds).unwrap();
    let comparison = page.compare(output.as_bytes());
    assert_eq!(comparison.report(&HEADER).is_empty(), comparison.matches());
    comparison.matches()
}

fn total(page: &str, output: &str) -> bool {
    matches(page, output, Order::Total, &Kinds::default())
}

fn speakers(page: &str, output: &str) -> bool {
    matches(page, output, Order::Speakers, &Kinds::default())
}

#[test]
fn thirty_placeholders_in_a_long_line_that_does_not_match() {
    for (kind, text) in [
        ("any", "a "),
        ("word", "a"),
        ("number", "1."),
        ("number 5..=7", "01"),
        ("hex", "f"),
        ("ip", "1:"),
        ("addr", "[::1]:1"),
        ("duration", "1m"),
    ] {
        let line = text.repeat(10_000 / text.len());
        let page = format!("<{kind}>").repeat(30) + "!<any>!";
        assert!(!total(&page, &line), "{kind}");
        assert!(!total(&page, &format!("{line}!!")), "{kind}");
    }
}

#[test]
fn thirty_placeholders_of_an_own_kind() {
    for pattern in [".{1,100}", "(?:a|aa)+", r"\b\w+\b", "a+b?"] {
        let mut kinds = Kinds::default();
        kinds.declare("mine", pattern).unwrap();
        let page = "<mine>".repeat(30) + "!<mine>!";
        for text in ["a".repeat(4_000), "é".repeat(2_000)] {
            assert!(
                !matches(&page, &(text + "!!"), Order::Total, &kinds),
                "{pattern}"
            );
        }
    }
}

#[test]
fn two_hundred_elisions() {
    let page = "...\nx\n".repeat(200);
    assert!(total(&page, &"x\n".repeat(10_000)));
    assert!(!total(&format!("{page}y\n"), &"x\n".repeat(10_000)));
    assert!(!total(
        &format!("{page}...\ny\n...\nz\n"),
        &"x\n".repeat(10_000)
    ));
    assert!(!total(
        &"...\n<any>x\ny\n".repeat(200),
        &"xx\n".repeat(10_000)
    ));
}

#[test]
fn two_hundred_elisions_among_speakers() {
    let page = "...\n[a] x\n[b] ...\n[b] y\n".repeat(100);
    let output = "[a] x\n[b] 1\n[b] y\n".repeat(300);
    assert!(speakers(&page, &output));
    assert!(!speakers(&format!("{page}[a] z\n"), &output));
    assert!(!speakers(
        "...\n[a] ...\n[a] done\n...\n[b] ...\n[b] done\nend\n",
        &"[a] 1\n[b] 1\n".repeat(5_000)
    ));
}

#[test]
fn texts_that_have_nothing_in_common() {
    let lines = |word: &str| {
        (0..2_000)
            .map(|nth| format!("{word} {nth} {}\n", nth * 7 % 13))
            .collect::<Vec<_>>()
            .concat()
    };
    assert!(!total(&lines("left"), &lines("right")));
    assert!(!total(
        &lines("same <word>").replace("same", "x"),
        &lines("same y")
    ));
    assert!(!speakers(&lines("[a] left"), &lines("[a] right")));
    assert!(!speakers(
        &lines("[a] left\nleft"),
        &lines("[b] right\nright")
    ));
}

#[test]
fn texts_of_one_line_again_and_again() {
    assert!(!total(&"a\n".repeat(20_000), &"a\n".repeat(20_001)));
    assert!(!total(&"a\nb\n".repeat(5_000), &"b\na\n".repeat(5_000)));
    assert!(!total(&"<word>\n".repeat(5_000), &"a b\na\n".repeat(5_000)));
    assert!(!speakers(
        &"[a] 1\n\n".repeat(2_000),
        &"\n[a] 1\n".repeat(2_000)
    ));
}

#[test]
fn long_lines_that_are_much_alike() {
    let line = |word: &str| format!("{} <x>\n", word.repeat(400)).repeat(150);
    assert!(!total(&line("a <number> "), &line("a b c d ")));
    let page = Transcript::parse(&line("a <number> "), Order::Total, &Kinds::default()).unwrap();
    let run = line("a b 1 ");
    assert!(bless(&page, &[run.as_bytes()]).unsettled.is_empty());
}
