//! The blocks of a page, and what their info strings say.

#![expect(clippy::expect_used, reason = "a test without its block has failed")]

use lesson::{Exit, Lesson, Program, SectionKind, Stream, Tie, TranscriptTie};
use transcript::{Order, Transcript};

use crate::fixture::{Page, page, told};

/// The page with another info string for its transcript.
fn info(words: &str) -> Page {
    page().with("text run=greeting", words)
}

/// What the transcript of such a page is tied to.
fn tie(words: &str) -> TranscriptTie {
    let lesson = Lesson::of_page(info(words).0);
    let tie = match &lesson.blocks[1].tie {
        Tie::Transcript(tie) => Some(tie.clone()),
        _ => None,
    };
    tie.expect("a transcript")
}

#[test]
fn a_block_knows_where_it_stands_and_what_it_shows() {
    let page = page().0;
    let lesson = Lesson::of_page(page.clone());
    let [listing, transcript] = &lesson.blocks[..] else {
        panic!("{:?}", lesson.blocks);
    };
    let Tie::Listing(tie) = &listing.tie else {
        panic!("{:?}", listing.tie);
    };
    assert_eq!(
        (tie.file.as_str(), &tie.region),
        ("experiment/src/main.rs", &None)
    );
    assert_eq!(&page[tie.span.clone()], "experiment/src/main.rs");
    assert_eq!(listing.language, "rust");
    assert_eq!(listing.section, Some(SectionKind::Experiment));
    assert_eq!(listing.line, 23);
    assert_eq!(
        listing.content,
        "fn main() {\n    println!(\"hello\");\n}\n"
    );
    assert!(listing.transcript.is_none());

    assert_eq!(transcript.language, "text");
    assert_eq!(transcript.section, Some(SectionKind::ExpectedOutput));
    assert_eq!(
        &page[transcript.span.clone()],
        "```text run=greeting\nhello\n```"
    );
    assert_eq!(&page[transcript.content_span.clone()], "hello\n");
    let promise = transcript.transcript.as_ref().expect("a promise");
    assert!(promise.compare(b"hello\n").matches());
}

#[test]
fn each_stream_has_its_key() {
    for (key, stream, order) in [
        ("run", Stream::Stdout, Order::Total),
        ("stderr", Stream::Stderr, Order::Total),
        ("wire", Stream::Wire, Order::Speakers),
    ] {
        let tie = tie(&format!("text {key}=greeting"));
        assert_eq!((tie.stream, tie.order), (stream, order));
        assert_eq!(stream.key(), key);
    }
    assert_eq!(
        tie("text run=greeting order=speakers").order,
        Order::Speakers
    );
    assert_eq!(
        tie("text wire=greeting order=speakers").order,
        Order::Speakers
    );
}

#[test]
fn an_exit_is_a_code_or_a_signal() {
    for (words, exit) in [
        ("text run=greeting", None),
        ("text run=greeting exit=0", Some(Exit::Code(0))),
        ("text run=greeting exit=101", Some(Exit::Code(101))),
        ("text run=greeting exit=\"7\"", Some(Exit::Code(7))),
        (
            "text run=greeting exit=SIGABRT",
            Some(Exit::Signal("SIGABRT")),
        ),
        // Two names for one signal.
        (
            "text run=greeting exit=SIGPOLL",
            Some(Exit::Signal("SIGIO")),
        ),
    ] {
        assert_eq!(tie(words).exit, exit, "{words}");
    }
}

#[test]
fn arguments_are_split_at_white_space_and_held_together_by_quotes() {
    for (args, expected) in [
        ("", &[][..]),
        ("args=", &[]),
        ("args=\"\"", &[]),
        ("args=--loud", &["--loud"]),
        ("args=\"--seed 7\"", &["--seed", "7"]),
        ("args=\"  --seed\t 7 \"", &["--seed", "7"]),
        (
            "args=\"--name \"Ada Lovelace\"\"",
            &["--name", "Ada Lovelace"],
        ),
        (
            "args=\"--name \\\"Ada Lovelace\\\"\"",
            &["--name", "Ada Lovelace"],
        ),
        ("args=\"\"Ada Lovelace\" 7\"", &["Ada Lovelace", "7"]),
        (
            "args=\"--name=\"Ada Lovelace\" 7\"",
            &["--name=Ada Lovelace", "7"],
        ),
        ("args=\"a \"\" b\"", &["a", "", "b"]),
        ("args=\"C:\\temp\"", &["C:\\temp"]),
    ] {
        assert_eq!(
            tie(&format!("text run=greeting {args} exit=1")).args,
            expected,
            "{args}"
        );
    }
}

