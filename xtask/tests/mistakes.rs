//! A lesson with twenty mistakes in it, in page, programs and challenge: one check names
//! them all, each with its place. That each says what to do is for the snapshot's reader to
//! see: a sentence that the test knows by heart would hide it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{fs, path::Path};

use course::Course;
use regex::Regex;

/// One mistake: a change to a file of the lesson, and what has to be told of it.
struct Mistake {
    file: &'static str,
    /// Stands in the file once; where it is empty, the file is new.
    replace: &'static str,
    with: &'static str,
    /// Where it is told: a file of the lesson, and behind `@` what begins on its line.
    place: &'static str,
}

const fn mistake(
    file: &'static str,
    replace: &'static str,
    with: &'static str,
    place: &'static str,
) -> Mistake {
    Mistake {
        file,
        replace,
        with,
        place,
    }
}

const MISTAKES: [Mistake; 20] = [
    // The page.
    mistake(
        "lesson.md",
        "difficulty: beginner",
        "difficulty: begginer",
        "lesson.md@difficulty:",
    ),
    mistake(
        "lesson.md",
        "tags: [twenty-mistakes]",
        "tags: []",
        "lesson.md@tags:",
    ),
    mistake(
        "lesson.md",
        "prerequisites: []",
        "prerequisites: [tcp-basics]",
        "lesson.md@prerequisites:",
    ),
    mistake(
        "lesson.md",
        "estimated_minutes: 15",
        "estimated_minutes: 0",
        "lesson.md@estimated_minutes:",
    ),
    mistake(
        "lesson.md",
        "> One thought",
        "One thought",
        "lesson.md@## Key Insight",
    ),
    mistake(
        "lesson.md",
        "println!(\"[client] Said hello, and nothing more\");",
        "println!(\"[client] Said nothing\");",
        "lesson.md@```rust file=experiment/src/main.rs#story",
    ),
    mistake(
        "lesson.md",
        "127.0.0.1:<port>",
        "127.0.0.1:<prot>",
        "lesson.md@127.0.0.1:<prot>",
    ),
    mistake(
        "lesson.md",
        "Say what to see in it.",
        "```text run=twenty-mistakes-wrnog exits=1\nwrong\n```\n\nSay what to see in it.",
        "lesson.md@run=twenty-mistakes-wrnog",
    ),
    mistake(
        "lesson.md",
        "## Deep Dive\n",
        "2. `wave`: say good-bye.\n\n## Deep Dive\n\n```rust file=experiment/src/mian.rs\n```\n",
        "lesson.md@2. `wave`",
    ),
    mistake(
        "lesson.md",
        "## Common Mistakes",
        "## Frequent Mistakes",
        "lesson.md@## Frequent Mistakes",
    ),
    // The programs.
    mistake(
        "experiment/src/bin/loud.rs",
        "",
        "//! Says hello.\n\nfn main() {\n    println!(\"HELLO\");\n}\n",
        "experiment/src/bin/loud.rs",
    ),
    mistake(
        "experiment/src/bin/twenty-mistakes-other.rs",
        "",
        "//! Says something else.\n\nfn main() {\n    println!(\"other\");\n}\n",
        "lesson.md@one\n```\n\n```text run=failing",
    ),
    mistake(
        "experiment/src/bin/twenty-mistakes-failing.rs",
        "",
        "//! Fails.\n\nfn main() {\n    println!(\"one\");\n    std::process::exit(3);\n}\n",
        "lesson.md@run=failing",
    ),
    mistake(
        "experiment/src/bin/twenty-mistakes-broken.rs",
        "",
        "//! Does not compile.\n\nfn main() {\n    println!(\"one\")\n    println!(\"two\");\n}\n",
        "lesson.md@run=broken",
    ),
    // The challenge.
    mistake(
        "challenges/solutions/greet.rs",
        "b\"hello\\n\"",
        "b\"hallo\\n\"",
        "challenges/solutions/greet.rs",
    ),
    mistake(
        "challenges/starters/greet.rs",
        "Ok(String::new())",
        "let reader = tokio::io::BufReader::new(stream);\n    let mut lines = tokio::io::AsyncBufReadExt::lines(reader);\n    Ok(lines.next_line().await?.unwrap_or_default())",
        "challenges/starters/greet.rs",
    ),
    mistake(
        "challenges/mutants.toml",
        "fails = \"the answer is printed whole, wherever it is cut\"",
        "fails = \"the answer is printed whole, whereever it is cut\"",
        "challenges/mutants.toml@[[mutant]]\nchallenge = \"greet\"\nfails = \"the answer is printed whole, whereever",
    ),
    mistake(
        "challenges/mutants.toml",
        "\n[[mutant]]",
        "\n[[mutant]]\nchallenge = \"greet\"\nfails = \"the answer is printed whole, wherever it is cut\"\nreplace = 'read_until('\nwith = 'read('\n\n[[mutant]]",
        "challenges/mutants.toml@[[mutant]]\nchallenge = \"greet\"\nfails = \"the answer is printed whole, wherever",
    ),
    mistake(
        "challenges/src/greet.rs",
        "    .requires(\n",
        "    .requires(\n        \"it ends\",\n        \"a program that goes on for ever is in the way\",\n        |_| async { Ok(()) },\n    )\n    .requires(\n",
        "challenges/mutants.toml",
    ),
    mistake(
        "challenges/hints/greet.md",
        "## What a read gives",
        "## What to think of\n\n## What a read gives",
        "challenges/hints/greet.md",
    ),
];

