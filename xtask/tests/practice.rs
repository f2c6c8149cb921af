//! A learner's way through challenges, and the proof of a judge, seen from outside.
//!
//! The courses here have the judge of `course/judge.rs`.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::process::{Command, Stdio};

use course::{
    Course, Page,
    judged::{CHALLENGES, JUDGE, MUTANTS, SOLUTION, challenge, course, read, write},
};
use serde_json::Value;
use xtask::practice::Progress;

#[test]
fn a_learner_starts_and_verifies_and_takes_hints_until_all_is_met() {
    let course = course();
    let mut told = Vec::new();
    let mut run = |args: &[&str]| {
        let part = course.xtask(args);
        // What cargo says of building is its own affair.
        let command = args.join(" ");
        told.push(format!(
            "$ xtask {command}\nexit code {}\n{}\n",
            part.code, part.stdout
        ));
    };
    run(&["start", "echo"]);
    run(&["verify", "echo"]);
    run(&["hint", "echo", "five"]);
    write(&course, "practice/echo/src/bin/five.rs", SOLUTION);
    run(&["verify", "echo", "five"]);
    run(&["hint", "echo", "five"]);
    // It has only one.
    run(&["hint", "echo"]);
    run(&["list"]);
    insta::assert_snapshot!(told.concat());
    insta::assert_snapshot!("progress", read(&course, "practice/progress.toml"));
}

