//! Shows how to escape a delimiter, and how not to undo it.
//!
//!     cargo xtask run message-framing escaping

fn main() {
    // ANCHOR: story
    for text in ["ann\ndelete bob", r"C:\new"] {
        let line = escape(text);
        println!("{line}");
        let same = unescape(&line).as_deref() == Some(text);
        println!("    unescaped, the same text: {same}");
        let same = by_replacing(&line) == text;
        println!("    by replacing, the same text: {same}");
    }
    // ANCHOR_END: story
}

// ANCHOR: escape
/// Writes `\` as `\\`, and the end of a line as `\n`: no line ends in what this gives.
fn escape(text: &str) -> String {
    text.replace('\\', r"\\").replace('\n', r"\n")
}

/// Undoes it, one character after the other. `None` where `escape` cannot have written
/// the line.
fn unescape(line: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

/// Wrong: the second half of a `\\` is taken for the first half of a `\n`.
fn by_replacing(line: &str) -> String {
    line.replace(r"\n", "\n").replace(r"\\", "\\")
}
// ANCHOR_END: escape
