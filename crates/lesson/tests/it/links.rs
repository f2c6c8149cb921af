//! Where links lead, and what is said of those that lead nowhere.

use lesson::{Destination, Links};

use crate::fixture::{FOLDER, Folder, Page, all, page, told};

const OTHER: &str = "lessons/01-first-steps/02-parting";

/// A page that says this at the end of its section Deep Dive.
fn saying(text: &str) -> Page {
    page().with("There is more.", text)
}

/// A course of two lessons, the first of which says this.
fn course(text: &str) -> Folder {
    let course = Folder::with(&saying(text));
    let other = page().of("parting", 2).with(
        "There is more.",
        "### A *b*: `c`!\n\nYes.\n\n### A b c\n\nNo.",
    );
    course.lesson(OTHER, "parting", &other);
    course
}

/// What is wrong with the first lesson of that course.
fn wrong(text: &str) -> String {
    all(&course(text).open().lessons[0].diagnostics)
}

/// Where a link of the first lesson's page leads, in a line.
fn led(target: &str) -> String {
    let course = course("There is more.");
    course.file(&format!("{FOLDER}/notes/b.txt"), "b\n");
    course.file(&format!("{FOLDER}/notes/a.txt"), "a\n");
    course.file(&format!("{FOLDER}/notes/.hidden"), "c\n");
    course.file(&format!("{FOLDER}/with space.txt"), "text\n");
    course.file(&format!("{FOLDER}/run.pcap"), [0xff]);
    course.file(&format!("{FOLDER}/two.svg"), "<svg/>\n");
    let course = course.open();
    let links = Links::of(&course.lessons);
    let lesson = &course.lessons[0];
    match links.follow(target, lesson, "lesson.md") {
        Ok(Destination::Elsewhere) => "elsewhere".to_owned(),
        Ok(Destination::Page { lesson, anchor }) => format!("page {} {anchor:?}", lesson.id),
        Ok(Destination::Text {
            lesson,
            file,
            lines,
        }) => format!("text {} {file} {lines:?}", lesson.id),
        Ok(Destination::Folder { lesson, files }) => format!("folder {} {files:?}", lesson.id),
        Ok(Destination::Bytes { lesson, file }) => format!("bytes {} {file}", lesson.id),
        Err(broken) => format!("{broken} / {}", broken.help),
    }
}

#[test]
fn a_link_leads_to_the_web_a_page_a_file_or_a_folder() {
    for (target, destination) in [
        ("https://example.com/?a=1#b", "elsewhere"),
        ("mailto:a@example.com", "elsewhere"),
        ("#key-insight", "page greeting Some(\"key-insight\")"),
        ("lesson.md", "page greeting None"),
        ("../02-parting/lesson.md", "page parting None"),
        (
            "../02-parting/lesson.md#a-b-c",
            "page parting Some(\"a-b-c\")",
        ),
        (
            "../02-parting/lesson.md#a-b-c-1",
            "page parting Some(\"a-b-c-1\")",
        ),
        ("notes/a.txt", "text greeting notes/a.txt None"),
        ("./notes/../notes/a.txt", "text greeting notes/a.txt None"),
        ("with%20space.txt", "text greeting with space.txt None"),
        (
            "experiment/src/main.rs#L2",
            "text greeting experiment/src/main.rs Some(2..=2)",
        ),
        (
            "experiment/src/main.rs#L1-L3",
            "text greeting experiment/src/main.rs Some(1..=3)",
        ),
        (
            "notes",
            "folder greeting [\"notes/a.txt\", \"notes/b.txt\"]",
        ),
        (
            "notes/",
            "folder greeting [\"notes/a.txt\", \"notes/b.txt\"]",
        ),
        ("run.pcap", "bytes greeting run.pcap"),
        // Opened as a page of its own, a drawing could run scripts.
        ("two.svg", "text greeting two.svg None"),
    ] {
        assert_eq!(led(target), destination, "{target}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_an_error_with_its_place() {
    insta::assert_snapshot!(wrong(
        "[a](#gone) [b](../02-gone/lesson.md) [c](gone.rs) [d](../../../README.md)\n\
         [e](javascript:alert(1)) [f](/etc/passwd) [g](//example.com/x) [h](data:text/html,x)\n\
         [i](lesson.md#deep-dives) [j](..) [k](.) [l](experiment/src/mian.rs) [m](experiment#part)\n\
         [n](experiment/src/main.rs#part) [o](experiment/src/main.rs#L2-L4)\n\
         ![p](https://example.com/k.png) ![q](experiment/src/main.rs) ![r](gone.png)\n\
         [s](../../../../../../../etc/passwd) [t][u]\n\n[u]: ../02-parting/lesson.md#gone",
    ));
}

#[test]
fn what_is_no_link_is_not_followed() {
    let text = "`[a](#gone)` <b@example.com> \\[c](#gone) [d] [e](#concept)\n\n\
                ```text illustration\n[f](#gone)\n```\n\n<!-- [g](#gone) -->";
    assert_eq!(told(&saying(text)), Vec::<String>::new());
}

#[test]
fn headings_with_the_same_words_are_told_apart() {
    let text = "### One\n\nA.\n\n### One\n\nB.\n\n### One-1\n\nC.\n\n### `É` & *co*\n\nD.";
    let lesson = Folder::with(&saying(text)).only();
    let anchors: Vec<_> = lesson.headings.iter().map(|one| &*one.anchor).collect();
    let ours = [
        "deep-dive",
        "one",
        "one-1",
        "one-1-1",
        "é--co",
        "common-mistakes",
    ];
    assert_eq!(anchors[anchors.len() - ours.len()..], ours);
}

#[test]
fn a_broken_link_in_a_hint_is_told_where_it_stands() {
    let course = course("There is more.");
    let hints = format!("{FOLDER}/challenges/hints/shout.md");
    course.file(
        &hints,
        "## One\n\n[page](../../lesson.md#concept) [here](#concept)\n\n## Two\n\nText. [x](lesson.md)\n",
    );
    insta::assert_snapshot!(all(&course.open().lessons[0].diagnostics));
    course.file(&hints, [0xff]);
    insta::assert_snapshot!(all(&course.open().lessons[0].diagnostics), @r"
    error: this file of hints is not UTF-8: its byte 0 is not
      --> lessons/01-first-steps/01-greeting/challenges/hints/shout.md
    ");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_a_lessons_folder() {
    let course = course("[a](secret.txt) [b](secrets) [c](secrets/secret.txt)");
    course.file("secrets/secret.txt", "secret\n");
    for (from, to) in [("secrets/secret.txt", "secret.txt"), ("secrets", "secrets")] {
        let link = course.path(&format!("{FOLDER}/{to}"));
        std::os::unix::fs::symlink(course.path(from), link).unwrap();
    }
    insta::assert_snapshot!(all(&course.open().lessons[0].diagnostics));
}

/// As long as a page may be; and only so many of them are told.
#[test]
fn a_page_full_of_broken_links_is_read_to_its_end() {
    let links: Vec<String> = (0..40_000)
        .map(|at| format!("[a](x{at}) [b](#x{at})\n"))
        .collect();
    let course = Folder::with(&saying(&links.concat()));
    assert_eq!(course.only().diagnostics.len(), 501);
}
