//! The program `book`, as `cargo xtask book` runs it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use crate::fixture::{FOLDER, Folder, Page};

fn run(folder: &Folder, facts: &str) -> Output {
    let mut book = Command::new(env!("CARGO_BIN_EXE_book"))
        .arg("--root")
        .arg(folder.path(""))
        .arg("--out")
        .arg(folder.path("book"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = book.stdin.take().unwrap();
    stdin.write_all(facts.as_bytes()).unwrap();
    drop(stdin);
    book.wait_with_output().unwrap()
}

#[test]
fn it_says_where_the_book_is() {
    let folder = Folder::with(&Page::new());
    let facts = r#"{
        "proved": true,
        "commit": {"hash": "0123456789abcdef", "dirty": true},
        "challenges": {"greeting": [{"challenge": "shout", "summary": "greets",
            "requirements": [{"name": "it greets", "reason": "who would not"}]}]}
    }"#;
    let output = run(&folder, facts);
    assert!(output.status.success());
    let index = folder.path("book/index.html");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("{}\n", index.display())
    );
    assert!(folder.main().contains("It greets"));
}

#[test]
fn what_it_cannot_do_it_says_with_exit_code_2() {
    let folder = Folder::with(&Page::new());
    let told = |facts: &str| {
        let output = run(&folder, facts);
        assert_eq!(output.status.code(), Some(2));
        assert!(!folder.path("book").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told("").contains("error: standard input is no list of facts"));
    assert!(told(r#"{"provd": true}"#).contains("unknown field `provd`"));
    folder.lesson(FOLDER, &Page::new().saying("[gone](#gone)"));
    assert!(told("{}").contains("`greeting` has no heading `#gone`"));
}