/// The place as the report tells it.
fn told_place(folder: &Path, place: &str) -> String {
    let shown = "lessons/01-tests/01-twenty-mistakes";
    let Some((file, text)) = place.split_once('@') else {
        return format!("{shown}/{place}");
    };
    let whole = fs::read_to_string(folder.join(file)).unwrap();
    let (before, _) = whole.split_once(text).unwrap();
    format!("{shown}/{file}:{}", before.matches('\n').count() + 1)
}

fn make(folder: &Path, mistake: &Mistake) {
    let path = folder.join(mistake.file);
    if mistake.replace.is_empty() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, mistake.with).unwrap();
        return;
    }
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(
        text.matches(mistake.replace).count(),
        1,
        "{}: {}",
        mistake.file,
        mistake.replace
    );
    fs::write(path, text.replacen(mistake.replace, mistake.with, 1)).unwrap();
}

#[test]
fn one_check_names_all_twenty_each_with_its_place_and_what_to_do() {
    let course = Course::workspace();
    let told = course.xtask(&["new", "twenty-mistakes", "--phase-title", "Tests"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let folder = course.lesson("twenty-mistakes", 1);
    for mistake in &MISTAKES {
        make(&folder, mistake);
    }
    let blocks = ["other", "failing", "broken"]
        .map(|program| format!("```text run={program}\none\n```\n\n"))
        .concat();
    let page = fs::read_to_string(folder.join("lesson.md")).unwrap();
    let page = page.replace(
        "Say what to see in it.",
        &format!("{blocks}Say what to see in it."),
    );
    fs::write(folder.join("lesson.md"), page).unwrap();

    let told = course.xtask(&["check", "--challenges"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    let missing: Vec<String> = MISTAKES
        .iter()
        .map(|mistake| told_place(&folder, mistake.place))
        .filter(|place| !told.stdout.contains(place))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}\n{}", told.whole());
    // Of mutants that cannot be made, cargo is asked nothing.
    assert!(!told.stderr.contains("manifest"), "{}", told.whole());
    insta::assert_snapshot!(without_chance(&told.stdout));

    // What is the same of several checks is told once on GitHub too.
    let summary = course.root().join("summary.md");
    let mut github = course.command(&["check", "--challenges", "--format", "github"]);
    github
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let summary = fs::read_to_string(summary).unwrap();
    let once = "### twenty-mistakes: stand-in greet does-nothing, stand-in greet exits-at-once, \
                stand-in greet fails-at-once, stand-in greet never-answers — mismatch\n";
    assert!(summary.contains(once), "{summary}");
}

/// The report without what differs from run to run: ports, times, where cargo builds, and
/// what a program still does that the judge has given up.
fn without_chance(report: &str) -> String {
    [
        (r"(?m)^ +[0-9.]+ s  greet +(says|ends).*\n", ""),
        (r"127\.0\.0\.1:[0-9]+", "127.0.0.1:PORT"),
        (r"[0-9]+\.[0-9]+ s\b", "TIME"),
        (r"is started: \S+/", "is started: TARGET/"),
    ]
    .into_iter()
    .fold(report.to_owned(), |text, (pattern, with)| {
        Regex::new(pattern)
            .unwrap()
            .replace_all(&text, with)
            .into_owned()
    })
}