#[test]
fn one_hint_is_the_only_one_and_none_is_a_mistake() {
    let course = course();
    challenge(&course, "hints/five.md", "## Say something\n\nYes.\n");
    course.xtask(&["hint", "echo"]);
    let told = course.xtask(&["hint", "echo"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let stdout = "You have seen the only hint for `five`.\nTo read it again: ";
    assert!(told.stdout.starts_with(stdout), "{}", told.stdout);

    challenge(&course, "hints/five.md", "# Hints\n\nNone.\n");
    let told = course.xtask(&["hint", "echo"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    assert!(
        told.stderr.contains("there is no hint in lessons/"),
        "{}",
        told.stderr
    );
    let told = course.xtask(&["check", "echo"]);
    assert!(
        told.whole().contains("this file of hints has none"),
        "{}",
        told.whole()
    );
}

#[test]
fn the_commands_are_the_same_in_the_folder_of_the_learners_work() {
    let course = course();
    let workspace = read(&course, "Cargo.toml");
    let workspace = workspace.replace("members = [", "members = [\"xtask\", ");
    write(&course, "Cargo.toml", &workspace);
    let package = "[package]\nname = \"xtask\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    write(&course, "xtask/Cargo.toml", package);
    let says =
        r#"fn main() { println!("{}", std::env::args().skip(1).collect::<Vec<_>>().join(" ")) }"#;
    write(&course, "xtask/src/main.rs", says);
    let alias = include_str!("../../.cargo/config.toml");
    write(&course, ".cargo/config.toml", alias);
    course.xtask(&["start", "echo"]);

    let told = Command::new(env!("CARGO"))
        .args(["--quiet", "xtask", "hint", "echo"])
        .current_dir(course.root().join("practice/echo/src"))
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&told.stdout);
    assert_eq!(stdout, "hint echo\n", "{told:?}");
}

#[test]
fn of_many_requirements_that_are_not_met_the_first_are_reported_and_the_others_named() {
    let course = course();
    let many = r#"["says a", "says b", "says c", "says d", "says e"]"#;
    let judge = JUDGE.replace(r#"["says yes", "says please"]"#, many);
    challenge(&course, "src/main.rs", &judge);
    let nothing = ["verify", "echo", "five", "--command", "true"];
    insta::assert_snapshot!("first_reports", course.xtask(&nothing).stdout);

    let all = course.xtask(&[&nothing[..], &["--all"]].concat());
    assert_eq!(all.stdout.matches("why it matters").count(), 5);
    assert!(!all.stdout.contains("--all"), "{}", all.stdout);
}

#[test]
fn who_listens_no_more_is_told_no_more_and_has_met_what_was_met() {
    let course = course();
    let mut verify = course
        .command(&["verify", "echo", "five", "--command", "echo says yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(verify.stdout.take());
    let told = verify.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&told.stderr);
    assert!(!stderr.contains("error"), "{stderr}");
    assert!(read(&course, "practice/progress.toml").contains("met = 1"));
}

#[test]
fn what_is_there_is_never_written_over() {
    let course = course();
    course.xtask(&["start", "echo"]);
    write(
        &course,
        "practice/echo/src/bin/five.rs",
        "fn main() { /* mine */ }\n",
    );
    write(&course, "practice/echo/Cargo.toml", "# mine\n");
    let told = course.xtask(&["start", "echo"]);
    assert_eq!(told.code, 0);
    assert!(!told.stdout.contains("laid out"), "{}", told.stdout);
    assert_eq!(
        read(&course, "practice/echo/src/bin/five.rs"),
        "fn main() { /* mine */ }\n"
    );
    assert_eq!(read(&course, "practice/echo/Cargo.toml"), "# mine\n");
}

#[test]
fn a_program_in_any_language_is_judged() {
    let course = course();
    let says = |what: &str| {
        let command = format!("sh -c 'echo \"{what}\"'");
        course.xtask(&["verify", "echo", "five", "--command", &command])
    };
    assert_eq!(says("says yes, says please").code, 0);
    assert_eq!(says("says no, says please").code, 1);
    let told = says("says maybe, says please");
    assert_eq!(
        told.code,
        2,
        "what is unclear is no verdict: {}",
        told.whole()
    );
    assert!(
        told.stdout.contains("unclear  five: says yes"),
        "{}",
        told.stdout
    );
    let told = course.xtask(&["verify", "echo", "five", "--command", "no-such-program"]);
    assert_eq!(told.code, 2);
    assert!(
        told.stderr.contains("there is no program no-such-program"),
        "{}",
        told.stderr
    );
}

#[test]
fn what_was_judged_by_its_command_is_judged_so_again_until_the_starter_is_worked_on() {
    let course = course();
    course.xtask(&["start", "echo"]);
    let command = ["--command", "echo says yes, says please"];
    course.xtask(&[&["verify", "echo", "five"], &command[..]].concat());
    let again = course.xtask(&["verify", "echo"]);
    assert_eq!(again.code, 0, "{}", again.whole());
    assert!(
        again
            .stderr
            .contains("judging `echo says yes, says please` for five, as before"),
        "{}",
        again.stderr
    );
    let mine = "fn main() { println!(\"says yes\") }\n";
    write(&course, "practice/echo/src/bin/five.rs", mine);
    let mine = course.xtask(&["verify", "echo", "five"]);
    assert_eq!(mine.code, 1, "{}", mine.whole());
    assert!(!mine.stderr.contains("as before"), "{}", mine.stderr);
}

#[test]
fn a_starter_that_the_course_has_changed_since_is_no_work_of_the_learner() {
    let course = course();
    course.xtask(&["start", "echo"]);
    let command = ["--command", "echo says yes, says please"];
    course.xtask(&[&["verify", "echo", "five"], &command[..]].concat());
    challenge(&course, "starters/five.rs", "fn main() { /* better */ }\n");
    for _ in 0..2 {
        let again = course.xtask(&["verify", "echo", "five"]);
        assert_eq!(again.code, 0, "{}", again.whole());
        assert!(again.stderr.contains("as before"), "{}", again.stderr);
    }
    // It is not laid out anew either, and still no work.
    course.xtask(&["start", "echo"]);
    assert_eq!(course.xtask(&["verify", "echo", "five"]).code, 0);
}

#[test]
fn what_can_be_judged_is_judged_beside_what_is_not_laid_out_yet() {
    let course = course();
    let page = "lessons/01-tests/01-echo/lesson.md";
    let challenges = "1. `five`: five.\n";
    let text = read(&course, page).replace(challenges, "1. `five`: five.\n2. `six`: six.\n");
    write(&course, page, &text);
    // Its two challenges ask for the same.
    let judge = JUDGE
        .replace("\"five\", rest", "_, rest")
        .replace(
            "[\"list\"] => {",
            "[\"list\"] => for name in [\"five\", \"six\"] {",
        )
        .replace("\"challenge\":\"five\"", "\"challenge\":\"{name}\"")
        .replace("requirements\":[{}]", "requirements\":[{all}]")
        .replace("listed.join(\",\")", "all = listed.join(\",\")");
    challenge(&course, "src/main.rs", &judge);
    let command = ["--command", "echo says yes, says please"];
    course.xtask(&[&["verify", "echo", "six"], &command[..]].concat());

    let told = course.xtask(&["verify", "echo"]);
    assert_eq!(told.code, 2, "{}", told.whole());
    let judged = "six: 2 of 2 requirements are met";
    assert!(told.stdout.contains(judged), "{}", told.whole());
    let refused =
        "error: five: there is no ROOT/practice/echo yet: `cargo xtask start echo` lays it out";
    assert!(told.stderr.contains(refused), "{}", told.whole());
}

#[test]
fn what_cannot_be_judged_says_what_to_do() {
    let course = course();
    for (args, remedy) in [
        (
            &["verify", "echo"][..],
            "`cargo xtask start echo` lays it out",
        ),
        (
            &["verify", "echo", "fiv", "--solution"],
            "did you mean `five`?",
        ),
        (
            // Said before anything is built.
            &["verify", "echo", "fiv"],
            "did you mean `five`?",
        ),
        (&["verify", "eco"], "`echo`"),
        (
            &["verify", "echo", "five", "--command", "sh 'open"],
            "cannot split the command",
        ),
        (
            &["verify", "echo", "five", "--command", " "],
            "the command is empty",
        ),
        (&["hint", "echo", "six"], "there are `five`"),
        (&["start", "eco"], "`echo`"),
    ] {
        let told = course.xtask(args);
        assert_eq!(told.code, 2, "{args:?}: {}", told.whole());
        assert!(told.stderr.contains(remedy), "{args:?}: {}", told.stderr);
    }
}

#[test]
fn work_that_does_not_build_is_not_judged() {
    let course = course();
    course.xtask(&["start", "echo"]);
    write(
        &course,
        "practice/echo/src/bin/five.rs",
        "fn main() { five }\n",
    );
    let told = course.xtask(&["verify", "echo"]);
    assert_eq!(told.code, 2);
    assert!(
        told.stderr.contains("five.rs does not build"),
        "{}",
        told.stderr
    );
}

#[test]
fn progress_that_cannot_be_read_is_left_alone() {
    let course = course();
    let damaged = "[echo.five]\nmet = many\n";
    write(&course, "practice/progress.toml", damaged);
    let told = course.xtask(&[
        "verify",
        "echo",
        "five",
        "--command",
        "echo says yes, says please",
    ]);
    assert_eq!(told.code, 0, "{}", told.whole());
    assert!(
        told.stderr.contains("your progress is not kept"),
        "{}",
        told.stderr
    );
    assert_eq!(read(&course, "practice/progress.toml"), damaged);
}

#[test]
fn what_is_noted_at_the_same_moment_is_all_kept() {
    let course = Course::new();
    std::thread::scope(|scope| {
        for challenge in ["one", "two", "three", "four"] {
            scope.spawn(|| {
                for _ in 0..25 {
                    let hinted = |progress: &mut Progress| progress.hinted("echo", challenge);
                    Progress::change(course.root(), hinted).unwrap();
                }
            });
        }
    });
    let progress = Progress::read(course.root()).unwrap();
    for challenge in ["one", "two", "three", "four"] {
        assert_eq!(progress.of("echo", challenge).hints, 25, "{challenge}");
    }
}

#[test]
fn a_verdict_on_the_solution_is_no_progress_of_the_learner() {
    let course = course();
    assert_eq!(course.xtask(&["verify", "echo", "--solution"]).code, 0);
    assert!(!course.root().join("practice").exists());
}

/// What `check --challenges` says.
fn prove(course: &Course) -> String {
    let told = course.xtask(&["check", "--challenges", "--isolation", "off"]);
    format!("exit code {}\n{}", told.code, told.stdout)
}

#[test]
fn a_judge_that_judges_well_is_proved() {
    let proved = prove(&course());
    assert!(proved.starts_with("exit code 0\n"), "{proved}");
}

#[test]
fn what_is_wrong_with_a_judge_is_told() {
    // One course for all, so that cargo builds only what is different.
    let course = course();
    let no_aim = MUTANTS.rsplit_once("[[mutant]]").unwrap().0;
    let blind = MUTANTS.replacen("says no", "says yes or no", 1);
    let broken = MUTANTS.replacen("with = 'says no'", "with = '\"'", 1);
    for (file, text, exit_code, complaint) in [
        (
            "mutants.toml",
            no_aim,
            1,
            "No mutant is aimed at these requirements of `five`",
        ),
        (
            "mutants.toml",
            &blind.replace("says yes or no", "says yes"),
            1,
            "the judge does not see the mistake",
        ),
        (
            "mutants.toml",
            &MUTANTS.replacen("'says yes'", "'says'", 1),
            2,
            "has the text \"says\" 2 times",
        ),
        (
            "mutants.toml",
            &MUTANTS.replacen("'says yes'", "'sings'", 1),
            2,
            "has no text \"sings\" to replace",
        ),
        (
            "mutants.toml",
            &MUTANTS.replacen("fails = \"says yes\"", "fails = \"sings\"", 1),
            2,
            "has no requirement `sings`",
        ),
        (
            "mutants.toml",
            &MUTANTS.replacen("\"five\"", "\"six\"", 1),
            2,
            "There is no challenge `six`",
        ),
        (
            "mutants.toml",
            &MUTANTS.replacen("fails", "fail", 1),
            2,
            "unknown field `fail`",
        ),
        (
            "mutants.toml",
            &broken,
            2,
            "Cargo could not build `echo-mutant-five-1`: ",
        ),
        (
            "solutions/five.rs",
            "fn main() { println!(\"says yes\"); let _ = \"says please\"; }",
            1,
            "not met: says please",
        ),
        (
            "solutions/five.rs",
            "fn main() { five }",
            2,
            "Cargo could not build `echo-solution-five`: cannot find value `five`",
        ),
        ("starters/five.rs", SOLUTION, 1, "nothing is left to do"),
        (
            "src/main.rs",
            &JUDGE.replace(
                "[\"stand-in\", ..] => {}",
                "[\"stand-in\", ..] => println!(\"says yes\"),",
            ),
            1,
            "It does nothing of use, and meets these requirements",
        ),
        (
            "src/main.rs",
            &JUDGE.replace("\"challenge\":\"five\"", "\"challenge\":\"six\""),
            2,
            "they have to be the same",
        ),
        (
            "src/main.rs",
            "fn main() { five }",
            2,
            "could not build `echo-challenges`",
        ),
    ] {
        let right = read(&course, format!("{CHALLENGES}/{file}"));
        challenge(&course, file, text);
        let told = prove(&course);
        challenge(&course, file, &right);
        assert!(
            told.starts_with(&format!("exit code {exit_code}\n")),
            "{complaint}\n{told}"
        );
        assert!(told.contains(complaint), "{complaint}\n{told}");
    }
}

#[test]
fn a_judge_that_cannot_be_asked_hides_nothing_of_other_lessons() {
    let course = course();
    course.add(
        &Page::named("other", 2)
            .command("say", &["echo", "two"])
            .block("run=say", "one\n"),
    );
    let lock = read(&course, "Cargo.lock");
    let other = "\n[[package]]\nname = \"other-challenges\"\nversion = \"0.0.0\"\n";
    write(&course, "Cargo.lock", &(lock + other));
    for (asked, instead, complaint) in [
        ("list", "panic!(\"no list\")", "no list"),
        ("stand-ins", "return ExitCode::from(3)", "exit status: 3"),
        ("list", "println!(\"stray\")", "the judge's line \"stray\""),
        // More than a pipe holds, while nobody has heard its values to the end.
        (
            "list",
            "{ eprint!(\"{}\", \"long story, \".repeat(8_000)); panic!(\"no list\") }",
            "no list",
        ),
    ] {
        let (arm, broken) = (
            format!("[\"{asked}\"] => "),
            format!("[\"{asked}\"] => {instead}, _ if false => "),
        );
        challenge(&course, "src/main.rs", &JUDGE.replacen(&arm, &broken, 1));
        let args = ["check", "--challenges", "--isolation", "off"];
        let told = course.xtask(&[&args[..], &["--format", "json"]].concat());
        assert_eq!(told.code, 2, "{}", told.whole());
        let document: Value = serde_json::from_str(&told.stdout).unwrap();
        let checks = document["checks"].as_array().unwrap();
        let of = |lesson: &str, name: &str| {
            let mut found = checks
                .iter()
                .filter(|check| check["lesson"] == lesson && check["check"] == name);
            found.next().unwrap_or_else(|| panic!("{name}: {document}"))
        };
        let judge = of("echo", "judge");
        assert_eq!(judge["status"], "unbuilt");
        assert_eq!(judge["file"], format!("{CHALLENGES}/src/main.rs"));
        let detail = judge["detail"].as_str().unwrap();
        assert!(
            detail.contains(&format!("does not answer `{asked}`: ")),
            "{detail}"
        );
        assert!(detail.contains(complaint), "{detail}");
        // What was known before, what needs no judge, and what comes after.
        assert_eq!(of("echo", "run say")["status"], "passed");
        assert_eq!(of("echo", "hint-page five")["status"], "passed");
        assert_eq!(of("other", "run say")["status"], "mismatch");
        assert_eq!(of("other", "judge")["status"], "passed");
    }
}

#[test]
fn one_mutant_is_judged_alone() {
    let course = course();
    let harmless = "\n[[mutant]]\nchallenge = \"five\"\nfails = \"says yes\"\nreplace = 'fn main() {'\nwith = 'fn main() { '\n";
    challenge(&course, "mutants.toml", &format!("{MUTANTS}{harmless}"));
    let mut told = Vec::new();
    for number in ["2", "3", "4"] {
        let args = ["verify", "echo", "five", "--mutant", number];
        let part = course.xtask(&args);
        let error = part.stderr.split_once("error: ").map(|(_, error)| error);
        told.push(format!(
            "$ xtask {}\nexit code {}\n{}{}\n",
            args.join(" "),
            part.code,
            part.stdout,
            error.unwrap_or_default()
        ));
    }
    insta::assert_snapshot!(told.concat());
    assert!(!course.root().join("practice").exists());
}
