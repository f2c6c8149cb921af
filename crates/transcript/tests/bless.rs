//! What bless makes of a page and its program's runs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use transcript::{Blessed, Kinds, Order, Transcript, bless, bless_knowing};

fn blessed(page: &str, order: Order, runs: &[&str]) -> Blessed {
    let runs: Vec<&[u8]> = runs.iter().map(|run| run.as_bytes()).collect();
    let page = Transcript::parse(page, order, &Kinds::default()).unwrap();
    let blessed = bless(&page, &runs);
    let new = Transcript::parse(&blessed.text, order, &Kinds::default()).unwrap();
    assert!(
        new.compare(runs[0]).matches() || !blessed.unsettled.is_empty(),
        "{blessed:?}"
    );
    assert_eq!(
        bless(&new, &runs).text,
        blessed.text,
        "a second time changes nothing"
    );
    blessed
}

/// A page, three runs of its program, the page as it should be, and the placeholders it lost.
struct Case {
    name: &'static str,
    order: Order,
    page: &'static str,
    runs: [&'static str; 3],
    becomes: &'static str,
    loses: &'static [&'static str],
}

const CASE: Case = Case {
    name: "",
    order: Order::Total,
    page: "",
    runs: [""; 3],
    becomes: "",
    loses: &[],
};

const CASES: &[Case] = &[
    Case {
        name: "a page that matches stays as it is, trailing blanks and all",
        page: "a  \n<number>\n\n",
        runs: ["a\n1\n", "a\n2\n", "a\n3\n\n"],
        becomes: "a  \n<number>\n\n",
        ..CASE
    },
    Case {
        name: "the numbers of a SYN are ports",
        order: Order::Speakers,
        runs: [
            "[client] SYN from 40312 to 4000\n[client] 33 bytes\n",
            "[client] SYN from 51515 to 4001\n[client] 34 bytes\n",
            "[client] SYN from 33333 to 4002\n[client] 35 bytes\n",
        ],
        becomes: "[client] SYN from <port> to <port>\n[client] <number> bytes\n",
        ..CASE
    },
    Case {
        name: "lines that match keep their placeholders around an insertion",
        page: "on <port:p>\nat <duration ..1s>\n...\nbye\n",
        runs: [
            "new\non 1\nat 2ms\nnew too\nx\nbye\n",
            "new\non 2\nat 3ms\nnew too\nx\nbye\n",
            "new\non 3\nat 4ms\nnew too\nbye\n",
        ],
        becomes: "new\non <port:p>\nat <duration ..1s>\n...\nbye\n",
        ..CASE
    },
    Case {
        name: "a line that is gone takes its placeholder along, and that is said",
        page: "a\nin <duration:d 1s..>\nb\n",
        runs: ["a\nb\n"; 3],
        becomes: "a\nb\n",
        loses: &["<duration:d 1s..>"],
        ..CASE
    },
    Case {
        name: "what varies becomes the kind that fits, the most telling first",
        page: "",
        runs: [
            "a 127.0.0.1:80, b 127.0.0.1; c 1ms d localhost:80 e port 80 f 80 g 8f h x\n",
            "a 127.0.0.1:81, b 127.0.0.2; c 2s d localhost:81 e port 81 f 81 g 9e h y\n",
            "a 10.0.0.1:82, b ::1; c 3µs d localhost:82 e port 82 f -8.5 g ae h z\n",
        ],
        becomes: "a <addr>, b <ip>; c <duration> d localhost:<port> e port <port> f <number> g <hex> h <word>\n",
        ..CASE
    },
    Case {
        name: "a value that a name stands for becomes that name",
        page: "on <port:server>\n",
        runs: [
            "on 4000\nto 127.0.0.1:4000 (port 4000).\n",
            "on 4001\nto 127.0.0.1:4001 (port 4001).\n",
            "on 4002\nto 127.0.0.1:4002 (port 4002).\n",
        ],
        becomes: "on <port:server>\nto 127.0.0.1:<port:server> (port <port:server>).\n",
        ..CASE
    },
    Case {
        name: "a changed line keeps the placeholders that still stand for something",
        page: "server listening on 127.0.0.1:<port:server> now\n",
        runs: [
            "server ready on 127.0.0.1:4000 now, after 1ms\n",
            "server ready on 127.0.0.1:4001 now, after 2ms\n",
            "server ready on 127.0.0.1:4002 now, after 3ms\n",
        ],
        becomes: "server ready on 127.0.0.1:<port:server> now, after <duration>\n",
        ..CASE
    },
    Case {
        name: "a line that has moved keeps its placeholders",
        page: "on <port:server>\nhello\n",
        runs: ["hello\non 4000\n", "hello\non 4001\n", "hello\non 4002\n"],
        becomes: "hello\non <port:server>\n",
        ..CASE
    },
    Case {
        name: "a name that would stand for two texts is taken away from the second",
        page: "on <port:p>\nto <port:p 1..>\n",
        runs: ["on 1\nto 2\n", "on 3\nto 4\n", "on 5\nto 6\n"],
        becomes: "on <port:p>\nto <port 1..>\n",
        loses: &["<port:p 1..>"],
        ..CASE
    },
    Case {
        name: "a bound that is broken is lost",
        page: "waited <duration ..1s>\n",
        runs: ["waited 2s\n", "waited 1.5s\n", "waited 3s\n"],
        becomes: "waited <duration>\n",
        loses: &["<duration ..1s>"],
        ..CASE
    },
    Case {
        name: "text that looks like the language is escaped",
        page: "",
        runs: ["<port> \\<any>\n...\n  x\u{7}\\\n[a] ...\n<prot> <html>\n\\[x\n\\...\n"; 3],
        becomes: "\\<port> \\\\\\<any>\n\\...\n  x<byte 07>\\\n[a] \\...\n\\<prot> <html>\n<word>[x\n<word>...\n",
        ..CASE
    },
    Case {
        name: "the page's line endings are kept",
        page: "a\r\n<port>\r\n",
        runs: ["a\nb\n1\n", "a\nb\n2\n", "a\nb\n3\n"],
        becomes: "a\r\nb\r\n<port>\r\n",
        ..CASE
    },
    Case {
        name: "a page of elisions alone would promise nothing, so the lines are written out",
        page: "...\ngone\n",
        runs: ["a\nb\n"; 3],
        becomes: "a\nb\n",
        ..CASE
    },
    Case {
        name: "a program that prints nothing",
        page: "a\n",
        runs: [""; 3],
        becomes: "",
        ..CASE
    },
    Case {
        name: "text of different length becomes any",
        page: "",
        runs: [
            "the server said one thing to everybody who listened\n",
            "the server said two things or three to everybody who listened\n",
            "the server said nothing to everybody who listened\n",
        ],
        becomes: "the server said <any> to everybody who listened\n",
        ..CASE
    },
    Case {
        name: "what not every run has is taken from the one that has it",
        page: "a\nb\n",
        runs: ["a\nb\n", "a\nb\nextra\n", "a\nb\n"],
        becomes: "a\nb\n",
        ..CASE
    },
    Case {
        name: "speakers keep the order of the page, new lines follow their speaker's",
        order: Order::Speakers,
        page: "[a] one\n[b] on <port:b>\n--- end ---\n",
        runs: [
            "[b] on 1\n[a] one\n[b] sent 5 bytes\n[a] two\n--- end ---\n",
            "[a] one\n[a] two\n[b] on 2\n[b] sent 6 bytes\n--- end ---\n",
            "[b] on 3\n[b] sent 7 bytes\n[a] one\n[a] two\n--- end ---\n",
        ],
        becomes: "[a] one\n[a] two\n[b] on <port:b>\n[b] sent <number> bytes\n--- end ---\n",
        ..CASE
    },
    Case {
        name: "a new cue parts a scene in two",
        order: Order::Speakers,
        page: "[a] ...\n[b] one\n[b] two\n",
        runs: ["[a] x\n[b] one\n--- new ---\n[a] y\n[b] two\n"; 3],
        becomes: "[a] ...\n[b] one\n--- new ---\n[a] ...\n[b] two\n",
        ..CASE
    },
    Case {
        name: "a speaker's tag stays text",
        order: Order::Speakers,
        page: "[client 1] hello\n",
        runs: [
            "[client 7] hello 1\n",
            "[client 7] hello 2\n",
            "[client 7] hello 3\n",
        ],
        becomes: "[client 7] hello <number>\n",
        ..CASE
    },
];

