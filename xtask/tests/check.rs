//! `check`, seen from outside: exit codes, statuses, and what it tells.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use course::{Course, Page, judged};

#[test]
fn a_page_that_is_true_passes() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_page_that_is_not_true_fails_with_what_differs() {
    let course = Course::of(&Page::new(
        "echo one; echo two; echo three",
        "one\ntoo\nthree\n",
    ));
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_program_that_fails_is_shown_with_what_it_printed() {
    let course = Course::of(&Page::new(
        "echo one; echo 'no more' >&2; exit 3",
        "one\ntwo\n",
    ));
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn an_exit_code_can_be_promised() {
    let page = Page::named("echo", 1)
        .command("say", &["sh", "-c", "echo one; exit 3"])
        .block("run=say exit=3", "one\n");
    assert_eq!(Course::of(&page).xtask(&["check"]).code, 0);
}

#[test]
fn a_signal_can_be_promised() {
    let page = Page::named("echo", 1)
        .command("say", &["sh", "-c", "echo one; kill -ABRT $$"])
        .block("run=say exit=SIGABRT", "one\n");
    let told = Course::of(&page).xtask(&["check"]);
    assert_eq!(told.code, 0, "{}", told.whole());
}

#[test]
fn every_signal_that_ends_a_program_can_be_promised() {
    let signals = "ABRT ALRM BUS FPE HUP ILL INT KILL PIPE PROF QUIT SEGV SYS TERM TRAP USR1 USR2 VTALRM XCPU XFSZ";
    let mut signals: Vec<_> = signals.split(' ').map(|name| (name, name)).collect();
    if cfg!(target_os = "linux") {
        // Not every shell knows these by their names.
        signals.extend([
            ("IO", "29"),
            ("POLL", "29"),
            ("PWR", "30"),
            ("STKFLT", "16"),
        ]);
    }
    let page = signals
        .iter()
        .fold(Page::named("echo", 1), |page, (name, signal)| {
            let command = format!("end-{}", name.to_lowercase());
            let script = format!("echo one; kill -{signal} $$");
            page.command(&command, &["sh", "-c", &script])
                .block(&format!("run={command} exit=SIG{name}"), "one\n")
        });
    let told = Course::of(&page).xtask(&["check"]);
    assert_eq!(told.code, 0, "{}", told.whole());
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_without_a_name_is_not_advised() {
    let page = Page::named("echo", 1)
        .command("say", &["sh", "-c", "echo one; kill -40 $$"])
        .block("run=say", "one\n");
    let told = Course::of(&page).xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn both_outputs_of_one_run_share_its_names() {
    let page = |second: &str| {
        Page::named("echo", 1)
            .command("say", &["sh", "-c", "echo on 4000; echo at 4001 >&2"])
            .block("run=say", "on <port:one>\n")
            .block("stderr=say", &format!("at {second}\n"))
    };
    assert_eq!(Course::of(&page("<port:two>")).xtask(&["check"]).code, 0);
    let told = Course::of(&page("<port:one>")).xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_program_that_is_not_there_is_unbuilt_and_the_others_are_checked() {
    let page = Page::new("echo hello", "hello\n")
        .command("absent", &["no-such-program-anywhere"])
        .block("run=absent", "");
    let told = Course::of(&page).xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_misspelt_key_is_told_with_its_place() {
    let mut page = Page::new("echo hello", "hello\n");
    page.front.push_str("dificulty: beginner\n");
    let told = Course::of(&page).xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_listing_that_is_not_its_file_has_drifted() {
    let page = Page::new("echo hello", "hello\n").block("file=story.txt", "It was a dark night.\n");
    let course = Course::of(&page);
    fs::write(
        course.lesson("echo", 1).join("story.txt"),
        "It was a bright night.\n",
    )
    .unwrap();
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_page_that_changes_while_its_program_runs_is_invalid() {
    let page = Page::new("echo >> lesson.md; echo hello", "hello\n");
    let told = Course::of(&page).xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_page_that_cannot_be_read_is_told_with_the_reason_only() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let page = course.lesson("echo", 1).join("lesson.md");
    fs::write(&page, b"---\nid: echo\ntitle: caf\xe9\n---\n").unwrap();
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn one_lesson_can_be_checked_alone() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    course.add(&Page {
        id: "wrong".into(),
        sequence: 2,
        ..Page::new("echo hello", "good-bye\n")
    });
    assert_eq!(course.xtask(&["check", "echo"]).code, 0);
    assert_eq!(course.xtask(&["check", "1.2"]).code, 1);
    assert_eq!(course.xtask(&["check"]).code, 1);
}

#[test]
fn a_name_that_fits_no_lesson_is_an_error_that_names_the_nearest() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let told = course.xtask(&["check", "ecko"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn repeated_runs_are_summed_up_in_a_line() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let told = course.xtask(&["check", "--repeat", "20", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_program_that_is_right_only_sometimes_is_flaky() {
    // Right the first time, wrong from then on; one at a time, so that the
    // count does not depend on the machine.
    let script = "if [ -e seen ]; then echo again; else touch seen; echo hello; fi";
    let course = Course::of(&Page::new(script, "hello\n"));
    let told = course.xtask(&[
        "check",
        "--repeat",
        "5",
        "--jobs",
        "1",
        "--isolation",
        "off",
    ]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_run_that_could_not_be_made_is_no_fault_of_the_program() {
    let page = Page::named("echo", 1)
        .command("once", &["./once.sh"])
        .block("run=once", "hello\n");
    let course = Course::of(&page);
    let script = course.lesson("echo", 1).join("once.sh");
    fs::write(&script, "#!/bin/sh\nrm once.sh\necho hello\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let told = course.xtask(&["check", "--repeat", "3", "--jobs", "1"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn two_uses_of_a_program_are_told_apart_by_their_arguments() {
    let page = Page::named("echo", 1)
        .command("say", &["echo"])
        .block("run=say args=\"a b\"", "a b\n")
        .block("run=say args=c", "c\n");
    let told = Course::of(&page).xtask(&["check", "--repeat", "2", "--jobs", "1"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn the_first_failure_can_be_the_last() {
    let course = Course::new();
    for sequence in 1..=3 {
        let mut page = Page::new("echo printed", "promised\n");
        page.id = format!("lesson-{sequence}");
        page.sequence = sequence;
        course.add(&page);
    }
    let told = course.xtask(&["check", "--fail-fast", "--jobs", "1"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_last_failure_leaves_nothing_unchecked() {
    let course = Course::of(&Page::new("echo printed", "promised\n"));
    let told = course.xtask(&["check", "--fail-fast"]);
    assert_eq!(told.code, 1);
    assert!(!told.stdout.contains("not checked"), "{}", told.stdout);
}

#[test]
fn no_challenge_is_judged_once_one_failure_was_to_be_the_last() {
    let course = judged::course();
    let mut page = Page::new("echo printed", "promised\n");
    page.id = "other".to_owned();
    page.sequence = 2;
    course.add(&page);
    let told = course.xtask(&["check", "--challenges", "--fail-fast"]);
    assert_eq!(told.code, 1, "{}", told.stdout);
    let words = "the others were not checked (--fail-fast)";
    assert!(told.stdout.contains(words), "{}", told.stdout);
    assert!(!told.stdout.contains("solution"), "{}", told.stdout);
}

#[test]
fn more_programs_at_once_than_there_is_room_for_are_an_error() {
    let course = Course::of(&Page::new("echo printed", "printed\n"));
    let check = course.command(&["check", "--repeat", "50", "--jobs", "50"]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 256; exec \"$@\"", "sh"])
        .arg(check.get_program())
        .args(check.get_args());
    let output = limited.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    let words = "error: cannot run 50 programs side by side: give fewer `--jobs`";
    assert!(stderr.contains(words), "{stderr}");
}

#[test]
fn a_program_that_runs_too_long_is_ended() {
    let course = Course::of(&Page::new("echo hello; exec sleep 600", "hello\n"));
    let told = course.xtask(&["check", "--timeout", "0.2", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());
}

#[test]
fn a_course_that_is_not_there_is_an_error() {
    let course = Course::new();
    fs::remove_dir(course.root().join("lessons")).unwrap();
    let told = course.xtask(&["check"]);
    insta::assert_snapshot!(told.whole());
}
