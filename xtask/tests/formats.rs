//! The formats for machines, seen from outside.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::fs;

use course::{Course, Page};
use serde_json::{Value, json};

/// A lesson with a promise kept, one broken, and hostile output.
fn course() -> Course {
    let page = Page::named("echo", 1)
        .command("kept", &["sh", "-c", "echo on 4000"])
        .block("run=kept", "on <port:server>\n")
        .command(
            "broken",
            &[
                "sh",
                "-c",
                r"printf 'a]]>\000\033[31m<b>&%%,:\n::error::\n'",
            ],
        )
        .block("run=broken", "promised\n");
    Course::of(&page)
}

#[test]
fn the_json_document_has_every_field_that_is_promised() {
    let told = course().xtask(&["check", "--format", "json"]);
    assert_eq!(told.code, 1);
    let mut document: Value = serde_json::from_str(&told.stdout).unwrap();
    assert!(document["summary"]["seconds"].take().is_f64());
    for check in document["checks"].as_array_mut().unwrap() {
        assert!(check["seconds"].take().is_f64());
    }
    assert!(
        document["checks"][2]["detail"]
            .take()
            .as_str()
            .unwrap()
            .contains("promised")
    );
    let check = |name: &str, line: u64, status: &str, runs: u64, names: Value| {
        json!({
            "lesson": "echo", "check": name, "file": "lessons/01-tests/01-echo/lesson.md",
            "line": line, "status": status, "seconds": null, "runs": runs, "names": names,
            "detail": null,
        })
    };
    let expected = json!({
        "version": 1,
        "summary": {"passed": 2, "failed": 1, "skipped": 0, "seconds": null, "stopped": null},
        "checks": [
            check("page", 1, "passed", 0, json!({})),
            check("run kept", 30, "passed", 1, json!({"port:server": "4000"})),
            check("run broken", 34, "mismatch", 1, json!({})),
        ],
    });
    assert_eq!(document, expected);
}

#[test]
fn where_nothing_could_be_checked_the_json_document_says_why() {
    let told = course().xtask(&["check", "absent", "--format", "json"]);
    assert_eq!(told.code, 2);
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(document["version"], 1);
    assert!(document["error"].as_str().unwrap().contains("absent"));
}

#[test]
fn the_junit_document_is_valid_xml_whatever_was_printed() {
    let told = course().xtask(&["check", "--format", "junit"]);
    assert_eq!(told.code, 1);
    let mut reader = quick_xml::Reader::from_str(&told.stdout);
    reader.config_mut().check_end_names = true;
    let (mut cases, mut failures) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(element) => match element.name().as_ref() {
                "testcase" => cases += 1,
                "failure" => failures += 1,
                _ => {}
            },
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((cases, failures), (3, 1));
    let is_allowed = |c: char| c >= ' ' || matches!(c, '\t' | '\n' | '\r');
    assert!(told.stdout.chars().all(is_allowed), "{}", told.stdout);
}

#[test]
fn documents_say_that_not_all_was_checked() {
    let course = course();
    let mut last = Page::new("echo printed", "printed\n");
    last.id = "last".to_owned();
    last.sequence = 2;
    course.add(&last);
    let told = |format: &str| {
        let args = ["check", "--fail-fast", "--jobs", "1", "--format", format];
        course.xtask(&args).stdout
    };
    let document: Value = serde_json::from_str(&told("json")).unwrap();
    assert_eq!(document["summary"]["stopped"], "fail-fast");
    let junit = told("junit");
    let words = "the others were not checked (--fail-fast)";
    assert!(junit.contains(words), "{junit}");
}

#[test]
fn github_gets_an_annotation_on_the_page_and_a_summary() {
    let course = course();
    let summary = course.root().join("summary.md");
    let output = course
        .command(&["check", "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let commands: Vec<&str> = stdout
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    let [command] = commands.as_slice() else {
        panic!("one command, not {commands:?}")
    };
    let place = "::error file=lessons/01-tests/01-echo/lesson.md,line=34,title=echo%3A run broken (mismatch)::";
    assert!(command.starts_with(place), "{command}");
    let summary = fs::read_to_string(summary).unwrap();
    assert!(
        summary.contains("### echo: run broken — mismatch"),
        "{summary}"
    );
}

#[test]
fn github_gets_ten_annotations_and_then_how_many_more() {
    let course = Course::new();
    for sequence in 1..=13 {
        let mut page = Page::new("echo printed", "promised\n");
        page.id = format!("lesson-{sequence}");
        page.sequence = sequence;
        course.add(&page);
    }
    let told = course.xtask(&["check", "--format", "github"]);
    let commands: Vec<&str> = told
        .stdout
        .lines()
        .filter(|line| line.starts_with("::"))
        .collect();
    assert_eq!(commands.len(), 11, "{}", told.stdout);
    assert!(commands[10].contains("3 more failures"), "{}", commands[10]);
}

#[test]
fn github_gets_an_annotation_for_each_mistake_of_a_page_on_its_line() {
    let course = Course::new();
    let mut wrong = Page::new("echo printed", "printed\n");
    wrong.front.push_str("colour: blue\nweight: heavy\n");
    let page = course.add(&wrong).join("lesson.md");
    let page = fs::read_to_string(page).unwrap();
    let told = course.xtask(&["check", "--format", "github"]);
    for mistake in ["colour", "weight"] {
        let line = page.lines().position(|line| line.starts_with(mistake));
        let place = format!("lesson.md,line={},", line.unwrap() + 1);
        let on_it = told.stdout.lines().filter(|line| line.contains(&place));
        assert_eq!(on_it.count(), 1, "{}", told.stdout);
    }
}

#[test]
fn many_mistakes_of_one_page_leave_room_for_the_failure_of_another() {
    let course = Course::new();
    let mut wrong = Page::new("echo printed", "printed\n");
    wrong.front += &"key: wrong\n".repeat(20);
    course.add(&wrong);
    let mut other = Page::new("echo printed", "promised\n");
    other.id = "other".to_owned();
    other.sequence = 2;
    course.add(&other);
    let told = course.xtask(&["check", "--format", "github"]);
    let annotations = || told.stdout.lines().filter(|line| line.starts_with("::"));
    let of_the_other = annotations().filter(|line| line.contains("02-other"));
    assert_eq!(of_the_other.count(), 1, "{}", told.stdout);
    assert_eq!(annotations().count(), 11, "{}", told.stdout);
    let last = annotations().next_back().unwrap();
    assert!(last.contains("11 more failures"), "{last}");
}
