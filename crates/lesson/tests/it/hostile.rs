//! Pages of bad intent, and bytes of none.

use lesson::{Course, Lesson, Look, outline};
use proptest::prelude::*;

use crate::fixture::{FOLDER, Folder, Page, page, short};

/// What is told of a page of these bytes.
fn told(bytes: &[u8]) -> Vec<String> {
    let course = Folder::with(&page());
    course.file(&format!("{FOLDER}/lesson.md"), bytes);
    course.only().diagnostics.iter().map(short).collect()
}

#[test]
fn a_page_of_more_than_one_mebibyte_is_not_read() {
    let mut large = page().0.into_bytes();
    large.resize(1024 * 1024, b' ');
    assert_eq!(told(&large), Vec::<String>::new());
    large.push(b' ');
    assert_eq!(
        told(&large),
        ["- error: this page has more than 1 MiB / make several lessons of it"]
    );
}

#[test]
fn a_page_that_is_not_utf_8_is_told_where() {
    let page = page()
        .0
        .replace("A Greeting", "A Gr\u{0}eting")
        .into_bytes();
    let page: Vec<_> = page
        .iter()
        .map(|byte| if *byte == 0 { 0xe9 } else { *byte })
        .collect();
    assert_eq!(
        told(&page),
        ["6:12 error: this byte is not UTF-8 / save the page as UTF-8"]
    );
}

#[test]
fn a_page_of_nothing_is_told_once_for_each_thing() {
    for bytes in [&b""[..], b"\n", b"\xef\xbb\xbf", b"---", b"---\n---"] {
        assert!(!told(bytes).is_empty());
    }
}

#[test]
fn a_page_that_is_no_file_is_told() {
    let course = Folder::empty();
    course.file(&format!("{FOLDER}/lesson.md/inner"), "");
    let told = short(&course.only().diagnostics[0]);
    assert_eq!(told, "- error: this page is not a plain file / nothing");
}

#[cfg(unix)]
#[test]
fn a_page_that_is_a_link_out_of_its_folder_is_not_read() {
    let course = Folder::empty();
    course.file("secret.md", &page().0);
    course.file(&format!("{FOLDER}/other"), "");
    let link = course.path(&format!("{FOLDER}/lesson.md"));
    std::os::unix::fs::symlink(course.path("secret.md"), link).unwrap();
    let lesson = course.only();
    assert_eq!(
        short(&lesson.diagnostics[0]),
        "- error: this page is a link that leads out of the lesson's folder / put the page itself into the lesson's folder"
    );
    assert_eq!(lesson.source, "");
}