#[test]
fn every_case_becomes_what_it_says() {
    for case in CASES {
        let blessed = blessed(case.page, case.order, &case.runs);
        assert_eq!(blessed.text, case.becomes, "{}", case.name);
        assert_eq!(blessed.lost, case.loses, "{}", case.name);
    }
}

#[test]
fn runs_that_the_new_text_does_not_match_are_named() {
    let blessed = blessed(
        "a\nb\n",
        Order::Total,
        &["a\nb\n", "a\nb\nextra\n", "a\nb\n"],
    );
    assert_eq!(blessed.unsettled, [1]);
}

#[test]
fn names_of_other_transcripts_are_known() {
    let page = Transcript::parse("", Order::Total, &Kinds::default()).unwrap();
    let known = |port: &str| BTreeMap::from([("port:server".to_owned(), port.to_owned())]);
    let blessed = bless_knowing(
        &page,
        &[b"SYN to 4000\n", b"SYN to 4001\n"],
        &[known("4000"), known("4001")],
    );
    assert_eq!(blessed.text, "SYN to <port:server>\n");
}

#[test]
fn bytes_that_are_no_text_are_written_as_bytes() {
    let page = Transcript::parse("", Order::Total, &Kinds::default()).unwrap();
    let blessed = bless(&page, &[b"a\xff\\\xfeb \\\x01\n"]);
    assert_eq!(blessed.text, "a<byte ff>\\\\<byte fe>b \\\\<byte 01>\n");
    let new = Transcript::parse(&blessed.text, Order::Total, &Kinds::default()).unwrap();
    assert!(new.compare(b"a\xff\\\xfeb \\\x01\n").matches());
}

#[test]
fn without_a_run_nothing_changes() {
    let page = Transcript::parse("a <port>\n", Order::Total, &Kinds::default()).unwrap();
    assert_eq!(bless(&page, &[]).text, "a <port>\n");
}
