//! Listings, held against their files.

#![expect(clippy::expect_used, reason = "a test without its block has failed")]

use lesson::{Listing, Tie};

use crate::fixture::{FOLDER, Folder, page, short};

/// A program with regions, one within the other.
const PROGRAM: &str = "\
// ANCHOR: all
fn main() {
    // ANCHOR: greet
    let name = \"you\";

      println!(\"hello {name}\");
    // ANCHOR_END: greet
}
// ANCHOR_END: all
";

/// A lesson whose page shows `shown` under the words `tie`, of a file with this content.
fn course(tie: &str, file: &str, content: &str, shown: &str) -> Folder {
    let block =
        "```rust file=experiment/src/main.rs\nfn main() {\n    println!(\"hello\");\n}\n```\n";
    let page = page().with(block, &format!("````rust {tie}\n{shown}````\n"));
    let course = Folder::with(&page);
    course.file(&format!("{FOLDER}/{file}"), content);
    course
}

fn listing(tie: &str, content: &str, shown: &str) -> Listing {
    let course = course(
        &format!("file=experiment/src/main.rs{tie}"),
        "experiment/src/main.rs",
        content,
        shown,
    );
    let lesson = course.only();
    assert_eq!(lesson.diagnostics, []);
    lesson.listing(&lesson.blocks[0]).expect("a listing")
}

#[test]
fn a_listing_is_its_file_or_a_region_of_it() {
    let all = "fn main() {\n    let name = \"you\";\n\n      println!(\"hello {name}\");\n}\n";
    let greet = "let name = \"you\";\n\n  println!(\"hello {name}\");\n";
    for (tie, shown) in [("", all), ("#all", all), ("#greet", greet)] {
        assert_eq!(listing(tie, PROGRAM, shown), Listing::Same, "{tie}");
    }
}

#[test]
fn a_region_says_which_lines_of_its_file_it_is() {
    for (tie, shown, lines) in [
        ("", "one\ntwo\nthree\nfour\n", None),
        ("#some", "two\nthree\n", Some(3..=6)),
        ("#one", "three\n", Some(5..=5)),
    ] {
        let file = "one\n// ANCHOR: some\ntwo\n// ANCHOR: one\nthree\n// ANCHOR_END: one\n\
                    // ANCHOR_END: some\nfour\n";
        let tie = format!("file=notes.txt{tie}");
        let course = course(&tie, "notes.txt", file, shown);
        let lesson = course.only();
        let Tie::Listing(tie) = &lesson.blocks[0].tie else {
            panic!("no listing: {:?}", lesson.diagnostics);
        };
        assert_eq!(lesson.listed_lines(tie), lines, "{tie:?}");
    }
}

#[test]
fn a_listing_that_differs_has_drifted() {
    let drifted = listing("", "fn main() {}\n", "fn main() { }\n");
    let expected = Listing::Drifted {
        expected: "fn main() {}\n".to_owned(),
        actual: "fn main() { }\n".to_owned(),
    };
    assert_eq!(drifted, expected);
    for (file, shown) in [
        ("a\n\nb\n", "a\nb\n"),
        ("a\n", "a \n"),
        ("a\n\n", "a\n"),
        ("a\n", ""),
        ("  a\n", "a\n"),
    ] {
        assert_ne!(
            listing("", file, shown),
            Listing::Same,
            "{file:?} {shown:?}"
        );
    }
}

/// What a reader does not see is no difference.
#[test]
fn line_endings_and_a_missing_last_one_are_no_difference() {
    for (file, shown) in [
        ("a\r\nb\r\n", "a\nb\n"),
        ("a\nb", "a\nb\n"),
        ("\u{feff}a\nb\n", "a\nb\n"),
        ("a\nb\n", "a\r\nb\r\n"),
    ] {
        assert_eq!(
            listing("", file, shown),
            Listing::Same,
            "{file:?} {shown:?}"
        );
    }
}

#[test]
fn anchors_are_comments_in_any_language() {
    for (open, close) in [
        ("// ", ""),
        ("//", ""),
        ("# ", ""),
        ("<!-- ", " -->"),
        ("/* ", " */"),
        ("-- ", ""),
        (";; ", ""),
    ] {
        let file = format!("{open}ANCHOR: a{close}\nb\n{open}ANCHOR_END: a{close}\n");
        assert_eq!(listing("#a", &file, "b\n"), Listing::Same, "{open}");
        assert_eq!(listing("", &file, "b\n"), Listing::Same, "{open}");
    }
    let not_one = "println!(\"// ANCHOR: a\");\n// about ANCHOR: a\nANCHOR: a\n";
    assert_eq!(listing("", not_one, not_one), Listing::Same);
}

#[test]
fn a_block_that_is_no_listing_has_none() {
    let course = Folder::with(&page());
    let lesson = course.only();
    assert_eq!(lesson.listing(&lesson.blocks[0]), Some(Listing::Same));
    assert_eq!(lesson.listing(&lesson.blocks[1]), None);
}

#[test]
fn a_listing_that_cannot_be_made_is_told() {
    let main = "experiment/src/main.rs";
    #[rustfmt::skip]
    let cases = [
        ("file=experiment/src/mian.rs", PROGRAM, "23:15 error: the file `experiment/src/mian.rs` does not exist / did you mean `experiment/src/main.rs`?"),
        ("file=experiment/src/zoo.rs", PROGRAM, "23:15 error: the file `experiment/src/zoo.rs` does not exist / nothing"),
        ("file=nowhere/main.rs", PROGRAM, "23:15 error: the file `nowhere/main.rs` does not exist / nothing"),
        ("file=experiment/src/main.rs/more", PROGRAM, "23:15 error: the file `experiment/src/main.rs/more` does not exist / nothing"),
        ("file=experiment/src", PROGRAM, "23:15 error: the file `experiment/src` is not a plain file / name a file"),
        ("file=/etc/passwd", PROGRAM, "23:15 error: the file `/etc/passwd` leads out of the lesson's folder / name a file of this lesson, from its folder: `experiment/src/main.rs`"),
        ("file=experiment/../../../../x", PROGRAM, "23:15 error: the file `experiment/../../../../x` leads out of the lesson's folder / name a file of this lesson, from its folder: `experiment/src/main.rs`"),
        ("file=experiment/src/main.rs", "", "23:15 error: the file `experiment/src/main.rs` is empty / write what the page is to show, or take the block away"),
        ("file=experiment/src/main.rs", "// ANCHOR: a\n\n// ANCHOR_END: a\n", "23:15 error: the file `experiment/src/main.rs` is empty / write what the page is to show, or take the block away"),
        ("file=experiment/src/main.rs#a", "// ANCHOR: a\n\n// ANCHOR_END: a\n", "23:15 error: the region `a` of `experiment/src/main.rs` is empty / write what the page is to show, or take the block away"),
        ("file=experiment/src/main.rs#gret", PROGRAM, "23:15 error: `experiment/src/main.rs` has no region `gret` / did you mean `#greet`?"),
        ("file=experiment/src/main.rs#story", PROGRAM, "23:15 error: `experiment/src/main.rs` has no region `story` / write `ANCHOR: story` and `ANCHOR_END: story` in comments around what the page is to show"),
        ("file=experiment/src/main.rs#a", "// ANCHOR: a\nb\n", "23:15 error: the region `a` of `experiment/src/main.rs` never ends / it begins on line 1: write `ANCHOR_END: a` in a comment below what it shows"),
        ("file=experiment/src/main.rs#a", "// ANCHOR_END: a\n// ANCHOR: a\nb\n", "23:15 error: the region `a` of `experiment/src/main.rs` never ends / it begins on line 2: write `ANCHOR_END: a` in a comment below what it shows"),
        ("file=experiment/src/main.rs#a", "// ANCHOR: a\nb\n// ANCHOR: a\nc\n// ANCHOR_END: a\n", "23:15 error: the region `a` of `experiment/src/main.rs` begins or ends more than once / it begins on line 1, and again on line 3: give one of them another name"),
        ("file=experiment/src/main.rs#a", "// ANCHOR: a\nb\n// ANCHOR_END: a\nc\n// ANCHOR_END: a\n", "23:15 error: the region `a` of `experiment/src/main.rs` begins or ends more than once / keep one line `ANCHOR_END: a`"),
    ];
    for (tie, content, expected) in cases {
        let course = course(tie, main, content, "b\n");
        let lesson = course.only();
        let told: Vec<_> = lesson.diagnostics.iter().map(short).collect();
        assert_eq!(told, [expected], "{tie} {content:?}");
        assert_eq!(lesson.listing(&lesson.blocks[0]), Some(Listing::Invalid));
    }
}

#[test]
fn a_file_that_no_page_could_show_is_told() {
    let course = course(
        "file=experiment/src/main.rs",
        "experiment/src/main.rs",
        "",
        "b\n",
    );
    let cases: [(&[u8], &str); 2] = [
        (
            b"a\xffb",
            "is not UTF-8: its byte 1 is not / show a text file",
        ),
        (
            &vec![b'a'; 1024 * 1024 + 1],
            "has more than 1 MiB / nobody reads that much: show a smaller file",
        ),
    ];
    for (content, expected) in cases {
        course.file(&format!("{FOLDER}/experiment/src/main.rs"), content);
        let told = short(&course.only().diagnostics[0]);
        assert!(told.ends_with(expected), "{told}");
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_may_lead_within_the_folder() {
        let course = course("file=shown.rs", "real.rs", "a\n", "a\n");
        symlink("real.rs", course.path(&format!("{FOLDER}/shown.rs"))).unwrap();
        let lesson = course.only();
        assert_eq!(lesson.diagnostics, []);
        assert_eq!(lesson.listing(&lesson.blocks[0]), Some(Listing::Same));
    }

    #[test]
    fn a_link_that_leads_out_is_refused() {
        let course = course("file=sources/main.rs", "real.rs", "a\n", "a\n");
        course.file("secret/main.rs", "a\n");
        symlink(
            course.path("secret"),
            course.path(&format!("{FOLDER}/sources")),
        )
        .unwrap();
        let lesson = course.only();
        let told: Vec<_> = lesson.diagnostics.iter().map(short).collect();
        let expected = "23:15 error: the file `sources/main.rs` is a link that leads out of the lesson's folder / put the file itself into the lesson's folder";
        assert_eq!(told, [expected]);
        assert_eq!(lesson.listing(&lesson.blocks[0]), Some(Listing::Invalid));
    }

    #[test]
    fn a_link_to_nowhere_is_a_file_that_is_missing() {
        let course = course("file=shown.rs", "real.rs", "a\n", "a\n");
        symlink("shown.rs", course.path(&format!("{FOLDER}/shown.rs"))).unwrap();
        assert_eq!(course.only().diagnostics.len(), 1);
    }
}