#[test]
fn a_mistake_is_told_with_its_place_and_its_remedy() {
    let how = "write behind its language what it shows: `file=PATH` (a listing), `run=PROGRAM` (its output),\n`stderr=PROGRAM`, `wire=PROGRAM`, or `illustration` (tied to nothing, on purpose)";
    let tied_to_nothing = format!("31:1 error: this block is tied to nothing that runs / {how}");
    #[rustfmt::skip]
    let cases = [
        ("", tied_to_nothing.as_str()),
        ("text", &tied_to_nothing),
        ("text exit=1", &tied_to_nothing),
        ("run=greeting", "31:4 error: the language is missing / write it first: `rust`, `text`, …"),
        ("illustration", "31:4 error: the language is missing / write it first: `rust`, `text`, …"),
        ("text rnu=greeting", "31:9 error: there is no key `rnu` / did you mean `run=`?"),
        ("text illustrate", "31:9 error: there is no key `illustrate` / did you mean `illustration`?"),
        ("text run=greeting colour=red", "31:22 error: there is no key `colour` / the keys of a block are `file`, `run`, `stderr`, `wire`, `order`, `exit`, `args`, `illustration`"),
        ("text run", "31:9 error: `run` is not written so / write `run=…`"),
        ("text illustration=yes", "31:9 error: `illustration` is not written so / write `illustration` alone"),
        ("text run=greeting run=greeting", "31:22 error: `run` is given twice / keep one of the two"),
        ("text run=greeting stderr=greeting", "31:22 error: a block is tied to one thing: it has `run` already / keep one of the two, or make two blocks"),
        ("text run=greeting illustration", "31:22 error: a block is tied to one thing: it has `run` already / keep one of the two, or make two blocks"),
        ("text illustration exit=1", "31:22 error: `exit` means nothing beside `illustration` / take it away"),
        ("text file=experiment/src/main.rs order=total", "31:37 error: `order` means nothing beside `file` / take it away"),
        ("text file=", "31:14 error: this names no file / write `file=experiment/src/main.rs`, or `file=experiment/src/main.rs#region`"),
        ("text file=experiment/src/main.rs#", "31:14 error: this names no file / write `file=experiment/src/main.rs`, or `file=experiment/src/main.rs#region`"),
        ("text run=", "31:13 error: this names no program / write the program's name: `run=greeting`"),
        ("text run=greeting order=speaker", "31:28 error: there is no order `speaker` / did you mean `order=speakers`?"),
        ("text run=greeting order=chaos", "31:28 error: there is no order `chaos` / write `order=total` or `order=speakers`"),
        ("text wire=greeting order=total", "31:29 error: packets have no total order / take `order=` away: for `wire=` it is always `speakers`"),
        ("text run=greeting exit=256", "31:27 error: no program ends with `256` / an exit code is a number from 0 to 255"),
        ("text run=greeting exit=-1", "31:27 error: no program ends with `-1` / write an exit code, `exit=101`, or a signal, `exit=SIGABRT`"),
        ("text run=greeting exit=", "31:27 error: no program ends with `` / write an exit code, `exit=101`, or a signal, `exit=SIGABRT`"),
        ("text run=greeting exit=SIGBART", "31:27 error: no program ends with `SIGBART` / did you mean `exit=SIGABRT`?"),
        ("text run=greeting exit=SIGLOST", "31:27 error: no program ends with `SIGLOST` / write an exit code, `exit=101`, or a signal, `exit=SIGABRT`"),
        ("text run=greeting exit=abrt", "31:27 error: no program ends with `abrt` / did you mean `exit=SIGABRT`?"),
        ("text run=greeting args=\"a", "31:27 error: this quote is never closed / write a `\"` behind the value"),
        ("text run=greeting args=a\"b", "31:27 error: a quote within the arguments is never closed / write a `\"` on both sides of an argument that holds white space"),
    ];
    for (words, expected) in cases {
        let mut told = told(&info(words));
        // That nothing is promised any more is another thing.
        told.retain(|one| !one.contains("promises no output") && !one.contains("file `"));
        // A listing where the file should be shown is not looked at here.
        assert_eq!(told, [expected], "{words:?}");
    }
}

