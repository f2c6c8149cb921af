//! Pages from strangers: what stands on a page is shown, and nothing of it is run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use book::BookError;
use proptest::prelude::*;

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

/// Pieces of Markdown and HTML that mean something where they stand, or try to.
const PIECES: [&str; 48] = [
    "<script>",
    "</script>",
    "<div>",
    "</div>",
    "</main>",
    "<!--",
    "-->",
    "<!-- x -->",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE html>",
    "<svg onload=hacked()>",
    "<a href=\"javascript:hacked()\">",
    "<sup>",
    "</sup>",
    "<sub>",
    "<kbd>",
    "<details open ontoggle=hacked()>",
    "<",
    ">",
    "&lt;",
    "&#10;",
    "&#x3c;script&#x3e;",
    "*",
    "**",
    "_",
    "`",
    "``",
    "[x](#concept)",
    ")",
    "\n\n",
    "\n\n",
    "\n",
    "\n",
    "> ",
    "- ",
    "1. ",
    "| a | b |\n|---|---|\n| c |",
    "### ",
    "[^1]",
    "\n\n[^1]: ",
    "{{#include x}}",
    "\"onclick=\"hacked()\"",
    "'",
    "\u{202e}",
    "word",
];

/// The tags that the book is made of.
const OURS: [&str; 45] = [
    "a",
    "blockquote",
    "br",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "samp",
    "section",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "var",
    "svg",
    "g",
    "line",
    "path",
    "rect",
    "text",
    "tspan",
];

/// The tags in a piece of HTML, each with its attributes.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find([' ', '>']).unwrap_or(rest.len());
        let name = rest[..end].trim_start_matches('/').to_owned();
        rest = &rest[end..];
        let mut attributes = Vec::new();
        // Attributes are written with double quotes: what is between them is text.
        while !rest.starts_with('>') {
            let Some((before, after)) = rest.split_once(['=', '>']) else {
                break;
            };
            if !rest[before.len()..].starts_with('=') {
                rest = &rest[before.len()..];
                break;
            }
            let (_, after) = after.split_once('"').unwrap();
            let (value, after) = after.split_once('"').unwrap();
            attributes.push((before.trim().to_owned(), value.to_owned()));
            rest = after;
        }
        tags.push((name, attributes));
    }
    tags
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_page_says_its_tags_are_the_books(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)
    ) {
        let text: String = pieces.concat();
        let folder = Folder::with(&Page::new().saying(&format!("{text}\n\nThe end.")));
        match folder.build(&facts()) {
            // It may refuse, such as for a link that leads nowhere.
            Err(BookError::Pages(_)) => return Ok(()),
            other => { other.unwrap(); }
        }
        let main = folder.main();
        prop_assert!(main.ends_with("</footer></div>"), "{main}");
        for (name, attributes) in tags(&main.replace("<!-- -->", "")) {
            prop_assert!(OURS.contains(&name.as_str()), "<{name}> in {main}");
            for (attribute, value) in attributes {
                prop_assert!(!attribute.starts_with("on"), "{attribute} in {main}");
                prop_assert!(!value.contains("javascript:"), "{value} in {main}");
            }
        }
    }
}
