//! Pages from strangers: what stands on a page is shown, and nothing of it is run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::fixture::{FOLDER, Folder, Page, facts};

/// A page that tries.
pub(crate) fn page() -> Page {
    Page::new()
        .with("title: A Greeting", "title: \"<script>hacked('title')</script> {{#include greet.sh}}\"")
        .with("tags: [hello]", "tags: [\"<b onclick=hacked('tag')>\"]")
        .with("phase_title: First Steps", "phase_title: \"First <img src=x onerror=hacked('phase')> Steps\"")
        .with("```text run=greet\nhello\n```", "```text run=greet\n</samp><script>hacked('output')</script><any> \" onmouseover=\"hacked()\n```")
        .on_the_wire("[client] SYN from <port:a> to <port:b>\n[client] <script>hacked('wire')</script>\n")
        .saying(
            "<script>hacked('block')</script>\n\n\
             Inline <img src=x onerror=\"hacked('inline')\"> and <b>bold</b>, {{#include greet.sh}} {{content}}.\n\n\
             <div\nonclick=\"hacked('div')\">\n\n<!-- a comment -->\n\n<!-- --><script>hacked('comment')</script>\n\n\
             `<script>` [x](<https://example.com/\"onclick=\"hacked()> \"a\\\"onclick=hacked()\") \
             <https://example.com/?<script>>\n\n\
             ### <i>Heading</i> \" onclick=\"hacked()\n\n\
             | <script>hacked('table')</script> |\n|---|\n| x[^n] |\n\n[^n]: <script>hacked('note')</script>\n\n\
             2<sup>*n* − 1</sup>, H<sub>2</sub>O, <kbd>Tab</kbd>, <sup>open, </sub>, <sup onclick=hacked()>x</sup>, \
             *a <sup> b* c</sup>\n\n\
             ```html illustration\n<script>hacked('code')</script>\n```\n\n\
             ```x\">&lt;b illustration\nx\n```",
        )
}

fn folder() -> Folder {
    let folder = Folder::with(&Page::new());
    std::fs::remove_dir_all(folder.path("lessons")).unwrap();
    let place = "lessons/01-first-img-src-x-onerror-hacked-phase-steps/01-greeting";
    folder.lesson(place, &page());
    folder.file(
        &format!("{place}/challenges/hints/shout.md"),
        "## <script>hacked('hint')</script>\n\n<script>hacked('hint')</script>\n",
    );
    folder
}

/// Makes the book of such a page, with a judge from a stranger too.
pub(crate) fn built() -> Folder {
    let folder = folder();
    let mut facts = facts();
    let challenge = &mut facts.challenges.get_mut("greeting").unwrap()[0];
    "<script>hacked('judge')</script> `<script>`".clone_into(&mut challenge.requirements[0].name);
    "<script>hacked('git')</script>".clone_into(&mut facts.commit.as_mut().unwrap().hash);
    folder.build(&facts).unwrap();
    folder
}

#[test]
fn what_a_stranger_writes_is_shown_as_text() {
    let folder = built();
    insta::assert_snapshot!(folder.main());
    for page in [
        "lessons/greeting.html",
        "index.html",
        "print.html",
        "lessons/greeting/sources.html",
    ] {
        let main = folder.main_of(page);
        for tag in ["<script", "<img", "<b>", "<div\nonclick", "<i>"] {
            assert!(!main.contains(tag), "{tag} on {page}:\n{main}");
        }
    }
}

#[test]
fn a_file_that_leads_out_of_the_lesson_is_not_shown() {
    let folder = Folder::with(&Page::new().saying("[x](secret.txt)"));
    folder.file("secret.txt", "secret\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        folder.path("secret.txt"),
        folder.path(&format!("{FOLDER}/secret.txt")),
    )
    .unwrap();
    let refusal = folder.refused();
    assert!(refusal.contains("secret.txt"), "{refusal}");
    assert!(!folder.path("book").exists());
}
