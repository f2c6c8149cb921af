//! Finding the lessons of a course.

use lesson::{Course, OpenError};

use crate::fixture::{Folder, all, page, short};

fn ids(course: &Course) -> Vec<&str> {
    course
        .lessons
        .iter()
        .map(|lesson| lesson.id.as_str())
        .collect()
}

#[test]
fn lessons_are_found_without_registration_and_stand_in_order() {
    let course = Folder::empty();
    let later = page()
        .of("later", 1)
        .with("phase: 1", "phase: 10")
        .with("First Steps", "Far On");
    course.lesson("lessons/10-far-on/01-later", "later", &later);
    course.lesson(
        "lessons/01-first-steps/10-tenth",
        "tenth",
        &page().of("tenth", 10),
    );
    course.lesson(
        "lessons/01-first-steps/02-second",
        "second",
        &page().of("second", 2),
    );
    course.lesson("lessons/01-first-steps/01-greeting", "greeting", &page());
    course.file("lessons/README.md", "About the lessons.");
    course.file("lessons/.hidden/01-x/lesson.md", "");
    course.file("lessons/01-first-steps/assets/picture.svg", "<svg/>");
    course.file("lessons/01-first-steps/03-left-over/target/nothing", "");
    std::fs::remove_dir_all(course.path("lessons/01-first-steps/03-left-over/target")).unwrap();

    let course = course.open();
    assert_eq!(ids(&course), ["greeting", "second", "tenth", "later"]);
    let told = course.lessons.iter().map(|lesson| all(&lesson.diagnostics));
    assert_eq!(told.collect::<String>(), "");
    assert_eq!(course.diagnostics, []);
}

#[test]
fn a_page_is_named_by_its_path_from_the_root() {
    let lesson = Folder::with(&page()).only();
    assert_eq!(
        lesson.page.to_str(),
        Some("lessons/01-first-steps/01-greeting/lesson.md")
    );
}

#[test]
fn without_a_folder_of_lessons_there_is_no_course() {
    let folder = Folder::empty();
    let error = Course::open(folder.root()).unwrap_err();
    assert!(matches!(error, OpenError::NoLessons { .. }));
    let expected = format!(
        "there is no course in `{}`: it holds no folder `lessons`",
        folder.root().display()
    );
    assert_eq!(error.to_string(), expected);
    folder.file("lessons", "a file");
    assert!(matches!(
        Course::open(folder.root()),
        Err(OpenError::NoLessons { .. })
    ));
}

#[test]
fn a_course_may_have_no_lesson_yet() {
    let folder = Folder::empty();
    folder.file("lessons/README.md", "");
    let course = folder.open();
    assert_eq!(ids(&course), Vec::<&str>::new());
    assert_eq!(course.diagnostics, []);
}

/// What would be left out without a word is told.
#[test]
fn pages_and_folders_in_wrong_places_are_told() {
    let folder = Folder::with(&page());
    folder.file("lessons/lesson.md", "");
    folder.file("lessons/02-second-steps/lesson.md", "");
    folder.file(
        "lessons/02-second-steps/01-walking/experiment/Cargo.toml",
        "",
    );
    folder.file("lessons/02-second-steps/02-running/Lesson.md", "");
    let course = folder.open();
    let told: Vec<_> = course
        .diagnostics
        .iter()
        .map(|one| format!("{} {}", one.file.display(), short(one)))
        .collect();
    assert_eq!(
        told,
        [
            "lessons/lesson.md - error: this page is in no lesson's folder, and is not read / move it: `lessons/06-phase-title/01-lesson-id/lesson.md`",
            "lessons/02-second-steps/lesson.md - error: this page is in no lesson's folder, and is not read / move it: `lessons/06-phase-title/01-lesson-id/lesson.md`",
            "lessons/02-second-steps/01-walking - error: this lesson has no page, `lesson.md` / write one, or take the folder away",
            "lessons/02-second-steps/02-running - error: this lesson has no page, `lesson.md` / rename `Lesson.md` to `lesson.md`",
        ]
    );
    assert_eq!(ids(&course), ["greeting"]);
}

