//! The program `book`, as `cargo xtask book` runs it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use crate::fixture::{FOLDER, Folder, Page};

fn run(folder: &Folder, facts: &str) -> Output {
    told(command(folder), facts)
}

fn command(folder: &Folder) -> Command {
    let mut book = Command::new(env!("CARGO_BIN_EXE_book"));
    book.arg("--root")
        .arg(folder.path(""))
        .arg("--out")
        .arg(folder.path("book"));
    book
}

fn told(mut book: Command, facts: &str) -> Output {
    let mut book = book
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

/// Runs it with `--open`, and gives what the opener was asked for. `opener` writes its
/// program into the folder, and changes the environment.
#[cfg(target_os = "linux")]
fn opened(opener: impl FnOnce(&Folder, &mut Command)) -> (Output, String) {
    use std::{fs, io::Read, sync::mpsc, thread, time::Duration};

    let folder = Folder::with(&Page::new());
    let pipe = folder.path("asked");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let (sender, asked) = mpsc::channel();
    thread::spawn(move || {
        let mut text = String::new();
        // Opens once the opener does.
        let mut pipe = fs::File::open(pipe).unwrap();
        pipe.read_to_string(&mut text).unwrap();
        // Nobody may wait for it any more.
        let _ = sender.send(text);
    });
    let mut book = command(&folder);
    book.arg("--open");
    opener(&folder, &mut book);
    let output = told(book, "{}");
    // The opener is not waited for, so it may come later than this.
    let asked = asked.recv_timeout(Duration::from_mins(1)).unwrap();
    let index = folder.path("book/index.html").display().to_string();
    (output, asked.replace(&index, "INDEX"))
}

/// Writes a program that says for what it was called.
#[cfg(target_os = "linux")]
fn writes(folder: &Folder, name: &str) {
    use std::os::unix::fs::PermissionsExt;

    let program = folder.path(name);
    let pipe = folder.path("asked");
    let script = format!("#!/bin/sh\necho \"{name} $*\" > '{}'\n", pipe.display());
    folder.file(name, script);
    std::fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn it_opens_the_book_with_what_the_desktop_opens_files_with() {
    let (output, asked) = opened(|folder, book| {
        writes(folder, "bin/xdg-open");
        let path = std::env::var_os("PATH").unwrap();
        let first = [folder.path("bin")].into_iter();
        let path = std::env::join_paths(first.chain(std::env::split_paths(&path))).unwrap();
        book.env("PATH", path);
    });
    assert_eq!(asked, "bin/xdg-open INDEX\n");
    assert!(output.status.success());
    assert!(output.stdout.ends_with(b"book/index.html\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn it_opens_the_book_in_the_browser_that_the_environment_names() {
    let (output, asked) = opened(|folder, book| {
        writes(folder, "browser");
        // No desktop, and no program that opens anything.
        std::fs::create_dir(folder.path("bin")).unwrap();
        std::os::unix::fs::symlink("/bin/sh", folder.path("bin/sh")).unwrap();
        book.env_clear()
            .env("PATH", folder.path("bin"))
            .env("HOME", folder.path(""))
            .env("BROWSER", folder.path("browser"));
    });
    assert_eq!(asked, "browser INDEX\n");
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "a browser shows it now; if none does, open this file in one:\n"
    );
}
