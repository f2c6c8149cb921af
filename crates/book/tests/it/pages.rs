//! What is on a page.

use std::fs;

use book::Facts;

use crate::fixture::{FOLDER, Folder, Page, facts};

#[test]
fn a_lesson_is_its_head_its_sections_and_where_it_comes_from() {
    let folder = Folder::with(&Page::new());
    insta::assert_snapshot!(folder.built().main());
}

#[test]
fn the_first_page_names_every_lesson_by_phase() {
    let folder = Folder::with(&Page::new());
    let second = Page::new()
        .of("parting", 2)
        .with("prerequisites: []", "prerequisites: [greeting]")
        .with("title: A Greeting", "title: A <Parting> & more");
    folder.lesson("lessons/01-first-steps/02-parting", &second);
    insta::assert_snapshot!(folder.built().main_of("index.html"));
}

#[test]
fn a_lesson_names_the_one_that_follows() {
    let folder = Folder::with(&Page::new());
    let second = Page::new()
        .of("parting", 1)
        .with("phase: 1\n", "phase: 2\n")
        .with("phase_title: First Steps", "phase_title: More")
        .with("title: A Greeting", "title: A <Parting>")
        .with("estimated_minutes: 5", "estimated_minutes: 61");
    folder.lesson("lessons/02-more/01-parting", &second);
    let main = folder.built().main();
    let told = "The next lesson: <a href=\"parting.html\">A &lt;Parting&gt;</a>, 1 hour 1 minute.";
    assert!(main.contains(told), "{main}");
    let last = folder.main_of("lessons/parting.html");
    assert!(!last.contains("The next lesson"), "{last}");
}

#[test]
fn an_output_shows_who_speaks_and_what_may_vary() {
    let page = Page::new()
        .with(
            "commands:",
            "placeholders:\n  session: \"[0-9a-f]{8}\"\ncommands:",
        )
        .with(
            "```text run=greet\nhello\n```",
            "```text run=greet order=speakers exit=3 args=\"-v \"a b\"\"\n\
             === \\<port> & <T> ===\n\n\
             [client] from <port:client 1024..> took <duration ..=2s>\n\
             [server] <number 30..=40> of <session:s>, <byte ff>\n\
             [watcher] ...\n\
             [other] <any>\n...\nend\n```",
        );
    let folder = Folder::with(&page);
    let main = folder.built().main();
    let (_, rest) = main.split_once("Expected Output</a></h2>").unwrap();
    let (output, _) = rest.split_once("<h2").unwrap();
    insta::assert_snapshot!(output);
}

#[test]
fn a_listing_says_which_lines_of_its_file_it_shows() {
    for (lines, told) in [
        ("echo hello\n", "Line 2"),
        ("echo a\necho b\n", "Lines 2 to 3"),
    ] {
        let page = Page::new().with(
            "file=greet.sh\necho hello\n",
            &format!("file=a.sh#it\n{lines}"),
        );
        let folder = Folder::with(&page);
        folder.file(
            &format!("{FOLDER}/a.sh"),
            format!("# ANCHOR: it\n{lines}# ANCHOR_END: it\n"),
        );
        let main = folder.built().main();
        let told = format!("title=\"{told} of the whole file\"");
        assert!(main.contains(&told), "{main}");
    }
}

#[test]
fn the_command_of_a_block_is_what_a_shell_takes() {
    let page = Page::new()
        .on_the_wire("[client] SYN from <port:a> to <port:b>\n")
        .with(
            "text run=greet",
            "text run=greet args=\"-v it's $HOME a;b *\"",
        )
        .with(
            "text wire=greet",
            "text wire=greet args=\"-v it's $HOME a;b *\"",
        );
    let folder = Folder::with(&page);
    let main = folder.built().main();
    let mut commands = main.split("<span class=\"command\">").skip(1);
    let mut next = || commands.next().unwrap().split("</span>").next().unwrap();
    let args = r"-v 'it'\''s' '$HOME' 'a;b' '*'";
    assert_eq!(next(), format!("cargo xtask run greeting greet -- {args}"));
    assert_eq!(next(), format!("cargo xtask wire greeting greet -- {args}"));
}

#[test]
fn a_challenge_says_by_what_it_is_judged_and_folds_its_hints() {
    let folder = Folder::with(&Page::new());
    folder.file(
        &format!("{FOLDER}/challenges/hints/shout.md"),
        "# Hints\n\n## Think of `capitals`\n\nOne.\n\n### Sub\n\n```rust\nfn main() {}\n# hidden?\n```\n\n\
         ## Almost <all>\n\nTwo.\n",
    );
    let main = folder.built().main();
    let (_, rest) = main.split_once("Challenge</a></h2>").unwrap();
    let (challenge, _) = rest.split_once("<h2").unwrap();
    insta::assert_snapshot!(challenge);
}

