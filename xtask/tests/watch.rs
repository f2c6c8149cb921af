//! Saving files while `xtask watch` looks on, through a pipe.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use course::{Course, Page, judged, left_behind};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// When to give up: nothing waits for so long.
const STUCK: Duration = Duration::from_mins(2);

/// `xtask watch`, and the lines that it prints.
struct Watching {
    watch: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(course: &Course, args: &[&str]) -> Self {
        let mut watch = course
            .command(&[&["watch"], args].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (tell, lines) = channel();
        let stdout = watch.stdout.take().unwrap();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                if tell.send(line.unwrap()).is_err() {
                    break;
                }
            }
        });
        let watching = Self { watch, lines };
        watching.until("watching ");
        watching
    }

    /// The lines up to the first with this text in it.
    fn until(&self, text: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        while lines.last().is_none_or(|line| !line.contains(text)) {
            let next = self.lines.recv_timeout(STUCK);
            assert!(next.is_ok(), "no {text:?} in {lines:#?}");
            lines.extend(next);
        }
        lines
    }

    /// Presses Ctrl-C, and gives the lines that are left.
    fn interrupt(mut self) -> Vec<String> {
        let pid = i32::try_from(self.watch.id()).unwrap();
        kill(Pid::from_raw(pid), Signal::SIGINT).unwrap();
        assert_eq!(self.watch.wait().unwrap().code(), Some(0));
        self.lines.iter().collect()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // Where a test has failed; otherwise it has ended.
        let _ = self.watch.kill();
        let _ = self.watch.wait();
    }
}

/// What was saved, as it was told.
fn saved(lines: &[String]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line.strip_prefix("saved "))
        .collect()
}

/// A pipe with a name: who writes into it waits for a reader, and the other way round.
fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[test]
fn a_page_that_no_longer_holds_is_told_and_then_that_it_holds_again() {
    let right = Page::new("echo hello", "hello\n");
    let wrong = Page::new("echo hello", "goodbye\n");
    let course = Course::of(&right);
    let watching = Watching::begin(&course, &[]);
    course.add(&wrong);
    let told = watching.until("1 of 2 checks passed, 1 failed").join("\n");
    assert!(told.contains(" mismatch  echo  (run say)"), "{told}");
    assert!(told.contains("- goodbye"), "{told}");
    course.add(&right);
    let told = watching.until("2 of 2 checks passed");
    assert_eq!(saved(&told), ["lessons/01-tests/01-echo/lesson.md"]);
    watching.interrupt();
}

#[test]
fn it_begins_with_the_lesson_that_is_named_and_with_what_is_worked_on() {
    let course = judged::course();
    course.xtask(&["start", "echo"]);
    let watching = Watching::begin(&course, &["echo"]);
    watching.until("2 of 2 checks passed");
    assert_eq!(watching.interrupt(), <[&str; 0]>::default());

    let half = "fn main() { println!(\"says yes\") }\n";
    judged::write(&course, "practice/echo/src/bin/five.rs", half);
    let watching = Watching::begin(&course, &["echo"]);
    watching.until("2 of 2 checks passed");
    watching.until("not met  echo five: 1 of 2 requirements are met");
    watching.interrupt();
    let watching = Watching::begin(&course, &[]);
    let told = watching.until("not met  echo five: 1 of 2 requirements are met");
    assert!(!told.concat().contains("checks passed"), "{told:#?}");
    watching.interrupt();
}

#[test]
fn it_ends_when_nobody_reads_it_any_more() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let mut watch = course
        .command(&["watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(watch.stdout.take().unwrap());
    stdout.read_line(&mut String::new()).unwrap();
    drop(stdout);
    let told = watch.wait_with_output().unwrap();
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&told.stderr), "");
}

#[test]
fn files_that_are_not_the_courses_start_nothing() {
    let page = Page::new("echo hello", "hello\n");
    let course = Course::of(&page);
    fs::create_dir_all(course.root().join("practice")).unwrap();
    fs::create_dir_all(course.root().join("target/debug")).unwrap();
    let watching = Watching::begin(&course, &[]);
    for file in [
        "README.md",
        "target/debug/echo",
        "practice/progress.toml",
        "lessons/01-tests/01-echo/.lesson.md.swp",
        "lessons/01-tests/01-echo/lesson.md~",
        "lessons/01-tests/01-echo/#lesson.md#",
        "lessons/01-tests/01-echo/4913",
    ] {
        fs::write(course.root().join(file), "noise\n").unwrap();
    }
    fs::remove_file(course.lesson("echo", 1).join("4913")).unwrap();
    fs::read_to_string(course.lesson("echo", 1).join("lesson.md")).unwrap();
    course.add(&page);
    let told = watching.until("2 of 2 checks passed");
    assert_eq!(saved(&told), ["lessons/01-tests/01-echo/lesson.md"]);
    assert_eq!(saved(&watching.interrupt()), <[&str; 0]>::default());
}

