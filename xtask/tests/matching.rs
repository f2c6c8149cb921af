//! `match`, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// Runs `match` with these arguments in `folder`, and `input` on standard input.
fn matching(folder: &Path, args: &[&str], input: &[u8]) -> (i32, String) {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("match")
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Where it gives up before it reads, this fails, and that is no concern.
    let _ = xtask.stdin.take().unwrap().write_all(input);
    let output = xtask.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

fn expecting(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("expected"), text).unwrap();
    folder
}

#[test]
fn an_output_that_matches_is_told_with_what_its_names_stand_for() {
    let folder = expecting("[a] on <port:p>\n[b] reaches <port:p>\n");
    let input = b"[b] reaches 4000\n[a] on 4000\n";
    let told = matching(folder.path(), &["expected", "--order", "speakers"], input);
    insta::assert_debug_snapshot!(told);
}

#[test]
fn an_output_that_does_not_match_is_told_on_standard_output() {
    let folder = expecting("one\ntwo\n");
    fs::write(folder.path().join("actual"), "one\n2\n").unwrap();
    let (code, text) = matching(folder.path(), &["expected", "actual"], b"");
    insta::assert_snapshot!(format!("exit code {code}\n{text}"));
}

#[test]
fn a_transcript_that_is_wrong_is_told_with_its_place() {
    let folder = expecting("one\n<prot:server>\n");
    let (code, text) = matching(folder.path(), &["expected"], b"one\n");
    insta::assert_snapshot!(format!("exit code {code}\n{text}"));
}

#[test]
fn a_kind_can_be_declared() {
    let folder = expecting("session <session:s>\nend of <session:s>\n");
    let args = ["expected", "--placeholder", "session=[0-9a-f]{8}"];
    let (code, _) = matching(folder.path(), &args, b"session 00c0ffee\nend of 00c0ffee\n");
    assert_eq!(code, 0);
    let (code, _) = matching(folder.path(), &args, b"session 00c0ffee\nend of 00decade\n");
    assert_eq!(code, 1);
}

#[test]
fn what_cannot_be_read_is_exit_code_2() {
    let folder = expecting("one\n");
    for args in [
        &["absent"][..],
        &["expected", "absent"],
        &["expected", "--order", "random"],
        &["expected", "--placeholder", "no-pattern"],
        &["expected", "--placeholder", "port=[0-9]+"],
        &["expected", "--placeholder", "open=["],
    ] {
        let (code, text) = matching(folder.path(), args, b"one\n");
        assert_eq!(code, 2, "{args:?}: {text}");
        assert!(text.contains("error"), "{args:?}: {text}");
    }
}

#[test]
fn bytes_that_are_not_text_are_matched_as_bytes() {
    let folder = expecting("a<byte ff>b\n");
    assert_eq!(matching(folder.path(), &["expected"], b"a\xffb\n").0, 0);
    assert_eq!(matching(folder.path(), &["expected"], b"a\xfeb\n").0, 1);
}
