//! The README shows what a failing check prints. What it says of the page has to be so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use transcript::{Kinds, Order, Transcript};

const PAGE: &str = "lessons/06-networking-fundamentals/01-tcp-basics/lesson.md";

/// A file of the workspace.
fn read(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(root.join(file)).unwrap()
}

/// The block of the README that begins with `first`.
fn block<'a>(readme: &'a str, first: &str) -> &'a str {
    let (_, rest) = readme.split_once(&format!("```text\n{first}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

#[test]
fn the_failing_check_of_the_readme_is_about_the_page_as_it_is() {
    let (readme, page) = (read("README.md"), read(PAGE));
    let line = |number: usize| page.lines().nth(number - 1).unwrap();
    let shown = block(&readme, "tcp-basics: run tcp-basics (mismatch)");

    // `path:LINE`, and what the line has to have in it.
    let mut named = 0;
    for told in shown.lines() {
        for (at, _) in told.match_indices(PAGE) {
            let rest = told[at + PAGE.len()..].strip_prefix(':').unwrap();
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let expected = match told {
                _ if told.starts_with("  at ") => "text run=tcp-basics",
                _ if told.ends_with("something else") => "Connected to server",
                _ => "<port:client>",
            };
            let found = line(rest[..end].parse().unwrap());
            assert!(found.contains(expected), "{told}\n{found}");
            named += 1;
        }
    }
    assert_eq!(named, 6);

    // `PAGE OUTPUT TEXT`: a line of the page, with what stood for its placeholders.
    let (_, diff) = shown.split_once(" page output\n").unwrap();
    let (diff, _) = diff.split_once("\n1 line of the page is missing").unwrap();
    let mut compared = 0;
    for told in diff.lines() {
        let columns = told.split_at_checked(5).unwrap_or((told, ""));
        let Ok(number) = columns.0.trim().parse() else {
            continue;
        };
        let text = columns.1.get(7..).unwrap_or_default().trim_start();
        let text = text.strip_prefix("- ").unwrap_or(text);
        let promised = Transcript::parse(line(number), Order::Total, &Kinds::default()).unwrap();
        let printed = format!("{text}\n");
        let comparison = promised.compare(printed.as_bytes());
        assert!(comparison.matches(), "{told}\n{}", line(number));
        compared += 1;
    }
    assert_eq!(compared, 7);
}