#[test]
fn what_a_program_leaves_in_its_folder_starts_nothing() {
    let page = Page::new("date +%s%N > left; echo hello", "hello\n");
    let other = Page::new("echo hello", "hello\n");
    let other = Page {
        id: "other".to_owned(),
        sequence: 2,
        ..other
    };
    let course = Course::of(&page);
    course.add(&other);
    let watching = Watching::begin(&course, &[]);
    course.add(&page);
    watching.until("2 of 2 checks passed");
    course.add(&other);
    let told = watching.until("2 of 2 checks passed");
    assert_eq!(saved(&told), ["lessons/01-tests/02-other/lesson.md"]);
    watching.interrupt();
}

#[test]
fn only_the_lesson_that_is_named_is_watched() {
    let page = Page::new("echo hello", "hello\n");
    let other = Page::named("other", 2);
    let course = Course::of(&page);
    course.add(&other);
    let watching = Watching::begin(&course, &["echo"]);
    watching.until("2 of 2 checks passed");
    course.add(&other);
    course.add(&page);
    let told = watching.until("2 of 2 checks passed");
    assert_eq!(saved(&told), ["lessons/01-tests/01-echo/lesson.md"]);
    watching.interrupt();
}

#[test]
fn folders_that_vanish_and_come_back_are_watched_on() {
    let page = Page::new("echo hello", "hello\n");
    let course = Course::of(&page);
    let watching = Watching::begin(&course, &[]);
    for folder in ["lessons", "lessons/01-tests", "lessons/01-tests/01-echo"] {
        let (folder, away) = (course.root().join(folder), course.root().join("away"));
        fs::rename(&folder, &away).unwrap();
        fs::rename(&away, &folder).unwrap();
        watching.until("2 of 2 checks passed");
        course.add(&page);
        let told = watching.until("2 of 2 checks passed");
        assert_eq!(saved(&told), ["lessons/01-tests/01-echo/lesson.md"]);
    }
    fs::remove_dir_all(course.root().join("lessons")).unwrap();
    course.add(&page);
    watching.until("2 of 2 checks passed");
    watching.interrupt();
}

#[test]
fn a_save_makes_a_round_that_is_going_on_begin_anew() {
    let duration = format!("75{}", std::process::id());
    let endless = Page::new(&format!("echo here > started; sleep {duration}"), "hello\n");
    let course = Course::of(&endless);
    let started = course.lesson("echo", 1).join("started");
    pipe(&started);
    let watching = Watching::begin(&course, &[]);
    course.add(&endless);
    assert_eq!(fs::read_to_string(&started).unwrap(), "here\n");
    course.add(&Page::new("echo hello", "hello\n"));
    let told = watching.until(" checks passed");
    assert_eq!(
        told.last().unwrap().split(" in ").next(),
        Some("2 of 2 checks passed")
    );
    assert_eq!(left_behind(&duration), Vec::<String>::new());
    watching.interrupt();
}

#[test]
fn ctrl_c_ends_a_program_that_is_being_checked() {
    let duration = format!("76{}", std::process::id());
    let mut page = Page::named("echo", 1);
    page.front.push_str("timeout_seconds: 600\n");
    let endless = format!("echo here > started; sleep {duration} & sleep {duration}");
    let page = page
        .command("say", &["sh", "-c", &endless])
        .block("run=say", "");
    let course = Course::of(&page);
    let started = course.lesson("echo", 1).join("started");
    pipe(&started);
    let watching = Watching::begin(&course, &[]);
    course.add(&page);
    assert_eq!(fs::read_to_string(&started).unwrap(), "here\n");
    let told = watching.interrupt().join("\n");
    assert!(
        !told.contains("checks passed"),
        "nothing was found out: {told}"
    );
    assert_eq!(left_behind(&duration), Vec::<String>::new());
}

