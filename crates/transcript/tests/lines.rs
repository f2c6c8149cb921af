//! A transcript's lines, as those who show them see them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use transcript::{Kinds, Order, Transcript};

/// Each line as its tag, and its parts: text in quotes, placeholders as kind, name and
/// range.
fn seen(text: &str, order: Order) -> Vec<String> {
    let page = Transcript::parse(text, order, &Kinds::default()).unwrap();
    page.lines()
        .map(|line| {
            let parts: Vec<String> = line
                .parts
                .iter()
                .map(|part| match part.placeholder {
                    None => format!("{:?}", part.text),
                    Some(place) => format!("{} {place:?}", part.text)
                        .replace("Placeholder ", "")
                        .replace("Some(", "(")
                        .replace("None", "-"),
                })
                .collect();
            let elides = if line.elides { " elides" } else { "" };
            format!("{:?}{elides} {}", line.tag, parts.join(" "))
        })
        .collect()
}

#[test]
fn a_line_is_its_tag_its_text_and_its_placeholders() {
    insta::assert_debug_snapshot!(seen(
        "=== heading ===\n\n[client 2] on <port:client 1024..>, <number ..=40> of <any>\n<word>\n",
        Order::Speakers,
    ), @r#"
    [
        "None \"=== heading ===\"",
        "None ",
        "Some(\"client 2\") \"[client 2] on \" <port:client 1024..> { kind: \"port\", name: (\"client\"), range: (\"1024..\") } \", \" <number ..=40> { kind: \"number\", name: -, range: (\"..=40\") } \" of \" <any> { kind: \"any\", name: -, range: - }",
        "None <word> { kind: \"word\", name: -, range: - }",
    ]
    "#);
}

#[test]
fn a_reader_sees_no_escapes_and_every_byte() {
    insta::assert_debug_snapshot!(seen(
        "\\[client] a \\<port>\n\\...\n<byte ff><byte 0d> end\nVec<u8>\n",
        Order::Total,
    ), @r#"
    [
        "None \"[client] a <port>\"",
        "None \"...\"",
        "None \"<byte ff><byte 0d> end\"",
        "None \"Vec<u8>\"",
    ]
    "#);
}

#[test]
fn what_stands_for_lines_says_so() {
    insta::assert_debug_snapshot!(seen("a\n...\n[client] ...\n", Order::Speakers), @r#"
    [
        "None \"a\"",
        "None elides \"...\"",
        "Some(\"client\") elides \"[client] ...\"",
    ]
    "#);
}
