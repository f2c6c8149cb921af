//! Where links lead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use crate::fixture::{FOLDER, Folder, Page};

/// The addresses of the links in the section Deep Dive, in their order.
fn addresses(folder: &Folder) -> Vec<String> {
    let main = folder.built().main();
    let (_, rest) = main.split_once("Deep Dive</a></h2>").unwrap();
    let (section, _) = rest.split_once("<h2").unwrap();
    attributes(section, "href")
}

fn attributes(html: &str, name: &str) -> Vec<String> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[test]
fn links_lead_to_pages_headings_files_and_the_web() {
    let page = Page::new().saying(
        "[a](https://example.com/?a=1&b=2) [b](mailto:a@example.com) <b@example.com>\n\
         [c](#key-insight) [d](../02-parting/lesson.md) [e](../02-parting/lesson.md#a-b-c)\n\
         [f](greet.sh) [g](./notes/../greet.sh) [h](../02-parting/greet.sh#L1-L2)\n\
         [i](with%20space.txt) [j](run.pcap) [k][ref] [l](notes/) [m](./notes)\n\n[ref]: lesson.md#concept\n",
    );
    let folder = Folder::with(&page);
    let other = Page::new()
        .of("parting", 2)
        .saying("### A *b*: `c`!\n\nYes.");
    folder.lesson("lessons/01-first-steps/02-parting", &other);
    folder.file(
        "lessons/01-first-steps/02-parting/greet.sh",
        "echo hello\necho bye\n",
    );
    folder.file(&format!("{FOLDER}/with space.txt"), "text\n");
    folder.file(&format!("{FOLDER}/notes/b.txt"), "b\n");
    folder.file(&format!("{FOLDER}/notes/a.txt"), "a\n");
    folder.file(&format!("{FOLDER}/run.pcap"), [0xd4, 0xc3, 0xb2, 0xa1]);
    insta::assert_debug_snapshot!(addresses(&folder), @r##"
    [
        "https://example.com/?a=1&amp;b=2",
        "mailto:a@example.com",
        "mailto:b@example.com",
        "#key-insight",
        "parting.html",
        "parting.html#a-b-c",
        "greeting/sources.html#file:greet_sh",
        "greeting/sources.html#file:greet_sh",
        "parting/sources.html#file:greet_sh:L1-L2",
        "greeting/sources.html#file:with_20_space_txt",
        "greeting/run.pcap",
        "greeting.html#concept",
        "greeting/sources.html#file:notes/a_txt",
        "greeting/sources.html#file:notes/a_txt",
    ]
    "##);
    assert!(folder.path("book/lessons/greeting/run.pcap").exists());
}

#[test]
fn an_image_of_the_lesson_is_in_the_book() {
    let folder = Folder::with(&Page::new().saying("![two hosts](drawn/two%20hosts.svg)"));
    folder.file(&format!("{FOLDER}/drawn/two hosts.svg"), "<svg/>");
    let main = folder.built().main();
    assert!(
        main.contains("<img src=\"greeting/drawn/two%20hosts.svg\" alt=\"two hosts\""),
        "{main}"
    );
    assert!(
        folder
            .path("book/lessons/greeting/drawn/two hosts.svg")
            .exists()
    );
}

#[test]
fn a_link_in_a_hint_leads_from_where_the_hint_is() {
    let folder = Folder::with(&Page::new());
    let hints = format!("{FOLDER}/challenges/hints/shout.md");
    folder.file(
        &hints,
        "## One\n\n[page](../../lesson.md#concept) [file](../../greet.sh)\n",
    );
    let main = folder.built().main();
    assert!(main.contains("greeting.html#concept"), "{main}");
    assert!(
        main.contains("greeting/sources.html#file:greet_sh"),
        "{main}"
    );
}

#[test]
fn where_a_link_leads_may_be_said_before_the_first_section() {
    let page = Page::new()
        .with(
            "---\n\n## Concept",
            "---\n\n[r]: #key-insight\n\n## Concept",
        )
        .saying("[it][r]");
    assert_eq!(addresses(&Folder::with(&page)), ["#key-insight"]);
}

#[test]
fn where_a_link_of_a_hint_leads_may_be_said_at_the_end_of_the_file() {
    let folder = Folder::with(&Page::new());
    let hints = format!("{FOLDER}/challenges/hints/shout.md");
    folder.file(
        &hints,
        "## One\n\n[it][p]\n\n## Two\n\nShout.\n\n[p]: ../../lesson.md#concept\n",
    );
    let main = folder.built().main();
    let one =
        "Hint 1 of 2: One</summary>\n<p><a href=\"greeting.html#concept\">it</a></p>\n </details>";
    assert!(main.contains(one), "{main}");
    let two = "Hint 2 of 2: Two</summary>\n<p>Shout.</p>\n </details>";
    assert!(main.contains(two), "{main}");
}

/// Every address in every file of the book, as a browser would follow it.
#[test]
fn every_link_inside_the_book_leads_to_a_place_that_is_there() {
    let folder = Folder::with_all_lessons(
        &Page::new().saying("[up](../../05-streams/01-readable-streams/lesson.md#concept)"),
    );
    let book = folder.built().path("book");
    let course = folder.course();
    let mut targets = HashMap::new();
    let mut followed = 0;
    let pages = [
        "index.html".to_owned(),
        "print.html".to_owned(),
        "toc.html".to_owned(),
    ]
    .into_iter()
    .chain(course.lessons.iter().flat_map(|lesson| {
        let id = &lesson.id;
        [
            format!("lessons/{id}.html"),
            format!("lessons/{id}/sources.html"),
        ]
    }));
    for page in pages {
        let html = fs::read_to_string(book.join(&page)).unwrap();
        let links = ["href", "src"]
            .into_iter()
            .flat_map(|name| attributes(&html, name));
        for link in links.filter(|link| !link.starts_with("http") && !link.starts_with("mailto:")) {
            follow(&book, &page, &link, &mut targets);
            followed += 1;
        }
    }
    assert!(followed > 300, "{followed} links were followed");
}

/// `targets` are the names of the places on the pages that were looked at before.
fn follow(book: &Path, page: &str, link: &str, targets: &mut HashMap<PathBuf, HashSet<String>>) {
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let file = if path.is_empty() {
        book.join(page)
    } else {
        book.join(page).parent().unwrap().join(path)
    };
    assert!(
        file.is_file(),
        "{page} links to {link}, and there is no {}",
        file.display()
    );
    if !fragment.is_empty() {
        let ids = targets.entry(file).or_insert_with_key(|file| {
            let target = fs::read_to_string(file).unwrap();
            attributes(&target, "id").into_iter().collect()
        });
        assert!(
            ids.contains(fragment),
            "{page} links to {link}, which has no such place"
        );
    }
}
