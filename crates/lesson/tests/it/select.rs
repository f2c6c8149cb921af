//! Choosing lessons by name.

use lesson::{SelectError, SelectProblem};

use crate::fixture::{Folder, page};

fn folder() -> Folder {
    let folder = Folder::empty();
    for (id, sequence) in [
        ("tcp-basics", 1),
        ("tcp-options", 2),
        ("udp", 3),
        ("udp-sockets", 4),
    ] {
        let path = format!("lessons/01-first-steps/{sequence:02}-{id}");
        folder.lesson(&path, id, &page().of(id, sequence));
    }
    folder
}

fn select(names: &[&str]) -> Result<Vec<String>, SelectError> {
    let course = folder().open();
    let chosen = course.select(names)?;
    Ok(chosen.into_iter().map(|lesson| lesson.id.clone()).collect())
}

#[test]
fn a_name_is_an_id_a_place_or_a_beginning() {
    for (names, expected) in [
        (&["tcp-basics"][..], &["tcp-basics"][..]),
        (&["1.2"], &["tcp-options"]),
        (&["tcp-o"], &["tcp-options"]),
        // An id is itself before it is the beginning of another.
        (&["udp"], &["udp"]),
        // In the course's order, each once.
        (&["udp", "1.1", "tcp-basics", "1.3"], &["tcp-basics", "udp"]),
        (&[], &["tcp-basics", "tcp-options", "udp", "udp-sockets"]),
    ] {
        assert_eq!(select(names).unwrap(), expected, "{names:?}");
    }
}

#[test]
fn a_name_that_fits_nothing_or_several_names_the_nearest() {
    #[rustfmt::skip]
    let cases = [
        ("tpc-basics", "no lesson is called `tpc-basics`: did you mean `tcp-basics`?"),
        ("sockets", "no lesson is called `sockets`: did you mean `udp-sockets`?"),
        ("quic", "no lesson is called `quic`: `cargo xtask list` names all lessons"),
        ("1.9", "no lesson is called `1.9`: `cargo xtask list` names all lessons"),
        ("1.", "no lesson is called `1.`: `cargo xtask list` names all lessons"),
        ("", "no lesson is called ``: `cargo xtask list` names all lessons"),
        ("tcp", "several lessons begin with `tcp`: `tcp-basics`, `tcp-options`"),
    ];
    for (name, expected) in cases {
        assert_eq!(select(&[name]).unwrap_err().to_string(), expected);
    }
}

#[test]
fn all_wrong_names_are_told_at_once() {
    let error = select(&["udp", "tcp", "upd"]).unwrap_err();
    let ambiguous = SelectProblem::Ambiguous {
        name: "tcp".to_owned(),
        fits: vec!["tcp-basics".to_owned(), "tcp-options".to_owned()],
    };
    let unknown = SelectProblem::Unknown {
        name: "upd".to_owned(),
        nearest: vec!["udp".to_owned()],
    };
    assert_eq!(error.problems, [ambiguous, unknown]);
    assert_eq!(error.to_string().lines().count(), 2);
}
