//! What is said of a page that is wrong, and of one that looks wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::fmt::Write;

use transcript::{Kinds, Order, Problem, Severity, Transcript};

/// Each problem with the text that it is about.
fn told(text: &str, problems: &[Problem]) -> String {
    let mut told = String::new();
    for problem in problems {
        writeln!(told, "{:?}\n    {problem}", &text[problem.span.clone()]).unwrap();
    }
    told
}

#[test]
fn all_errors_of_a_page_are_told_together_in_their_order() {
    let text = "\
on <prot:server> and <zebra:x>
<any file> <port > <number  1..2>
<number 5..1> <number 1..=> <duration 1..2s> <hex 1..> <port 0.5..> <port 70000..>
<byte 0D> <byte 1> <ports> <port:P>
a\u{7}b c\rd
<port:name> <number:name>
";
    let error = Transcript::parse(text, Order::Total, &Kinds::default()).unwrap_err();
    insta::assert_snapshot!(told(text, &error.problems));
}

#[test]
fn errors_of_speakers() {
    let text = "[client <number>] hello\n[<word>] hello\n[a]  ...\n\\[a] never\n";
    let error = Transcript::parse(text, Order::Speakers, &Kinds::default()).unwrap_err();
    insta::assert_snapshot!(told(text, &error.problems));
}

#[test]
fn warnings() {
    let text = "<prot> <numbr> <Addr> <byte> <port:P>\n  ...\n[a] ...\n<byte 41><byte 42> <byte c3><byte a9> <byte 1b>\n";
    let page = Transcript::parse(text, Order::Total, &Kinds::default()).unwrap();
    assert!(
        page.warnings()
            .iter()
            .all(|warning| warning.severity == Severity::Warning)
    );
    insta::assert_snapshot!(told(text, page.warnings()));
}

#[test]
fn a_page_that_promises_nothing() {
    let text = "...\n\n";
    let error = Transcript::parse(text, Order::Speakers, &Kinds::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "error: the transcript promises nothing: it is elisions alone; write at least one line that the program prints"
    );
    assert_eq!(error.problems[0].span, 0..5);
}

#[test]
fn places_are_those_of_the_text_with_its_line_endings() {
    let text = "\u{fe}\r\n<prot:a>\r\n";
    let error = Transcript::parse(text, Order::Total, &Kinds::default()).unwrap_err();
    assert_eq!(&text[error.problems[0].span.clone()], "<prot:a>");
}

#[test]
fn names_are_told_with_their_kinds_and_places() {
    let text = "<port:a> <number:b> <port:a>\n";
    let page = Transcript::parse(text, Order::Total, &Kinds::default()).unwrap();
    let names: Vec<_> = page.names().collect();
    assert_eq!(names, [("a", "port", 0..8), ("b", "number", 9..19)]);
}

#[test]
fn kinds_that_cannot_be_declared() {
    let mut kinds = Kinds::default();
    kinds.declare("session", "[0-9]+").unwrap();
    let declared = [
        ("session", "x"),
        ("port", "x"),
        ("byte", "x"),
        ("My-Kind", "x"),
        ("a--b", "x"),
        ("id", "["),
        ("id", "x*"),
        ("id", "a)(b"),
    ];
    let mut told = String::new();
    for (name, pattern) in declared {
        writeln!(
            told,
            "{name}: {}",
            kinds.declare(name, pattern).unwrap_err()
        )
        .unwrap();
    }
    insta::assert_snapshot!(told);
}
