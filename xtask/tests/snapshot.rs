//! `snapshot`: what it writes down is what a program does that is left alone. What the
//! snapshots of real lessons look like is looked at in `lessons.rs`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::fs;

use course::{Page, judged};

#[test]
fn there_is_no_snapshot_of_a_program_that_had_to_be_ended() {
    let course = judged::course();
    let snapshot = course.root().join("xtask/tests/snapshots/echo.snap");
    fs::create_dir_all(snapshot.parent().unwrap()).unwrap();
    for (script, happened) in [
        ("echo hello; exec sleep 600", "was still running after 1 s"),
        ("exec yes", "printed more than"),
        ("echo hello; sleep 600 &", "left a process behind"),
    ] {
        let mut page = Page::new(script, "hello\n");
        page.front.push_str("timeout_seconds: 1\n");
        course.add(&page);
        let told = course.xtask(&["snapshot", "echo"]);
        assert_eq!(told.code, 2, "{}", told.whole());
        let refused = "no snapshot of `echo` without a whole run of its program `say`: It ";
        for part in [refused, happened] {
            assert!(told.stderr.contains(part), "{part}: {}", told.whole());
        }
        assert!(!snapshot.exists());
    }
    // How it ends by itself is for the reviewers to see.
    course.add(&Page::new("echo hello; exit 7", "hello\n"));
    let told = course.xtask(&["snapshot", "echo"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let text = fs::read_to_string(snapshot).unwrap();
    assert!(
        text.contains("## run say: exit code 7\n\n    hello\n"),
        "{text}"
    );
}