#[test]
fn search_knows_what_a_page_says_and_nothing_of_a_hint() {
    let folder = Folder::with(&Page::new().saying("Mind the aardvark."));
    folder.file(
        &format!("{FOLDER}/challenges/hints/shout.md"),
        "## The zebra\n\nIt is a quagga.\n",
    );
    let main = folder.built().main();
    assert!(main.contains("The zebra") && main.contains("a quagga"));
    let mut files = fs::read_dir(folder.path("book")).unwrap();
    let index = files.find_map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name()?.to_str()?;
        name.starts_with("searchindex").then_some(path)
    });
    let index = fs::read_to_string(index.unwrap()).unwrap();
    for (word, is_known) in [
        ("aardvark", true),
        ("greets nobody", true),
        ("zebra", false),
        ("quagga", false),
    ] {
        assert_eq!(index.contains(word), is_known, "{word}");
    }
}

#[test]
fn a_page_says_at_which_commit_it_was_proved() {
    let folder = Folder::with(&Page::new());
    let footer = |facts: &Facts| {
        folder.build(facts).unwrap();
        let main = folder.main();
        let (_, footer) = main.split_once("<footer").unwrap();
        let start = footer.find("<p>").unwrap() + 3;
        let end = footer.find("<a ").unwrap();
        footer[start..end].trim().to_owned()
    };
    let mut known = facts();
    let clean = footer(&known);
    known.commit.as_mut().unwrap().dirty = true;
    let dirty = footer(&known);
    known.commit = None;
    let without_git = footer(&known);
    known.proved = false;
    let proved = "Proved at commit <code class=\"nohighlight\" \
                  title=\"0123456789abcdef0123456789abcdef01234567\">0123456789ab</code>";
    assert_eq!(clean, format!("{proved}."));
    assert_eq!(dirty, format!("{proved} and uncommitted changes."));
    assert_eq!(without_git, "");
    assert!(footer(&known).contains("A draft: nothing on this page has been proved."));
}

#[test]
fn the_files_behind_a_lesson_are_there_whole() {
    let page = Page::new().saying(
        "See [it](notes/x.txt), [a line](greet.sh#L1), [some](notes/y.txt#L2-L4), \
         [within](notes/y.txt#L2), [across](notes/y.txt#L3-L6) and [all](notes/y.txt#L1-L7).",
    );
    let folder = Folder::with(&page);
    folder.file(&format!("{FOLDER}/notes/y.txt"), "1\n2\n3\n4\n5\n6\n7\n");
    folder.file(&format!("{FOLDER}/notes/x.txt"), "# not <hidden>\n\nend\n");
    folder.built();
    insta::assert_snapshot!(folder.main_of("lessons/greeting/sources.html"));
}

#[test]
fn every_line_of_rust_is_shown() {
    let page = Page::new().with(
        "```sh file=greet.sh\necho hello\n```",
        "```rust file=a.rs\n# fn hidden() {}\n#[test]\n```",
    );
    let folder = Folder::with(&page);
    folder.file(&format!("{FOLDER}/a.rs"), "# fn hidden() {}\n#[test]\n");
    let main = folder.built().main();
    assert!(main.contains("# fn hidden() {}\n#[test]</code>"), "{main}");
    assert!(!main.contains("boring"), "{main}");
}

#[test]
fn a_book_replaces_a_book_and_nothing_else() {
    let folder = Folder::with(&Page::new());
    folder.built();
    folder.file("book/lessons/old.html", "old");
    folder.built();
    assert!(!folder.path("book/lessons/old.html").exists());

    fs::remove_dir_all(folder.path("book")).unwrap();
    folder.file("book/thesis.txt", "years of work");
    let refusal = folder.refused();
    assert!(refusal.contains("is no book"), "{refusal}");
    assert!(folder.path("book/thesis.txt").exists());
}

#[test]
fn a_web_site_without_a_books_mark_stays() {
    let folder = Folder::with(&Page::new());
    folder.file("book/.nojekyll", "");
    folder.file("book/index.html", "years of work");
    let refusal = folder.refused();
    assert!(refusal.contains("an older version"), "{refusal}");
    assert!(folder.path("book/index.html").exists());
}

#[test]
fn a_checkout_of_git_stays_even_with_a_book_in_it() {
    let folder = Folder::with(&Page::new());
    folder.built();
    // A worktree that was added has a file of this name, any other a folder.
    folder.file("book/.git", "gitdir: elsewhere\n");
    let refusal = folder.refused();
    assert!(refusal.contains("a checkout of git"), "{refusal}");
    assert!(folder.path("book/.git").exists());

    fs::remove_file(folder.path("book/.git")).unwrap();
    folder.file("book/.git/HEAD", "ref: refs/heads/gh-pages\n");
    folder.refused();
    assert!(folder.path("book/.git/HEAD").exists());
}

#[test]
fn where_a_page_is_wrong_the_old_book_stays() {
    let folder = Folder::with(&Page::new());
    folder.built();
    folder.lesson(FOLDER, &Page::new().saying("[gone](#gone)"));
    folder.refused();
    assert!(folder.main().contains("There is more."));
    let left: Vec<_> = fs::read_dir(folder.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