#[test]
fn code_without_a_fence_is_tied_to_nothing() {
    let expected = "this code is in no fenced block, and so tied to nothing that runs / \
        put it between lines of three backticks, and say behind the first what it shows";
    for (text, place) in [
        ("    let code = 1;\n", "41:5"),
        ("So: <pre>let code = 1;</pre>\n", "41:5"),
        ("<pre>\nlet code = 1;\n</pre>\n", "41:1"),
        (
            "<div><PRE class=\"x\">\nlet code = 1;\n</PRE></div>\n",
            "41:1",
        ),
    ] {
        let page = page().with("There is more.\n", &format!("There is more.\n\n{text}"));
        let told = told(&page);
        let place = place.replace("41:", "43:");
        assert_eq!(told, [format!("{place} error: {expected}")], "{text:?}");
    }
}

#[test]
fn a_block_that_is_never_closed_is_told() {
    let page = page().with("Not greeting.\n", "```text illustration\nNot greeting.\n");
    let expected = "45:1 error: this block is never closed / \
        write a closing fence, as long as this one, on a line of its own below it";
    assert_eq!(told(&page), [expected]);
}

/// What stands in a list or a quote is seen as its reader sees it.
#[test]
fn a_block_in_a_list_or_a_quote_is_read_without_their_marks() {
    for block in [
        "```text illustration\none\n  two\n\nthree\n```\n",
        "  ```text illustration\n  one\n    two\n\n  three\n  ```\n",
        "- ```text illustration\n  one\n    two\n\n  three\n  ```\n",
        "1. item\n\n   ```text illustration\n   one\n     two\n\n   three\n   ```\n",
        "> ```text illustration\n> one\n>   two\n>\n> three\n> ```\n",
        "> - ~~~text illustration\n>   one\n>     two\n>\n>   three\n>   ~~~\n",
        "````text illustration\none\n  two\n\nthree\n`````\n",
    ] {
        let page = page().with("There is more.\n", block);
        let lesson = Lesson::of_page(page.0.clone());
        assert_eq!(lesson.diagnostics, [], "{block}");
        let block = &lesson.blocks[2];
        assert_eq!(block.content, "one\n  two\n\nthree\n");
        assert_eq!(block.section, Some(SectionKind::DeepDive));
        let content = &page.0[block.content_span.clone()];
        assert!(content.ends_with("three\n"), "{content:?}");
        assert!(page.0[block.span.clone()].starts_with(['`', '~']));
    }
}

/// The language of transcripts knows lines of its own text only.
#[test]
fn what_is_wrong_with_a_transcript_is_told_where_it_stands_on_the_page() {
    let block = "> 1. ```text run=greeting\n>    fine\n>    port <prot:server> here\n>    ```\n";
    let page = page().with("```text run=greeting\nhello\n```\n", block);
    let lesson = Lesson::of_page(page.0);
    assert_eq!(lesson.diagnostics.len(), 1, "{:?}", lesson.diagnostics);
    let place = lesson.diagnostics[0].place.clone().expect("a place");
    assert_eq!((place.line, place.column), (33, 11));
    assert_eq!(&place.excerpt[place.marked.clone()], "<prot:server>");
}

/// A mistake in the info string does not hide those in the transcript.
#[test]
fn a_transcript_of_an_unknown_program_is_read_all_the_same() {
    let page = page().with("run=greeting\nhello", "run=greetig exit=none\n<prot:a>");
    assert_eq!(told(&page).len(), 3);
}

#[test]
fn kinds_of_the_lessons_own_are_known_in_its_transcripts() {
    let minutes = "estimated_minutes: 5";
    let page = page()
        .with(
            minutes,
            &format!("{minutes}\nplaceholders:\n  version: \"[0-9]+\""),
        )
        .with("run=greeting\nhello", "run=greeting\nversion <version:v>");
    assert_eq!(told(&page), Vec::<String>::new());
    let lesson = Lesson::of_page(page.0);
    let promise = lesson.blocks[1].transcript.as_ref().expect("a promise");
    assert!(promise.compare(b"version 12\n").matches());
    let again =
        Transcript::parse("<version>\n", Order::Total, lesson.kinds()).expect("a transcript");
    assert!(!again.compare(b"v12\n").matches());
}

/// Warnings are shown, and change nothing.
#[test]
fn a_transcript_that_looks_odd_is_valid() {
    let page = page().with("run=greeting\nhello", "run=greeting\n<prot>");
    let told = told(&page);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("32:1 warning: "), "{told:?}");
    assert!(Lesson::of_page(page.0).is_valid());
}

#[test]
fn a_program_may_be_named_without_the_lessons_id() {
    for (name, program) in [
        ("greeting", "greeting"),
        ("greeting-loud", "greeting-loud"),
        ("loud", "greeting-loud"),
        ("greetings", "greeting-greetings"),
    ] {
        let expected = Program::Binary(program.to_owned());
        assert_eq!(tie(&format!("text run={name}")).program, expected);
    }
}
