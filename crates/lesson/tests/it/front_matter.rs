//! What the front matter may say.

use std::time::Duration;

use lesson::{Command, Difficulty, Lesson};

use crate::fixture::{Folder, Page, page, told};

#[test]
fn every_key_is_read() {
    let page = page()
        .with("tags: [hello]", "tags: [hello, \"two words\"]")
        .with(
            "estimated_minutes: 5\n",
            r#"estimated_minutes: 5
timeout_seconds: 2.5
placeholders:
  version: "[0-9]+[.][0-9]+"
commands:
  serve: [node, server.mjs, "--port", 8080, ""]
"#,
        );
    let lesson = Folder::with(&page).only();
    assert_eq!(lesson.diagnostics, []);
    let front = &lesson.front;
    assert_eq!(front.id, "greeting");
    assert_eq!((front.phase, front.sequence), (1, 1));
    assert_eq!(front.phase_title, "First Steps");
    assert_eq!(front.title, "A Greeting");
    assert_eq!(front.difficulty, Difficulty::Beginner);
    assert_eq!(front.tags, ["hello", "two words"]);
    assert_eq!(front.prerequisites, Vec::<String>::new());
    assert_eq!(front.estimated_minutes, 5);
    assert_eq!(front.timeout, Duration::from_millis(2500));
    let version = ("version".to_owned(), "[0-9]+[.][0-9]+".to_owned());
    assert_eq!(front.placeholders, [version]);
    let serve = Command {
        name: "serve".to_owned(),
        program: "node".to_owned(),
        args: ["server.mjs", "--port", "8080", ""]
            .map(str::to_owned)
            .to_vec(),
    };
    assert_eq!(lesson.command("serve"), Some(&serve));
    assert_eq!(lesson.command("node"), None);
}

#[test]
fn a_program_has_ten_seconds_where_the_page_does_not_say() {
    let front = Lesson::of_page(page().0).front;
    assert_eq!(front.timeout, Duration::from_secs(10));
}

#[test]
fn a_page_may_be_written_in_other_styles_of_yaml() {
    let page = page()
        .with(
            "title: A Greeting",
            "title: 'A Greeting' # as people say it",
        )
        .with("tags: [hello]", "tags:\n  - hello\n  - \"world\"")
        .with("prerequisites: []", "prerequisites:\n  [\n  ]");
    let lesson = Folder::with(&page).only();
    assert_eq!(lesson.diagnostics, []);
    assert_eq!(lesson.front.title, "A Greeting");
    assert_eq!(lesson.front.tags, ["hello", "world"]);
}

