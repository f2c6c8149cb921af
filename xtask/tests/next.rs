//! What `cargo xtask` alone says, on each step of a learner's way. Nothing is built here:
//! the learner's folder is laid out by hand.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{
    fs::{self, File},
    time::{Duration, SystemTime},
};

use course::{Course, Page};

/// Lessons of the first phase with one judged challenge each, `five`, and with the
/// lessons that each builds on.
fn course(lessons: &[(&str, &str)]) -> Course {
    let course = Course::new();
    for (sequence, (id, prerequisites)) in (1..).zip(lessons) {
        let folder = course.add(&Page::named(id, sequence));
        let page = fs::read_to_string(folder.join("lesson.md")).unwrap();
        let page = page.replace(
            "prerequisites: []",
            &format!("prerequisites: [{prerequisites}]"),
        );
        fs::write(folder.join("lesson.md"), page).unwrap();
        write(
            &course,
            &format!("{}/Cargo.toml", challenges(id, sequence)),
            "",
        );
        let starter = format!("{}/starters/five.rs", challenges(id, sequence));
        write(&course, &starter, "fn main() {}\n");
    }
    course
}

fn challenges(id: &str, sequence: u32) -> String {
    format!("lessons/01-tests/{sequence:02}-{id}/challenges")
}

fn write(course: &Course, file: &str, text: &str) {
    let path = course.root().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The learner's file for the challenge of a lesson, saved that many minutes ago.
fn saved(course: &Course, lesson: &str, text: &str, minutes_ago: u64) {
    write(course, &format!("practice/{lesson}/Cargo.toml"), "");
    let file = format!("practice/{lesson}/src/bin/five.rs");
    write(course, &file, text);
    let time = SystemTime::now() - Duration::from_mins(minutes_ago);
    let file = File::options().write(true).open(course.root().join(file));
    file.unwrap().set_modified(time).unwrap();
}

fn met(course: &Course, lessons: &[(&str, usize)]) {
    let noted = lessons
        .iter()
        .map(|(lesson, met)| format!("[{lesson}.five]\nmet = {met}\nof = 2\n"));
    write(course, "practice/progress.toml", &noted.collect::<String>());
}

/// What is said; the exit code is always 0.
fn said(course: &Course) -> String {
    let told = course.xtask(&[]);
    assert_eq!(told.code, 0, "{}", told.whole());
    assert_eq!(told.stderr, "");
    told.stdout
}

#[test]
fn a_new_learner_is_shown_the_first_steps() {
    insta::assert_snapshot!(said(&course(&[("one", ""), ("two", "one")])));
}

#[test]
fn what_is_under_way_is_named_with_the_command_to_type() {
    let course = course(&[("one", ""), ("two", "one")]);
    saved(&course, "one", "fn main() { /* mine */ }\n", 5);
    met(&course, &[("one", 1)]);
    insta::assert_snapshot!(said(&course));
}

#[test]
fn a_program_in_another_language_is_under_way_too() {
    let course = course(&[("one", ""), ("two", "one")]);
    saved(&course, "two", "fn main() { /* mine */ }\n", 5);
    write(&course, "mine/five.mjs", "");
    let progress = "[one.five]\nmet = 1\nof = 2\n[one.five.program]\nline = \"node five.mjs\"\nfolder = \"mine\"\n";
    write(&course, "practice/progress.toml", progress);
    insta::assert_snapshot!(said(&course));
}

#[test]
fn prerequisites_decide_which_lesson_is_next() {
    let course = course(&[("one", ""), ("two", "one"), ("three", "")]);
    met(&course, &[("three", 2)]);
    assert!(said(&course).contains("cargo xtask start one"));
    met(&course, &[("one", 2), ("three", 2)]);
    assert!(said(&course).contains("cargo xtask start two"));
}

#[test]
fn of_several_lessons_under_way_the_last_that_was_worked_on_comes_first() {
    let course = course(&[("one", ""), ("two", "one")]);
    saved(&course, "one", "fn main() {}\n", 10);
    saved(&course, "two", "fn main() {}\n", 5);
    let first = said(&course);
    assert!(first.contains("cargo xtask verify two five"), "{first}");
    assert!(
        first.contains("It builds on one, which is not met yet"),
        "{first}"
    );
    saved(&course, "one", "fn main() { /* mine */ }\n", 1);
    let then = said(&course);
    assert!(then.contains("cargo xtask verify one five"), "{then}");
}

#[test]
fn a_lesson_without_challenges_is_read_and_keeps_nothing_back() {
    let course = course(&[("one", ""), ("two", "one")]);
    fs::remove_dir_all(course.root().join(challenges("one", 1))).unwrap();
    let said = said(&course);
    assert!(
        said.contains("Read before  lessons/01-tests/01-one/lesson.md"),
        "{said}"
    );
    assert!(said.contains("cargo xtask start two"), "{said}");
}

#[test]
fn a_course_with_everything_met_says_so() {
    let course = course(&[("one", ""), ("two", "one")]);
    met(&course, &[("one", 2), ("two", 2)]);
    insta::assert_snapshot!(said(&course));
}

#[test]
fn a_course_in_which_nothing_is_judged_is_read() {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let told = said(&course);
    assert!(
        told.contains("lessons/01-tests/01-echo/lesson.md"),
        "{told}"
    );
    assert!(said(&Course::new()).contains("no lesson in this course yet"));
}

#[test]
fn damaged_progress_is_said_and_keeps_nothing_back() {
    let course = course(&[("one", "")]);
    write(
        &course,
        "practice/progress.toml",
        "[one.five]\nmet = many\n",
    );
    let told = course.xtask(&[]);
    assert_eq!(told.code, 0, "{}", told.whole());
    assert!(
        told.stderr.contains("your progress is not shown"),
        "{}",
        told.stderr
    );
    assert!(
        told.stdout.contains("cargo xtask start one"),
        "{}",
        told.stdout
    );
}
