//! The ten steps of CONTRIBUTING.md, each as it stands there, from a clone to a push.
//!
//! Only what is outside stands in for itself: the fork is a bare repository on this
//! machine, its lessons are pages without programs, and `cargo xtask` is the program
//! that is tested here.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
};

use course::{Course, Page};

/// Takes the place of cargo: runs the commands of the course as they are built already. A
/// toolchain may come without formatter or linter: then there is nothing to try.
const CARGO: &str = "\
#!/bin/sh
case \"$1\" in
xtask) shift; exec \"$XTASK\" \"$@\" ;;
fmt | clippy) \"$CARGO\" \"$1\" --version || exit 0; exec \"$CARGO\" \"$@\" ;;
*) exec \"$CARGO\" \"$@\" ;;
esac
";

/// The commands of the ten steps.
fn steps(text: &str) -> Vec<&str> {
    let mut blocks = text.split("```sh\n").skip(1);
    let mut steps = Vec::new();
    for block in &mut blocks {
        let (commands, _) = block.split_once("```").unwrap();
        let mut lines = commands
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty());
        steps.push(lines.next().unwrap());
        assert_eq!(lines.next(), None, "one command a step");
    }
    steps
}

/// A course in which the lessons of the real one have no programs.
fn upstream() -> Course {
    let course = Course::workspace();
    for lesson in lesson::Course::open(course::real()).unwrap().lessons {
        let page = Page::named(&lesson.id, lesson.front.sequence);
        course.add(&Page {
            phase: lesson.front.phase,
            phase_title: lesson.front.phase_title,
            ..page
        });
    }
    fs::write(course.root().join(".gitignore"), "/author\n/fork\n").unwrap();
    fs::create_dir_all(course.root().join("xtask/tests/snapshots")).unwrap();
    fs::write(course.root().join("xtask/tests/snapshots/.gitkeep"), "").unwrap();
    course
}

/// A shell in the author's folder, with nobody's settings, for which GitHub is on this
/// machine.
fn shell(course: &Course, script: &str) -> Command {
    let author = course.root().join("author");
    let bin = author.join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::write(bin.join("cargo"), CARGO).unwrap();
    fs::set_permissions(bin.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = env::var("PATH").unwrap();
    let fork = course.root().join("fork").display().to_string();
    let mut command = Command::new("sh");
    course::build_with_the_real_one(&mut command);
    course::on_its_own(&mut command);
    command
        .args(["-euc", script])
        .current_dir(author)
        .stdin(Stdio::null())
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("CARGO", env!("CARGO"))
        .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("REAL", course::real());
    let settings = [
        ("user.name", "test"),
        ("user.email", "test@localhost"),
        ("init.defaultBranch", "main"),
        (
            &format!("url.{fork}.insteadOf"),
            "https://github.com/you/course",
        ),
    ];
    command.env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (nth, (key, value)) in settings.into_iter().enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{nth}"), key);
        command.env(format!("GIT_CONFIG_VALUE_{nth}"), value);
    }
    command
}

fn run(course: &Course, script: &str) -> String {
    let output = shell(course, script).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{script}\n{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

#[test]
fn the_ten_steps_lead_from_a_clone_to_a_branch_that_is_pushed() {
    let text = include_str!("../../CONTRIBUTING.md");
    let steps = steps(text);
    assert_eq!(steps.len(), 10, "{steps:#?}");

    let course = upstream();
    run(
        &course,
        "cd .. && git init --quiet && git add --all && git commit --quiet --message begin \
         && git clone --quiet --bare . fork",
    );
    // In one shell, since one of them changes the folder.
    let script: Vec<String> = steps
        .iter()
        .zip(1..)
        .map(|(step, nth)| format!("{step} || {{ echo \"step {nth} failed\" >&2; exit 1; }}"))
        .collect();
    run(&course, &script.join("\n"));
    // The test that holds lessons to their snapshots, as it is built for the real course.
    run(
        &course,
        "cd course; cargo xtask snapshot; \
         export COURSE_ROOT=\"$PWD\" INSTA_UPDATE=no; cd \"$REAL\"; \
         \"$CARGO\" test --package xtask --test lessons",
    );

    let pushed = run(
        &course,
        "git --git-dir=../fork diff --name-status main your-lesson",
    );
    // Its place in the phase, and the snapshots of pages without programs, are no matter.
    let pushed: String = pushed
        .lines()
        .filter(|line| line.contains("your-lesson") || !line.contains("/snapshots/"))
        .map(|line| match line.split_once("-your-lesson") {
            Some((before, after)) => {
                let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
                format!("{before}NN-your-lesson{after}\n")
            }
            None => format!("{line}\n"),
        })
        .collect();
    insta::assert_snapshot!(pushed);
}
