//! The sections of a page.

use insta::assert_snapshot;
use lesson::{Lesson, SectionKind};

use crate::fixture::{page, rendered, told};

#[test]
fn sections_are_read_with_their_places() {
    let page = page().0;
    let lesson = Lesson::of_page(page.clone());
    let kinds: Vec<_> = lesson.sections.iter().map(|section| section.kind).collect();
    let without_wire = SectionKind::ALL
        .into_iter()
        .filter(|kind| *kind != SectionKind::OnTheWire);
    assert_eq!(kinds, without_wire.collect::<Vec<_>>());
    let concept = &lesson.sections[0];
    assert_eq!(concept.line, 13);
    assert_eq!(&page[concept.heading.clone()], "## Concept\n");
    assert_eq!(page[concept.span.clone()].trim(), "Programs greet.");
}

#[test]
fn the_wire_may_be_shown_in_its_place() {
    let wire = "## On the Wire\n\n```text wire=greeting\n[client] SYN from <port> to <port>\n```\n\n## Challenge\n";
    assert_eq!(
        told(&page().with("## Challenge\n", wire)),
        Vec::<String>::new()
    );
}

#[test]
fn a_section_out_of_order_is_told() {
    let concept = "## Concept\n\nPrograms greet.\n\n";
    let mistakes = "## Common Mistakes\n\nNot greeting.\n";
    let swapped = page()
        .with(concept, "")
        .with(mistakes, &format!("{mistakes}\n{concept}"));
    assert_eq!(
        told(&swapped),
        ["43:1 error: the section Concept is out of place / move it before Key Insight"]
    );
}

/// As few as would have to move: one that stands in the wrong place does not
/// put all the others out of theirs.
#[test]
fn a_section_in_front_of_all_others_is_the_one_that_moves() {
    let mistakes = "## Common Mistakes\n\nNot greeting.\n";
    let page = page()
        .with(mistakes, "")
        .with("## Concept\n", &format!("{mistakes}\n## Concept\n"));
    assert_eq!(
        told(&page),
        [
            "13:1 error: the section Common Mistakes is out of place / move it to the end of the page"
        ]
    );
}

