//! Every lesson as a reviewer sees it in a pull request: one snapshot a lesson.
//!
//! Lessons are found, not registered. After a change, `cargo xtask snapshot` writes what it
//! did to each of them. `COURSE_ROOT` names another course than this one, for
//! the test of the way that leads here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
};

use lesson::{Course, Lesson};
use xtask::{cargo::Cargo, programs::Programs, snapshot};

fn root() -> PathBuf {
    match env::var_os("COURSE_ROOT") {
        Some(root) => root.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
    }
}

fn snapshots() -> PathBuf {
    root().canonicalize().unwrap().join(snapshot::FOLDER)
}

fn course() -> Course {
    Course::open(root().canonicalize().unwrap()).unwrap()
}

#[test]
fn each_lesson_is_as_its_snapshot_says() {
    let course = course();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cargo = Cargo::default();
    let programs = runtime
        .block_on(Programs::build(&cargo, &course.root, &course.lessons))
        .unwrap();
    let check = |lesson: &Lesson| {
        let text = runtime
            .block_on(snapshot::of(&course.root, lesson, &programs))
            .unwrap();
        insta::with_settings!({
            snapshot_path => snapshots(),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(lesson.id.as_str(), text);
        });
    };
    // Every lesson gets its turn, so that one review shows them all.
    let failures: Vec<_> = course
        .lessons
        .iter()
        .filter_map(|lesson| catch_unwind(AssertUnwindSafe(|| check(lesson))).err())
        .collect();
    if let Some(failure) = failures.into_iter().next() {
        resume_unwind(failure);
    }
}

#[test]
fn no_snapshot_outlives_its_lesson() {
    let lessons: BTreeSet<String> = course()
        .lessons
        .into_iter()
        .map(|lesson| lesson.id)
        .collect();
    // Of a lesson that is new the other test writes one, meanwhile perhaps.
    let outlived: Vec<String> = fs::read_dir(snapshots())
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".snap").map(str::to_owned)
        })
        .filter(|name| !name.contains("__") && !lessons.contains(name))
        .collect();
    assert!(
        outlived.is_empty(),
        "no lesson has these snapshots any more, delete them: {outlived:?}"
    );
}
