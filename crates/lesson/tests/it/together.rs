//! What lessons have to do with each other.

use crate::fixture::{Folder, page, short};

/// A lesson of the first phase: id, sequence, prerequisites.
type Given<'a> = (&'a str, u32, &'a str);

fn course(lessons: &[Given]) -> Folder {
    let folder = Folder::empty();
    for (id, sequence, prerequisites) in lessons {
        let page = page().of(id, *sequence).with(
            "prerequisites: []",
            &format!("prerequisites: [{prerequisites}]"),
        );
        folder.lesson(
            &format!("lessons/01-first-steps/{sequence:02}-{id}"),
            id,
            &page,
        );
    }
    folder
}

/// What is told of each lesson.
fn told(course: &Folder) -> Vec<String> {
    let course = course.open();
    let each = course.lessons.iter().flat_map(|lesson| {
        let id = &lesson.id;
        lesson
            .diagnostics
            .iter()
            .map(move |one| format!("{id} {}", short(one)))
    });
    each.collect()
}

#[test]
fn prerequisites_exist_and_come_earlier() {
    #[rustfmt::skip]
    let cases: [(&[Given], &[&str]); 7] = [
        (&[("a", 1, ""), ("b", 2, "a"), ("c", 3, "a, b")], &[]),
        (&[("first", 1, ""), ("second", 2, "frist")], &["second 9:17 error: there is no lesson `frist` / did you mean `first`?"]),
        (&[("a", 1, ""), ("b", 2, "nothing-like-it")], &["b 9:17 error: there is no lesson `nothing-like-it` / `cargo xtask list` names all lessons"]),
        (&[("a", 1, "a")], &["a 9:17 error: a lesson cannot come before itself / take it away"]),
        (&[("a", 1, "b"), ("b", 2, "")], &["a 9:17 error: the lesson `b` comes later: it is 1.2 / name lessons that come before this one"]),
        (&[("a", 1, "b"), ("b", 2, "a")], &["a 9:17 error: the lesson `b` comes later: it is 1.2 / they need each other: a → b → a"]),
        (&[("a", 1, "c"), ("b", 2, "a"), ("c", 3, "b")], &["a 9:17 error: the lesson `c` comes later: it is 1.3 / they need each other: a → c → b → a"]),
    ];
    for (lessons, expected) in cases {
        assert_eq!(told(&course(lessons)), expected, "{lessons:?}");
    }
}

#[test]
fn an_id_belongs_to_one_lesson() {
    let folder = course(&[("a", 1, "")]);
    folder.lesson("lessons/01-first-steps/02-a", "a", &page().of("a", 2));
    assert_eq!(
        told(&folder),
        [
            "a 2:5 error: another lesson has the id `a` / it is `lessons/01-first-steps/02-a/lesson.md`: give one of the two another id",
            "a 2:5 error: another lesson has the id `a` / it is `lessons/01-first-steps/01-a/lesson.md`: give one of the two another id",
        ]
    );
}

#[test]
fn a_sequence_belongs_to_one_lesson_of_the_phase() {
    assert_eq!(
        told(&course(&[("a", 1, ""), ("b", 1, "")])),
        [
            "a 5:11 error: another lesson is 1.1 too / it is `lessons/01-first-steps/01-b/lesson.md`: give one of the two another sequence",
            "b 5:11 error: another lesson is 1.1 too / it is `lessons/01-first-steps/01-a/lesson.md`: give one of the two another sequence",
        ]
    );
}

/// Who differs from most is told, wherever it stands.
#[test]
fn a_phase_has_one_title() {
    let folder = course(&[("b", 2, ""), ("c", 3, "")]);
    let page = page().of("a", 1).with("First Steps", "First steps");
    folder.lesson("lessons/01-first-steps/01-a", "a", &page);
    assert_eq!(
        told(&folder),
        [
            "a 4:14 error: phase 1 is called `First Steps` elsewhere / see `lessons/01-first-steps/02-b/lesson.md`: write the same title"
        ]
    );
}

/// `tcp` may have a binary `tcp-basics`, which is the name of another lesson's.
#[test]
fn a_binary_belongs_to_one_lesson() {
    let folder = course(&[("tcp", 1, ""), ("tcp-basics", 2, "")]);
    folder.file(
        "lessons/01-first-steps/01-tcp/experiment/src/bin/tcp-basics.rs",
        "",
    );
    assert_eq!(
        told(&folder),
        [
            "tcp - error: another lesson has a binary `tcp-basics` too / it is `lessons/01-first-steps/02-tcp-basics/lesson.md`: rename one of the two",
            "tcp-basics - error: another lesson has a binary `tcp-basics` too / it is `lessons/01-first-steps/01-tcp/lesson.md`: rename one of the two",
        ]
    );
}

/// Every lesson is wrong in every way; nothing here is compared with everything.
#[test]
fn a_course_of_mistakes_is_told_as_a_whole() {
    let folder = Folder::empty();
    let count = 300;
    for at in 0..count {
        let page = page().of("same", 1).with(
            "prerequisites: []",
            &format!("prerequisites: [other-{at}, same]"),
        );
        folder.file(
            &format!("lessons/01-first-steps/01-same-{at}/lesson.md"),
            page.0,
        );
    }
    let told = told(&folder);
    for expected in [
        "another lesson has the id",
        "another lesson is 1.1 too",
        "there is no lesson `other-",
    ] {
        assert_eq!(
            told.iter().filter(|one| one.contains(expected)).count(),
            count,
            "{expected}"
        );
    }
}