#[test]
fn a_folder_is_named_as_its_page_says() {
    #[rustfmt::skip]
    let cases = [
        ("lessons/02-first-steps/01-greeting", "3:8 error: `phase` is not what the folder's name says, `02-first-steps` / change one of the two; for this `phase` the folder is `01-first-steps`"),
        ("lessons/1-first-steps/01-greeting", "3:8 error: `phase` is not what the folder's name says, `1-first-steps` / change one of the two; for this `phase` the folder is `01-first-steps`"),
        ("lessons/01-steps/01-greeting", "4:14 error: `phase_title` is not what the folder's name says, `01-steps` / change one of the two; for this `phase_title` the folder is `01-first-steps`"),
        ("lessons/01-first-steps/02-greeting", "5:11 error: `sequence` is not what the folder's name says, `02-greeting` / change one of the two; for this `sequence` the folder is `01-greeting`"),
        ("lessons/01-first-steps/greeting", "5:11 error: `sequence` is not what the folder's name says, `greeting` / change one of the two; for this `sequence` the folder is `01-greeting`"),
        ("lessons/01-first-steps/01-hello", "2:5 error: `id` is not what the folder's name says, `01-hello` / change one of the two; for this `id` the folder is `01-greeting`"),
    ];
    for (path, expected) in cases {
        let folder = Folder::empty();
        folder.lesson(path, "greeting", &page());
        let told: Vec<_> = folder.only().diagnostics.iter().map(short).collect();
        assert_eq!(told, [expected], "{path}");
    }
}

#[test]
fn titles_become_names_of_folders() {
    for (title, folder) in [
        ("Networking Fundamentals", "01-networking-fundamentals"),
        ("I/O & You", "01-i-o-you"),
        ("What's Next?", "01-whats-next"),
        ("Über TCP", "01-über-tcp"),
        ("C++ (2nd)", "01-c-2nd"),
    ] {
        let page = page().with("First Steps", &format!("\"{title}\""));
        let course = Folder::empty();
        course.lesson(&format!("lessons/{folder}/01-greeting"), "greeting", &page);
        assert_eq!(all(&course.only().diagnostics), "", "{title}");
    }
}

/// A lesson whose page says nothing is where its folder says.
#[test]
fn a_broken_page_keeps_its_place_and_its_name() {
    let folder = Folder::empty();
    folder.file("lessons/01-first-steps/02-broken/lesson.md", "nothing");
    folder.lesson("lessons/01-first-steps/01-greeting", "greeting", &page());
    folder.lesson(
        "lessons/01-first-steps/03-third",
        "third",
        &page().of("third", 3),
    );
    let course = folder.open();
    assert_eq!(ids(&course), ["greeting", "broken", "third"]);
    let valid: Vec<_> = course
        .lessons
        .iter()
        .map(lesson::Lesson::is_valid)
        .collect();
    assert_eq!(valid, [true, false, true]);
}

#[test]
fn many_lessons_are_read_side_by_side_and_stay_in_order() {
    let folder = Folder::empty();
    for sequence in 1..=200 {
        let id = format!("lesson-{sequence}");
        let path = format!("lessons/01-first-steps/{sequence:02}-{id}");
        folder.lesson(&path, &id, &page().of(&id, sequence));
    }
    let course = folder.open();
    let sequences: Vec<_> = course
        .lessons
        .iter()
        .map(|lesson| lesson.front.sequence)
        .collect();
    assert_eq!(sequences, (1..=200).collect::<Vec<_>>());
    assert!(course.lessons.iter().all(lesson::Lesson::is_valid));
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_whose_name_is_not_utf_8_is_told() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = Folder::with(&page());
    let name = std::ffi::OsStr::from_bytes(b"02-caf\xe9");
    std::fs::create_dir(folder.path("lessons").join(name)).unwrap();
    let course = folder.open();
    assert_eq!(course.diagnostics.len(), 1);
    assert_eq!(
        course.diagnostics[0].to_string(),
        "error: this name is not UTF-8, and what it names is not read\n  --> lessons/02-caf\u{fffd}\n   = help: rename it\n"
    );
}