#[test]
fn a_mistake_is_told_with_its_place_and_its_remedy() {
    #[rustfmt::skip]
    let cases = [
        ("## Deep Dive\n\nThere is more.\n\n", "", "39:1 error: the section Deep Dive is missing / write `## Deep Dive` before Common Mistakes"),
        ("## Common Mistakes\n\nNot greeting.\n", "", "43:1 error: the section Common Mistakes is missing / write `## Common Mistakes` at the end of the page"),
        ("## Deep Dive\n", "## Deep Dvie\n", "39:1 error: there is no section `Deep Dvie` / did you mean `## Deep Dive`?"),
        ("## Deep Dive\n", "## deep dive\n", "39:1 error: there is no section `deep dive` / did you mean `## Deep Dive`?"),
        ("## Deep Dive\n", "## Deep Dive\n\nMore.\n\n## Afterword\n", "43:1 error: there is no section `Afterword` / write `###` for a part of a section"),
        ("## Deep Dive\n", "## Deep Dive\n\nMore.\n\n## Concept\n", "43:1 error: the section Concept stands here again / it began on line 13: make one section of the two"),
        ("There is more.\n", "", "39:1 error: the section Deep Dive is empty / write something below its heading"),
        ("There is more.\n", "<!-- later -->\n", "39:1 error: the section Deep Dive is empty / write something below its heading"),
        ("There is more.\n", "### A part\n", "39:1 error: the section Deep Dive is empty / write something below its heading"),
        ("> A greeting is a line.\n", "A greeting is a line.\n", "17:1 error: the section Key Insight is not a block quote / begin each of its lines with `> `"),
        ("> A greeting is a line.\n", ">\n", "17:1 error: the section Key Insight is not a block quote / begin each of its lines with `> `"),
        ("> A greeting is a line.\n", "> <!-- later -->\n>\n> -\n", "17:1 error: the section Key Insight is not a block quote / begin each of its lines with `> `"),
        ("1. `shout`: greet loudly\n", "- `shout`: greet loudly\n", "35:1 error: the section Challenge has no numbered list / write one item for each challenge: 1. `name`: what to build"),
        ("1. `shout`: greet loudly\n", "1. shout: greet loudly\n", "37:1 error: this challenge has no name / begin it with one in backticks: 1. `chat`: what to build"),
        ("1. `shout`: greet loudly\n", "1. greet with `shout`\n", "37:1 error: this challenge has no name / begin it with one in backticks: 1. `chat`: what to build"),
        ("1. `shout`: greet loudly\n", "1. `Shout`: greet loudly\n", "37:4 error: `Shout` is no name for a challenge: it is in kebab case / write `shout`"),
        ("1. `shout`: greet loudly\n", "1. `../shout`: greet loudly\n", "37:4 error: `../shout` is no name for a challenge: it is in kebab case / write `shout`"),
        ("1. `shout`: greet loudly\n", "1. `shout`: loudly\n2. `shout`: again\n", "38:4 error: the challenge `shout` stands twice in the list / it is on line 37 already: give one of the two another name"),
        ("1. `shout`: greet loudly\n", "1. `shot`: greet loudly\n", "37:4 error: nothing judges the challenge `shot` / did you mean `shout`?"),
        ("1. `shout`: greet loudly\n", "1. `main`: greet loudly\n", "37:4 error: nothing judges the challenge `main` / write its judge, `challenges/src/main.rs`"),
        ("1. `shout`: greet loudly\n", "1. `whisper`: greet\n", "37:4 error: nothing judges the challenge `whisper` / write its judge, `challenges/src/whisper.rs`"),
        ("## Concept\n", "Hello.\n\n## Concept\n", "13:1 error: this stands in no section / move it below `## Concept`"),
        ("## Concept\n", "# A Greeting\n\n## Concept\n", "13:1 error: a page has no first-level heading: its title is the front matter's / take the heading away, or write `##` for a section and `###` for a part of one"),
    ];
    for (text, other, expected) in cases {
        assert_eq!(told(&page().with(text, other)), [expected], "{other:?}");
    }
}

#[test]
fn a_key_insight_may_be_whatever_a_reader_sees_in_a_quote() {
    for quote in [
        "> - A greeting\n> - is a line.\n",
        "> 1. `println`\n",
        "> | A greeting | is |\n> |---|---|\n> | a | line |\n",
        "> ### A greeting is a line.\n",
        "> <p>A greeting is a line.</p>\n",
        "> > A greeting is a line.\n",
        "> ```text illustration\n> a line\n> ```\n",
    ] {
        let page = page().with("> A greeting is a line.\n", quote);
        assert_eq!(told(&page), Vec::<String>::new(), "{quote}");
    }
}

#[test]
fn headings_in_lists_quotes_and_blocks_are_no_sections() {
    let text = "> ## Concept\n\n- ## Key Insight\n\n```text illustration\n## Deep Dive\n```\n";
    assert_eq!(
        told(&page().with("Programs greet.\n", text)),
        Vec::<String>::new()
    );
}

#[test]
fn a_heading_may_be_underlined() {
    assert_eq!(
        told(&page().with("## Deep Dive\n", "Deep Dive\n---------\n")),
        Vec::<String>::new()
    );
}

#[test]
fn challenges_are_read_with_what_they_say_first() {
    let list = "1. `shout`: greet *loudly*,\n   with `cargo run`\n\n   - in capitals\n\n   And so on.\n2. **`whisper`** — greet\n\n   quietly\n";
    let page = page().with("1. `shout`: greet loudly\n", list);
    let lesson = Lesson::of_page(page.0);
    let challenges: Vec<_> = lesson
        .challenges
        .iter()
        .map(|one| (one.name.as_str(), one.text.as_str(), one.line))
        .collect();
    assert_eq!(
        challenges,
        [
            ("shout", "greet loudly, with `cargo run`", 37),
            ("whisper", "greet", 43)
        ]
    );
}

#[test]
fn an_empty_body_lacks_every_section() {
    let all = page().0;
    let front = &all[..all.find("## Concept").unwrap()];
    assert_snapshot!(rendered(&crate::fixture::Page(front.to_owned())));
}