/// One change to a right page, and all that is told of it.
#[test]
fn a_mistake_is_told_with_its_place_and_its_remedy() {
    #[rustfmt::skip]
    let cases = [
        ("title: A Greeting\n", "", "1:1 error: the key `title` is missing / add `title: What the lesson is called`"),
        ("title: A Greeting", "titel: A Greeting", "6:1 error: there is no key `titel` / did you mean `title`?"),
        ("title: A Greeting", "title: A Greeting\ncolour: red", "7:1 error: there is no key `colour` / the keys are `id`, `phase`, `phase_title`, `sequence`, `title`, `difficulty`, `tags`, `prerequisites`, `estimated_minutes`, `timeout_seconds`, `placeholders`, `commands`"),
        ("title: A Greeting", "title: A Greeting\ntimeout: 5", "7:1 error: there is no key `timeout` / did you mean `timeout_seconds`?"),
        ("title: A Greeting", "title:", "6:1 error: `title` is empty / write its value"),
        ("title: A Greeting", "title: \"\"", "6:8 error: `title` is empty / write its value"),
        ("title: A Greeting", "title: ~", "6:8 error: `title` is empty / write its value"),
        ("title: A Greeting", "title: |\n  A\n  Greeting", "7:3 error: `title` is not a single line of text / write it on one line, without control characters"),
        ("title: A Greeting", "title: A Greeting\ntitle: Another", "7:1 error: `title` is given twice / keep one of the two"),
        ("title: A Greeting", "title: &name A Greeting", "6:8 error: anchors are not allowed here / take away the `&name` before this value"),
        ("title: A Greeting", "title: !!str A Greeting", "6:8 error: tags are not allowed here / take away the `!tag` before this value"),
        ("title: A Greeting", "title: *name", "6:8 error: this is not YAML: while parsing node, found unknown anchor / aliases are not allowed here: write the value itself"),
        ("title: A Greeting", "title: A: Greeting", "6:9 error: this is not YAML: mapping values are not allowed in this context / put a value that holds `: ` in double quotes"),
        ("title: A Greeting", "title: \"A Greeting", "6:8 error: this is not YAML: invalid indentation in quoted scalar / close the quote, or take it away"),
        ("title: A Greeting", "title: @home", "6:8 error: this is not YAML: unexpected character: `@' / write one `key: value` a line; put a value with special characters in double quotes"),
        ("id: greeting", "id: [greeting]", "2:5 error: `id` is not a text / write a single value; put one with special characters in double quotes"),
        ("id: greeting", "id: Greeting_2", "2:5 error: an id is in kebab case: small letters and digits, words joined by `-`, a letter first / write `greeting-2`"),
        ("id: greeting", "id: --", "2:5 error: an id is in kebab case: small letters and digits, words joined by `-`, a letter first / nothing"),
        ("phase: 1", "phase: \"1\"", "3:8 error: `phase` is not a whole number / take away the quotes"),
        ("phase: 1", "phase: 1.5", "3:8 error: `phase` is not a whole number / write digits alone: `phase: 6`"),
        ("phase: 1", "phase: -1", "3:8 error: `phase` is not a whole number / write digits alone: `phase: 6`"),
        ("phase: 1", "phase: 99999999999", "3:8 error: `phase` is not a whole number / write digits alone: `phase: 6`"),
        ("phase: 1", "phase:", "3:1 error: `phase` is not a whole number / write digits alone: `phase: 6`"),
        ("difficulty: beginner", "difficulty: Beginner", "7:13 error: there is no difficulty `Beginner` / did you mean `beginner`?"),
        ("difficulty: beginner", "difficulty: brutal", "7:13 error: there is no difficulty `brutal` / write `beginner`, `intermediate` or `advanced`"),
        ("tags: [hello]", "tags: hello", "8:7 error: `tags` is not a list / write `tags: [tcp, sockets]`"),
        ("tags: [hello]", "tags: []", "8:7 error: a lesson has at least one tag / write `tags: [tcp, sockets]`"),
        ("tags: [hello]", "tags:", "8:1 error: `tags` is not a list / write `tags: [tcp, sockets]`"),
        ("tags: [hello]", "tags: [hello, hello]", "8:15 error: `hello` stands twice in `tags` / keep one of the two"),
        ("tags: [hello]", "tags: [hello, [world]]", "8:15 error: an item of `tags` is not a text / write a single value; put one with special characters in double quotes"),
        ("estimated_minutes: 5", "estimated_minutes: 0", "10:20 error: a lesson takes at least one minute / write how long a learner takes: `estimated_minutes: 15`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ntimeout_seconds: 0", "11:18 error: `timeout_seconds` is not a time that a program can have / write a number of seconds from 0.001 to 3600; 10 is what a page without this key gets"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ntimeout_seconds: 1e-12", "11:18 error: `timeout_seconds` is not a time that a program can have / write a number of seconds from 0.001 to 3600; 10 is what a page without this key gets"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ntimeout_seconds: 1e9", "11:18 error: `timeout_seconds` is not a time that a program can have / write a number of seconds from 0.001 to 3600; 10 is what a page without this key gets"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ntimeout_seconds: NaN", "11:18 error: `timeout_seconds` is not a time that a program can have / write a number of seconds from 0.001 to 3600; 10 is what a page without this key gets"),
        ("estimated_minutes: 5", "estimated_minutes: 5\nplaceholders: [a]", "11:15 error: `placeholders` is not a map of names / write a line `placeholders:`, and below it, indented, `version: \"[0-9]+[.][0-9]+\"`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\nplaceholders:\n  a: b\n  a: c", "13:3 error: `a` is given twice / keep one of the two"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {serve: node}", "11:19 error: the command `serve` is not a list that begins with a program / write `serve: [program, argument]`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {serve: []}", "11:19 error: the command `serve` is not a list that begins with a program / write `serve: [program, argument]`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {serve: [\"\", a]}", "11:19 error: the command `serve` is not a list that begins with a program / write `serve: [program, argument]`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {serve: [node, {a: b}]}", "11:26 error: a word of the command `serve` is not a text / put it in double quotes"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {\"Serve it\": [node]}", "11:12 error: a command's name is in kebab case: small letters and digits, words joined by `-`, a letter first / write `serve-it`"),
        ("estimated_minutes: 5", "estimated_minutes: 5\ncommands: {greeting: [echo]}", "11:12 error: `greeting` is a binary of the experiment too: `greeting` / give the command another name"),
        ("estimated_minutes: 5", "estimated_minutes: 5\n? [a, b]\n: c", "11:3 error: a key is a single word / nothing"),
        ("estimated_minutes: 5", "estimated_minutes: 5\n...\nmore: 1", "12:1 error: the front matter ends before this line / take away the line `...`, or this and what follows"),
    ];
    for (text, other, expected) in cases {
        assert_eq!(told(&page().with(text, other)), [expected], "{other:?}");
    }
}

#[test]
fn a_kind_that_cannot_be_declared_is_told_where_it_stands() {
    #[rustfmt::skip]
    let cases = [
        ("version: \"[0-9\"", "12:3 error: the pattern of `version` does not compile / unclosed character class"),
        ("version: \"[0-9]*\"", "12:3 error: the pattern of `version` matches the empty text / let it take at least one character, as `+` does where it says `*`"),
        ("port: \"[0-9]+\"", "12:3 error: `port` is a word of the transcript language / choose another name"),
        ("Version: a", "12:3 error: `Version` cannot name a kind / write lower-case words joined by hyphens, a letter first, like `session-id`"),
        ("version: [a]", "12:12 error: the expression of `version` is not a text / write a single value; put one with special characters in double quotes"),
        ("a: b\n  a: c", "13:3 error: `a` is given twice / keep one of the two"),
    ];
    let minutes = "estimated_minutes: 5";
    for (kind, expected) in cases {
        let page = page().with(minutes, &format!("{minutes}\nplaceholders:\n  {kind}"));
        assert_eq!(told(&page), [expected], "{kind}");
    }
}

#[test]
fn a_mistake_in_the_syntax_hides_no_other() {
    let page = page()
        .with("title: A Greeting", "title: A: Greeting")
        .with("difficulty: beginner", "difficulty: [beginner")
        .with("estimated_minutes: 5", "estimated_minutes: none");
    let told = told(&page);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(
        told[0].starts_with("6:9 error: this is not YAML"),
        "{}",
        told[0]
    );
    assert!(
        told[1].starts_with("7:1 error: this is not YAML") && told[1].ends_with("of this value"),
        "{}",
        told[1]
    );
    assert!(
        told[2].starts_with("10:20 error: `estimated_minutes`"),
        "{}",
        told[2]
    );
}

#[test]
fn a_page_without_front_matter_is_told_so_once() {
    let all = page().0;
    let body = &all[all.find("## Concept").unwrap()..];
    let expected = "1:1 error: this page has no front matter / \
        begin it with a line `---`, then `id: …` and the other keys, then a line `---` again";
    assert_eq!(told(&Page(body.to_owned())), [expected]);
}

#[test]
fn front_matter_that_never_ends_is_read_up_to_the_first_section() {
    let page = page().with("minutes: 5\n---\n", "minutes: 0\n");
    let expected = [
        "1:1 error: the front matter never ends / write a line `---` behind its last key",
        "10:20 error: a lesson takes at least one minute / write how long a learner takes: `estimated_minutes: 15`",
    ];
    assert_eq!(told(&page), expected);
}

#[test]
fn a_comment_of_two_signs_does_not_end_the_front_matter() {
    let page = page().with("minutes: 5\n", "minutes: 5\n## For beginners.\n");
    assert_eq!(told(&page), Vec::<String>::new());
}

/// A rule of the page is no end of its front matter.
#[test]
fn front_matter_that_never_ends_is_read_up_to_the_first_section_also_before_a_rule() {
    let page = page()
        .with("minutes: 5\n---\n", "minutes: 5\n## For beginners.\n")
        .with("There is more.\n", "There is more.\n\n---\n");
    let expected =
        "1:1 error: the front matter never ends / write a line `---` behind its last key";
    assert_eq!(told(&page)[0], expected);
    assert_eq!(Folder::with(&page).only().sections.len(), 7);
}

#[test]
fn front_matter_that_is_no_map_is_told_so_beside_what_is_missing() {
    let all = page().0;
    let body = &all[all.find("## Concept").unwrap()..];
    for front in ["just words", "- id\n- phase", "\"quoted\""] {
        let told = told(&Page(format!("---\n{front}\n---\n{body}")));
        let expected =
            "error: the front matter is not a map of keys / write one `key: value` a line";
        assert!(told.iter().any(|one| one.ends_with(expected)), "{told:#?}");
    }
}

#[test]
fn a_byte_order_mark_is_ignored() {
    let page = Page(format!("\u{feff}{}", page().0));
    let lesson = Folder::with(&page).only();
    assert_eq!(lesson.diagnostics, []);
    assert_eq!(lesson.source, page.0);
}

#[test]
fn a_page_may_have_the_line_endings_of_windows() {
    let page = Page(page().0.replace('\n', "\r\n"));
    let lesson = Folder::with(&page).only();
    assert_eq!(lesson.diagnostics, []);
    assert_eq!(lesson.front.title, "A Greeting");
    assert_eq!(lesson.blocks[1].content, "hello\n");
}

#[test]
fn names_of_letters_beyond_ascii_keep_their_places() {
    let page = page().with("title: A Greeting", "title: Größe und Maß\nfarbe: grün");
    let told = told(&page);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("7:1 error: there is no key `farbe`"),
        "{told:?}"
    );
}