#[test]
fn ctrl_c_ends_a_build_and_what_it_has_started() {
    let course = judged::course();
    let started = course.root().join("started");
    pipe(&started);
    // Cargo builds and runs this before anything else.
    let waits = format!(
        "fn main() {{ std::fs::write({started:?}, \"here\").unwrap(); loop {{ std::thread::park(); }} }}"
    );
    course.xtask(&["start", "echo"]);
    judged::write(&course, "practice/echo/build.rs", &waits);
    let watching = Watching::begin(&course, &[]);
    judged::write(&course, "practice/echo/src/bin/five.rs", judged::SOLUTION);
    assert_eq!(fs::read_to_string(&started).unwrap(), "here");
    watching.interrupt();
    let root = course.root().to_string_lossy();
    assert_eq!(left_behind(&root), Vec::<String>::new());
}

#[test]
fn a_challenge_is_judged_when_it_is_saved() {
    let course = judged::course();
    course.xtask(&["start", "echo"]);
    let watching = Watching::begin(&course, &["echo"]);
    watching.until("2 of 2 checks passed");
    let five = "practice/echo/src/bin/five.rs";
    judged::write(&course, five, "fn main() { five }\n");
    watching.until("unbuilt  echo five");
    watching.until("five.rs does not build");
    judged::write(&course, five, "fn main() { println!(\"says yes\") }\n");
    watching.until("not met  echo five: 1 of 2 requirements are met");
    watching.until("For a hint: cargo xtask hint echo five");
    judged::write(&course, five, judged::SOLUTION);
    watching.until("met  echo five: 2 of 2 requirements are met");
    let told = watching.until("Compare it with the reference solution");
    assert_eq!(saved(&told), <[&str; 0]>::default());
    watching.interrupt();
    let progress = judged::read(&course, "practice/progress.toml");
    assert!(progress.contains("met = 2"), "{progress}");
}

#[test]
fn a_judge_is_proved_when_something_of_a_challenge_is_saved() {
    let course = judged::course();
    let watching = Watching::begin(&course, &[]);
    let half = "fn main() { println!(\"says yes\"); let _ = \"says please\"; }";
    judged::challenge(&course, "solutions/five.rs", half);
    watching.until("mismatch  echo  (solution five)");
    watching.until("not met: says please");
    watching.until("7 of 8 checks passed, 1 failed");
    judged::challenge(&course, "solutions/five.rs", judged::SOLUTION);
    let told = watching.until("checks passed");
    assert_eq!(
        told.last().unwrap().split(" in ").next(),
        Some("2 of 2 checks passed")
    );
    let told = watching.until("checks passed");
    assert_eq!(
        told.last().unwrap().split(" in ").next(),
        Some("8 of 8 checks passed")
    );
    watching.interrupt();
}

#[test]
fn a_program_in_another_language_is_judged_when_it_is_saved() {
    let course = judged::course();
    course.xtask(&["start", "echo"]);
    let (program, part) = ("mine/five.sh", "mine/part.sh");
    judged::write(&course, program, ". mine/part.sh\n");
    judged::write(&course, part, "echo says yes\n");
    let watching = Watching::begin(&course, &[]);
    // Meanwhile, and from the folder that holds the course.
    let verify = course
        .command(&["verify", "echo", "five", "--command", "sh mine/five.sh"])
        .current_dir(course.root())
        .output()
        .unwrap();
    assert_eq!(verify.status.code(), Some(1), "{verify:?}");
    // What is told of this save comes after that has been heard of.
    course.add(&Page::new("echo hello", "hello\n"));
    watching.until("saved lessons/01-tests/01-echo/lesson.md");
    watching.until("2 of 2 checks passed");
    judged::write(&course, program, ". mine/part.sh; echo says please\n");
    watching.until("met  echo five: 2 of 2 requirements are met");
    judged::write(&course, part, "echo says maybe\n");
    watching.until("unclear  echo five: 1 of 2 requirements are met");
    // Work on what was laid out is judged instead.
    judged::write(&course, "practice/echo/src/bin/five.rs", judged::SOLUTION);
    watching.until("met  echo five: 2 of 2 requirements are met");
    watching.interrupt();
    let progress = judged::read(&course, "practice/progress.toml");
    assert!(!progress.contains("mine"), "{progress}");
}

#[test]
fn challenges_that_are_laid_out_meanwhile_are_watched_but_not_judged_yet() {
    let course = judged::course();
    let watching = Watching::begin(&course, &[]);
    course.xtask(&["start", "echo"]);
    watching.until("starter  echo five: it is still as it was laid out");
    judged::write(&course, "practice/echo/src/bin/five.rs", judged::SOLUTION);
    watching.until("met  echo five: 2 of 2 requirements are met");
    watching.interrupt();
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let told = course.xtask(&["watch", "eco"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    assert!(
        told.stderr.contains("did you mean `echo`?"),
        "{}",
        told.stderr
    );
}
