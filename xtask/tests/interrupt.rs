//! Ctrl-C in the middle of a check.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use course::{Course, Page, judged, left_behind};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// Interrupts a command that checks two programs, of which one ends and the other never
/// would. Gives what it has told on its outputs.
fn interrupt(args: &[&str], duration: u32) -> [String; 2] {
    // The process of this test is in the number too, so that two at once differ.
    let duration = format!("{duration}{}", std::process::id());
    let mut page = Page::named("echo", 1);
    page.front.push_str("timeout_seconds: 600\ncommands:\n");
    // A writer of this pipe waits for a reader, and the other way round.
    let endless = format!("echo here > started; sleep {duration} & sleep {duration}");
    let page = page
        .command("quick", &["echo", "hello"])
        .block("run=quick", "hello\n")
        .command("endless", &["sh", "-c", &endless])
        .block("run=endless", "");
    let course = Course::of(&page);
    let started = course.lesson("echo", 1).join("started");
    let made = Command::new("mkfifo").arg(&started).status().unwrap();
    assert!(made.success());

    let check = course
        .command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(fs::read_to_string(&started).unwrap(), "here\n");
    let pid = i32::try_from(check.id()).unwrap();
    kill(Pid::from_raw(pid), Signal::SIGINT).unwrap();

    let output = check.wait_with_output().unwrap();
    let told = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    assert_eq!(output.status.code(), Some(2), "{told:?}");
    assert_eq!(left_behind(&duration), Vec::<String>::new());
    told
}

/// One program has ended by then.
fn interrupted(isolation: &str, duration: u32) {
    let args = ["check", "--jobs", "1", "--isolation", isolation];
    let [stdout, _] = interrupt(&args, duration);
    assert!(stdout.contains("1 run)"), "what is known is told: {stdout}");
    assert!(
        stdout.contains("interrupted before the others were checked"),
        "{stdout}"
    );
}

#[test]
fn ctrl_c_ends_everything_and_tells_what_is_known() {
    interrupted("off", 73);
}

#[test]
fn ctrl_c_ends_everything_where_isolation_can_be_had_too() {
    interrupted("auto", 74);
}

#[test]
fn a_book_that_is_interrupted_says_nothing_of_pages_that_do_not_hold() {
    let [_, stderr] = interrupt(&["book"], 75);
    assert!(
        stderr.contains("no book is made before all pages are proved"),
        "{stderr}"
    );
}

#[test]
fn ctrl_c_ends_the_proof_of_challenges_too() {
    let course = judged::course();
    let said = course.root().join("said");
    let made = Command::new("mkfifo").arg(&said).status().unwrap();
    assert!(made.success());
    // The solution is judged before the starter, which holds the pipe as long as it lives.
    let starter = format!(
        "use std::{{fs::File, io::Write, thread, time::Duration}};
        fn main() {{
            let mut said = File::options().write(true).open({said:?}).unwrap();
            writeln!(said, \"here\").unwrap();
            thread::sleep(Duration::from_secs(60));
            writeln!(said, \"still here\").unwrap();
        }}"
    );
    judged::challenge(&course, "starters/five.rs", &starter);

    let check = course
        .command(&["check", "--challenges"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(File::open(&said).unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "here\n");
    let pid = i32::try_from(check.id()).unwrap();
    kill(Pid::from_raw(pid), Signal::SIGINT).unwrap();

    let output = check.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stdout}");
    assert!(stdout.contains("1 solution"), "{stdout}");
    assert!(!stdout.contains("starter"), "{stdout}");
    assert!(
        stdout.contains("interrupted before the others were checked"),
        "{stdout}"
    );
    let mut more = String::new();
    said.read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "the starter was ended");
}