#[cfg(unix)]
#[test]
fn what_cargo_would_read_through_a_link_out_of_the_folder_is_not_read() {
    let place = "put what it leads to into the lesson's folder";
    for (linked, expected, binary) in [
        (
            "experiment",
            "- error: this manifest is a link that leads out of the lesson's folder",
            None,
        ),
        (
            "experiment/Cargo.toml",
            "- error: this manifest is a link that leads out of the lesson's folder",
            None,
        ),
        (
            "experiment/src",
            "- error: the `src` of this crate is a link that leads out of the lesson's folder",
            None,
        ),
        (
            "experiment/src/bin",
            "- error: the `src/bin` of this crate is a link that leads out of the lesson's folder",
            Some("greeting"),
        ),
    ] {
        for (target, leads_out) in [("elsewhere", true), (FOLDER, false)] {
            let course = Folder::with(&page());
            course.file(&format!("{FOLDER}/experiment/src/bin/greeting-b.rs"), "");
            let away = course.path(&format!("{target}/away"));
            std::fs::create_dir_all(course.path(target)).unwrap();
            let linked = course.path(&format!("{FOLDER}/{linked}"));
            std::fs::rename(&linked, &away).unwrap();
            std::os::unix::fs::symlink(&away, &linked).unwrap();
            let lesson = course.only();
            if leads_out {
                let told: Vec<_> = lesson.diagnostics.iter().map(short).collect();
                assert!(told.contains(&format!("{expected} / {place}")), "{told:?}");
                assert_eq!(lesson.experiments(), Vec::from_iter(binary));
            } else {
                assert_eq!(lesson.diagnostics, []);
                assert_eq!(lesson.experiments(), ["greeting", "greeting-b"]);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn a_binary_may_be_a_linked_folder_within_the_lesson() {
    for (target, binaries) in [
        ("elsewhere", &["greeting"][..]),
        (FOLDER, &["greeting", "greeting-b"]),
    ] {
        let course = Folder::with(&page());
        course.file(&format!("{target}/away/main.rs"), "");
        course.file(&format!("{FOLDER}/experiment/src/bin/greeting-c.txt"), "");
        let link = course.path(&format!("{FOLDER}/experiment/src/bin/greeting-b"));
        std::os::unix::fs::symlink(course.path(&format!("{target}/away")), link).unwrap();
        let lesson = course.only();
        assert_eq!(lesson.diagnostics, []);
        assert_eq!(lesson.experiments(), binaries);
    }
}

/// A pipe that nobody writes to would be read for ever.
#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_no_page_and_no_listing() {
    let pipe = |course: &Folder, path: &str| {
        let made = std::process::Command::new("mkfifo")
            .arg(course.path(path))
            .status();
        assert!(made.expect("mkfifo").success());
    };
    let course = Folder::with(&page());
    let main = format!("{FOLDER}/experiment/src/main.rs");
    std::fs::remove_file(course.path(&main)).unwrap();
    pipe(&course, &main);
    let told: Vec<_> = course.only().diagnostics.iter().map(short).collect();
    assert_eq!(
        told,
        ["23:14 error: the file `experiment/src/main.rs` is not a plain file / name a file"]
    );

    let course = Folder::empty();
    course.file(&format!("{FOLDER}/other"), "");
    pipe(&course, &format!("{FOLDER}/lesson.md"));
    assert_eq!(
        short(&course.only().diagnostics[0]),
        "- error: this page is not a plain file / nothing"
    );
}

/// A short text of aliases that stands for an enormous one.
#[test]
fn aliases_that_explode_are_refused_at_once() {
    let twice = |at: usize| format!("a{at}: &a{at} [*a{before}, *a{before}]\n", before = at - 1);
    let bomb: String = (1..60).map(twice).collect();
    let bomb = format!("a0: &a0 [x, x]\n{bomb}");
    let page = page().with("id: greeting\n", &format!("id: greeting\n{bomb}"));
    let lesson = Lesson::of_page(page.0);
    let told: Vec<_> = lesson.diagnostics.iter().map(short).collect();
    assert!(
        told[0].contains("there is no key `a0`") || told[0].contains("anchors are not allowed"),
        "{}",
        told[0]
    );
    assert!(
        told.iter()
            .any(|one| one.contains("aliases are not allowed here"))
    );
}

#[test]
fn front_matter_too_large_or_too_deep_to_be_one_is_told() {
    for front in [
        "[".repeat(100_000),
        format!("tags: [{}]", "a, ".repeat(100_000)),
        "a:\n".repeat(100_000),
        "{a: ".repeat(1000),
    ] {
        let lesson = Lesson::of_page(format!("---\n{front}\n---\n"));
        assert!(!lesson.is_valid());
        assert!(lesson.diagnostics.len() <= 501);
    }
}

/// Shapes on which a careless reader takes time that grows with the square of
/// the page. Here they are so long, some ten thousand pieces, that it would be felt.
#[test]
fn long_pages_of_one_shape_are_read_to_their_end() {
    let shapes = [
        "> ",
        "- ",
        "1. `a`\n",
        "```\n```\n",
        "## Concept\n",
        "## X\n",
        "```text run=a\n```\n",
        "[",
        "`",
        "*a_",
        "|a",
        "\n",
        "```text run=a exit=1\n```\n",
        "<pre>",
        "a: \"\n",
        "\u{feff}",
        "~~~ args=\"",
        "[a](b)\n",
        "### a\n",
        "# a\n",
    ];
    for shape in shapes {
        let long = shape.repeat(64 * 1024 / shape.len());
        for page in [long.clone(), format!("---\n{long}\n---\n{long}")] {
            let lesson = Lesson::of_page(page);
            assert!(!lesson.is_valid(), "{shape:?}");
            assert!(lesson.diagnostics.len() <= 501, "{shape:?}");
        }
    }
}

/// A page, as it may be after accidents: pieces of a right one and of others.
fn accidents() -> impl Strategy<Value = String> {
    let pieces = [
        "---\n",
        "id: greeting\n",
        "phase: 1\n",
        "title: \"",
        "tags: [a, &b *b",
        "placeholders:\n  a: b\n",
        "commands: {a: [b]}\n",
        "## Concept\n",
        "## Key Insight\n",
        "## Challenge\n",
        "> ",
        "- ",
        "1. `a`\n",
        "   ",
        "\t",
        "```",
        "```text run=greeting",
        " file=lesson.md#a",
        " exit=SIG",
        " args=\"a \"b\"",
        "illustration",
        "\n",
        "\r\n",
        "<port:a>",
        "...\n",
        "[a] ...\n",
        "\\<",
        "é",
        "\u{202e}",
        "\u{feff}",
        "\0",
        "<!--",
        "<pre>",
        "====\n",
        "`",
        "~~~",
    ];
    let piece = prop_oneof![
        4 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Whatever a page says, all of its parts stand within it.
fn check_places(page: String) {
    let lesson = Lesson::of_page(page);
    for block in &lesson.blocks {
        assert!(lesson.source.get(block.span.clone()).is_some());
        assert!(lesson.source.get(block.content_span.clone()).is_some());
        let same = lesson.with_block(block, &block.content);
        assert!(same.len() >= lesson.source.len() - block.content_span.len());
    }
    for section in &lesson.sections {
        assert!(lesson.source.get(section.span.clone()).is_some());
    }
    for diagnostic in &lesson.diagnostics {
        if let Some(place) = &diagnostic.place {
            assert!(lesson.source.get(place.span.clone()).is_some());
            assert!(place.excerpt.get(place.marked.clone()).is_some());
        }
        let coloured = diagnostic.render(Look::Coloured);
        let plain = diagnostic.render(Look::Plain);
        assert!(coloured.len() > plain.len());
        assert!(
            !plain.contains(|c: char| c.is_control() && c != '\n'),
            "{plain:?}"
        );
    }
    let _ = outline(&lesson);
}

proptest! {
    #[test]
    fn no_page_makes_it_panic(page in accidents()) {
        check_places(page);
    }

    #[test]
    fn no_change_to_a_right_page_makes_it_panic(at in any::<prop::sample::Index>(), length in 0..20_usize, other in accidents()) {
        let Page(page) = page();
        let start = at.index(page.len());
        let end = (start + length).min(page.len());
        check_places(format!("{}{other}{}", &page[..start], &page[end..]));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::empty();
        folder.file(&format!("{FOLDER}/lesson.md"), &bytes);
        let course = Course::open(folder.root()).unwrap();
        prop_assert!(!course.lessons[0].is_valid());
    }
}
