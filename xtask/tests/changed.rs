//! `check --changed`, seen from outside: which lessons a difference touches.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{collections::BTreeSet, fs, os::unix::ffi::OsStrExt, path::Path, process::Command};

use course::{Course, Page, Told};
use serde_json::Value;

/// A course of three lessons, `one`, `two` and `three`, in a repository with one commit.
/// The first two have an experiment: `one` needs the crate `base` over `middle`, and a
/// package `reg` from elsewhere; `two` needs `other`. The third has only its page.
fn course() -> Course {
    let course = Course::new();
    for (id, sequence) in [("one", 1), ("two", 2), ("three", 3)] {
        course.add(&Page::named(id, sequence));
    }
    write(&course, "Cargo.toml", MANIFEST);
    write(&course, "Cargo.lock", &lock("1.0.0", ""));
    for (folder, name, dependencies) in [
        ("crates/base", "base", ""),
        ("crates/middle", "middle", "base.workspace = true"),
        (
            "lessons/01-tests/01-one/experiment",
            "one",
            "middle = { path = \"../../../../crates/middle\" }\nreg.workspace = true",
        ),
        (
            "lessons/01-tests/02-two/experiment",
            "two",
            "other.workspace = true",
        ),
    ] {
        write(
            &course,
            &format!("{folder}/Cargo.toml"),
            &manifest(name, dependencies),
        );
        write(&course, &format!("{folder}/src/main.rs"), "fn main() {}\n");
        write(&course, &format!("{folder}/src/lib.rs"), "");
    }
    git(&course, &["init", "--quiet", "--initial-branch=main"]);
    commit(&course);
    course
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n"
    )
}

const MANIFEST: &str = "\
[workspace]
resolver = \"3\"
members = [\"crates/*\", \"lessons/*/*/experiment\"]

[workspace.dependencies]
base = { path = \"crates/base\" }
other = \"1.0.0\"
reg = \"1.0.0\"
unused = \"1.0.0\"
";

/// A lock file in which `deep`, which `reg` needs, has this version.
fn lock(deep: &str, more: &str) -> String {
    let package = |name: &str, version: &str, dependencies: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = [{dependencies}]\n\n"
        )
    };
    [
        "version = 4\n\n".to_owned(),
        package("base", "0.0.0", ""),
        package("deep", deep, ""),
        package("deep", "7.0.0", ""),
        package("middle", "0.0.0", "\"base\""),
        package("one", "0.0.0", "\"middle\", \"reg\""),
        package("other", "1.0.0", "\"deep 7.0.0\""),
        package("reg", "1.0.0", &format!("\"deep {deep}\"")),
        package("two", "0.0.0", "\"other\""),
        more.to_owned(),
    ]
    .concat()
}

