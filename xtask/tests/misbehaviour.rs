//! Programs that nobody vouches for: whatever they do, the check ends, says
//! what happened, and leaves nothing behind.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{collections::BTreeMap, fs};

use course::{Course, Page, left_behind};
use nix::sys::resource::{UsageWho, getrusage};
use serde_json::Value;

/// What `xtask` may take of memory, whatever the programs do, in KiB.
const MOST_MEMORY: i64 = 256 << 10;

/// A script for `sh`, what the page promises, and what becomes of the check.
/// `SLEEP` in a script is a sleep that outlasts every limit, and can be told
/// from any other.
const SCRIPTS: &[(&str, &str, &str, &str)] = &[
    ("endless-output", "exec yes", "y\n", "too-much-output"),
    (
        "endless-line",
        r"exec tr '\0' x < /dev/zero",
        "x\n",
        "too-much-output",
    ),
    ("sleeps", "exec SLEEP", "", "timed-out"),
    (
        "deaf",
        "trap '' TERM INT HUP; while :; do SLEEP; done",
        "",
        "timed-out",
    ),
    ("holds-the-pipe", "SLEEP & echo hello", "hello\n", "leaked"),
    (
        "daemon",
        "setsid SLEEP >/dev/null 2>&1 </dev/null & echo hello",
        "hello\n",
        "leaked",
    ),
    (
        "fifty-children",
        "for i in $(seq 50); do SLEEP & done; echo hello",
        "hello\n",
        "leaked",
    ),
    ("closes-its-outputs", "exec >&- 2>&-; exit 0", "", "passed"),
    (
        "dies-by-signal",
        "echo hello; kill -SEGV $$",
        "hello\n",
        "crashed",
    ),
    (
        "wrong-exit-code",
        "echo hello; exit 7",
        "hello\n",
        "crashed",
    ),
    ("not-utf-8", r"printf 'a\377b\n'", "a<byte ff>b\n", "passed"),
    ("nul", r"printf 'a\000b\n'", "a<byte 00>b\n", "passed"),
    (
        "escapes",
        r"printf '\033]0;title\007\033[31mred\033[0m\n'",
        "red\n",
        "passed",
    ),
    ("reads-its-input", "cat; echo done", "done\n", "passed"),
    (
        "floods-standard-error",
        "head -c 100000000 /dev/zero >&2; echo done",
        "done\n",
        "too-much-output",
    ),
];

fn course(sleep: &str) -> Course {
    let mut page = Page::named("echo", 1);
    page.front.push_str("timeout_seconds: 1\ncommands:\n");
    for (name, script, promised, _) in SCRIPTS {
        let script = script.replace("SLEEP", sleep);
        page = page
            .command(name, &["sh", "-c", &script])
            .block(&format!("run={name}"), promised);
    }
    for (name, program) in [("absent", "./absent"), ("plain-file", "./plain.txt")] {
        page = page
            .command(name, &[program])
            .block(&format!("run={name}"), "");
    }
    let course = Course::of(&page);
    fs::write(course.lesson("echo", 1).join("plain.txt"), "no program\n").unwrap();
    course
}

fn statuses(document: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let checks = document["checks"].as_array().unwrap();
    checks
        .iter()
        .map(|check| (text(&check["check"]), text(&check["status"])))
        .collect()
}

fn expected() -> BTreeMap<String, String> {
    let scripts = SCRIPTS
        .iter()
        .map(|(name, _, _, status)| (format!("run {name}"), (*status).to_owned()));
    let others = [
        ("page", "passed"),
        ("run absent", "unbuilt"),
        ("run plain-file", "unbuilt"),
    ];
    scripts
        .chain(others.map(|(name, status)| (name.to_owned(), status.to_owned())))
        .collect()
}

fn each_gets_its_status_and_nothing_is_left(isolation: &str, duration: u32) {
    // The process of this test is in the number too, so that two at once differ.
    let duration = format!("{duration}{}", std::process::id());
    let told = course(&format!("sleep {duration}")).xtask(&[
        "check",
        "--format",
        "json",
        "--isolation",
        isolation,
    ]);
    let document = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(statuses(&document), expected(), "{}", told.stdout);
    assert_eq!(told.code, 2, "the unbuilt ones could not be checked");
    assert!(
        !told.stdout.contains('\u{1b}'),
        "escapes are shown, never sent"
    );
    assert_eq!(left_behind(&duration), Vec::<String>::new());
    // The largest of all that this process has waited for: `xtask`, and what it ran.
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss();
    assert!(peak < MOST_MEMORY, "{peak} KiB");
}

#[test]
fn each_misbehaviour_has_its_status_without_isolation() {
    each_gets_its_status_and_nothing_is_left("off", 71);
}

#[test]
fn each_misbehaviour_has_its_status_where_isolation_can_be_had() {
    each_gets_its_status_and_nothing_is_left(course::isolation(), 72);
}