fn write(course: &Course, file: &str, text: &str) {
    let path = course.root().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git in the course's folder.
fn git(course: &Course, args: &[&str]) {
    git_in(course.root(), args);
}

fn git_in(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    course::on_its_own(&mut git);
    let output = git
        .args(["-c", "user.name=test", "-c", "user.email=test@localhost"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
}

fn commit(course: &Course) {
    git(course, &["add", "--all"]);
    git(
        course,
        &["commit", "--quiet", "--allow-empty", "--message=change"],
    );
}

/// The lessons that `check --changed` looks at.
fn touched(course: &Course, since: &str) -> BTreeSet<String> {
    let told = course.xtask(&["check", "--format", "json", since]);
    lessons(&told)
}

fn lessons(told: &Told) -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    let checks = document["checks"].as_array();
    assert!(checks.is_some(), "{}", told.whole());
    checks
        .into_iter()
        .flatten()
        .map(|check| check["lesson"].as_str().unwrap().to_owned())
        .collect()
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|&id| id.to_owned()).collect()
}

#[test]
fn a_lesson_is_touched_by_what_changes_in_its_folder_known_to_git_or_not() {
    let course = course();
    let told = course.xtask(&["check", "--changed"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    assert!(told.stderr.contains("no lesson"), "{}", told.whole());

    write(&course, "lessons/01-tests/03-three/notes.txt", "new\n");
    assert_eq!(touched(&course, "--changed"), set(&["three"]));
    git(&course, &["add", "--all"]);
    assert_eq!(touched(&course, "--changed"), set(&["three"]));
    commit(&course);
    assert_eq!(touched(&course, "--changed"), set(&[]));
    assert_eq!(touched(&course, "--changed=HEAD~1"), set(&["three"]));
    fs::remove_file(course.lesson("three", 3).join("notes.txt")).unwrap();
    assert_eq!(touched(&course, "--changed"), set(&["three"]));
}

#[test]
fn a_file_that_moves_touches_both_lessons() {
    let course = course();
    write(
        &course,
        "lessons/01-tests/01-one/notes.txt",
        "so long that git knows it again\n",
    );
    commit(&course);
    git(
        &course,
        &[
            "mv",
            "lessons/01-tests/01-one/notes.txt",
            "lessons/01-tests/03-three/",
        ],
    );
    assert_eq!(touched(&course, "--changed"), set(&["one", "three"]));
}

#[test]
fn of_a_branch_only_its_own_side_counts() {
    let course = course();
    git(&course, &["switch", "--quiet", "--create", "mine"]);
    write(&course, "lessons/01-tests/01-one/notes.txt", "mine\n");
    commit(&course);
    git(&course, &["switch", "--quiet", "main"]);
    write(&course, "lessons/01-tests/03-three/notes.txt", "theirs\n");
    commit(&course);
    git(&course, &["switch", "--quiet", "mine"]);
    assert_eq!(touched(&course, "--changed=main"), set(&["one"]));

    // What GitHub checks out for a pull request: the branch, merged into its base.
    git(&course, &["switch", "--quiet", "--detach", "main"]);
    git(&course, &["merge", "--quiet", "--no-edit", "mine"]);
    assert_eq!(touched(&course, "--changed=main"), set(&["one"]));
    assert_eq!(touched(&course, "--changed=HEAD^1"), set(&["one"]));
}

#[test]
fn what_a_lesson_depends_on_touches_it_and_what_no_lesson_needs_touches_none() {
    for (file, text, expected) in [
        // Crates of the workspace, directly and over others.
        ("crates/base/src/lib.rs", "// changed\n", &["one"][..]),
        ("crates/middle/src/more.rs", "", &["one"]),
        ("docs/notes.txt", "no crate\n", &[]),
        ("README.md", "for readers\n", &[]),
        // What every crate is built with; a lesson that is not built does not need it.
        (
            "rust-toolchain.toml",
            "[toolchain]\nchannel = \"stable\"\n",
            &["one", "two"],
        ),
        (".cargo/config.toml", "# new\n", &["one", "two"]),
        // What the workspace says of dependencies.
        (
            "Cargo.toml",
            &format!("# A remark.\n{MANIFEST}").replace("unused = \"1.0.0\"", "unused = \"2.0.0\""),
            &[],
        ),
        (
            "Cargo.toml",
            &MANIFEST.replace(
                "other = \"1.0.0\"",
                "other = { version = \"1.0.0\", features = [\"more\"] }",
            ),
            &["two"],
        ),
        (
            "Cargo.toml",
            &format!("{MANIFEST}\n[profile.dev]\ndebug = false\n"),
            &["one", "two"],
        ),
        // What is locked. A lesson that comes in changes nothing for others.
        (
            "Cargo.lock",
            &lock(
                "1.0.0",
                "[[package]]\nname = \"four\"\nversion = \"0.0.0\"\ndependencies = [\"reg\"]\n",
            ),
            &[],
        ),
        ("Cargo.lock", &lock("1.0.1", ""), &["one"]),
        ("Cargo.lock", "this is no lock file", &["one", "two"]),
    ] {
        let course = course();
        write(&course, file, text);
        assert_eq!(
            touched(&course, "--changed"),
            set(expected),
            "{file}:\n{text}"
        );
        commit(&course);
        assert_eq!(
            touched(&course, "--changed=HEAD~1"),
            set(expected),
            "{file}:\n{text}"
        );
    }
}

#[test]
fn a_new_lesson_touches_no_other() {
    let course = course();
    course.add(&Page::named("four", 4));
    let folder = "lessons/01-tests/04-four/experiment";
    write(
        &course,
        &format!("{folder}/Cargo.toml"),
        &manifest("four", "reg.workspace = true"),
    );
    write(&course, &format!("{folder}/src/main.rs"), "fn main() {}\n");
    // As the next call of cargo writes it.
    write(
        &course,
        "Cargo.lock",
        &lock(
            "1.0.0",
            "[[package]]\nname = \"four\"\nversion = \"0.0.0\"\ndependencies = [\"reg\"]\n",
        ),
    );
    assert_eq!(touched(&course, "--changed"), set(&["four"]));
}

#[test]
fn a_page_that_another_page_has_broken_is_touched() {
    let course = course();
    let page = "lessons/01-tests/03-three/lesson.md";
    let text = fs::read_to_string(course.root().join(page)).unwrap();
    write(
        &course,
        page,
        &text.replace("prerequisites: []", "prerequisites: [two]"),
    );
    commit(&course);
    fs::remove_dir_all(course.lesson("two", 2)).unwrap();
    let told = course.xtask(&["check", "--changed", "--format", "json"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    assert_eq!(lessons(&told), set(&["three"]));
}

#[test]
fn a_course_may_be_a_folder_of_a_repository() {
    let course = course();
    fs::remove_dir_all(course.root().join(".git")).unwrap();
    let whole = tempfile::tempdir().unwrap();
    let inside = whole.path().join("course");
    let mut copy = Command::new("cp");
    copy.arg("-R").arg(course.root()).arg(&inside);
    assert!(copy.status().unwrap().success());
    git_in(whole.path(), &["init", "--quiet"]);
    git_in(whole.path(), &["add", "--all"]);
    git_in(whole.path(), &["commit", "--quiet", "--message=begin"]);
    fs::write(whole.path().join("Cargo.lock"), "of somebody else").unwrap();
    fs::write(inside.join("Cargo.lock"), lock("1.0.1", "")).unwrap();
    fs::write(inside.join("lessons/01-tests/03-three/notes.txt"), "new").unwrap();
    let told = course.xtask_at(&inside, &["check", "--changed", "--format", "json"]);
    assert_eq!(lessons(&told), set(&["one", "three"]));
}

#[test]
fn a_name_that_is_no_text_is_no_obstacle() {
    let course = course();
    let name = std::ffi::OsStr::from_bytes(b"\xff.txt");
    fs::write(course.root().join(name), "").unwrap();
    fs::write(course.lesson("three", 3).join(name), "").unwrap();
    assert_eq!(touched(&course, "--changed"), set(&["three"]));
}

#[test]
fn what_git_cannot_say_is_told_with_what_to_do() {
    let refused = |course: &Course, since: &str, remedy: &str| {
        let told = course.xtask(&["check", since]);
        assert_eq!(told.code, 2, "{}", told.whole());
        assert!(told.stderr.contains(remedy), "{}", told.whole());
    };
    let course = course();
    refused(
        &course,
        "--changed=nowhere",
        "`nowhere`: name a commit, a branch",
    );
    refused(
        &course,
        "--changed=--help",
        "git knows no revision `--help`",
    );
    refused(&course, "--changed=main..main", "git knows no revision");
    refused(&course, "--changed=", "git knows no revision ``");

    let new = Course::of(&Page::new("echo hello", "hello\n"));
    refused(&new, "--changed", "is in no checkout of git");
    git(&new, &["init", "--quiet"]);
    refused(&new, "--changed", "nothing has been committed yet");
}

#[test]
fn a_checkout_that_git_will_not_read_is_told_in_gits_own_words() {
    let course = course();
    let told = course
        .command(&["check", "--changed"])
        .env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        .env("LC_ALL", "de_DE.UTF-8")
        .output()
        .unwrap();
    let stderr = String::from_utf8(told.stderr).unwrap();
    assert_eq!(told.status.code(), Some(2), "{stderr}");
    for part in ["detected dubious ownership", "safe.directory"] {
        assert!(stderr.contains(part), "{stderr}");
    }
    assert!(!stderr.contains("in no checkout"), "{stderr}");
}

#[test]
fn a_shallow_clone_is_told_what_it_lacks() {
    let course = course();
    git(&course, &["branch", "apart"]);
    write(&course, "lessons/01-tests/01-one/notes.txt", "new\n");
    commit(&course);
    let url = format!("file://{}", course.root().display());
    let place = tempfile::tempdir().unwrap();
    let clone = place.path().join("clone");
    git_in(
        place.path(),
        &["clone", "--quiet", "--depth=1", &url, "clone"],
    );
    let told = course.xtask_at(&clone, &["check", "--changed=HEAD~1"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    assert!(
        told.stderr.contains("git fetch --unshallow"),
        "{}",
        told.whole()
    );

    // Both ends are there, and nothing between them: what differs counts.
    git_in(
        &clone,
        &["fetch", "--quiet", "--depth=1", "origin", "apart:apart"],
    );
    let told = course.xtask_at(&clone, &["check", "--changed=apart", "--format", "json"]);
    assert!(told.stderr.contains("shallow clone"), "{}", told.whole());
    assert_eq!(lessons(&told), set(&["one"]));
}
