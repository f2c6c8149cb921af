//! HTML, as far as the pages need it.

use std::fmt::Write as _;

/// Text as it stands between tags, or in an attribute between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Text in which line ends count, as in `<pre>`.
pub(crate) fn escape_lines(text: &str) -> String {
    escape(text).replace('\n', NEWLINE)
}

/// A line end that counts. [`on_one_line`] leaves it alone.
pub(crate) const NEWLINE: &str = "&#10;";

/// The same HTML without line ends: mdBook reads Markdown, in which a block of HTML
/// ends at a blank line. Line ends that count are written as [`NEWLINE`].
pub(crate) fn on_one_line(html: &str) -> String {
    html.replace(['\r', '\n'], " ")
}

/// A sentence in which words between backticks are code.
pub(crate) fn sentence(text: &str) -> String {
    let mut html = String::new();
    let mut pieces = text.split('`').peekable();
    let mut is_code = false;
    while let Some(piece) = pieces.next() {
        let piece_is_closed = pieces.peek().is_some();
        if is_code && piece_is_closed {
            let _ = write!(html, "<code>{}</code>", escape(piece));
        } else if is_code {
            let _ = write!(html, "`{}", escape(piece));
        } else {
            html.push_str(&escape(piece));
        }
        is_code = !is_code;
    }
    html
}

/// `1 line`, `2 lines`.
pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// A placeholder without its brackets: what a reader sees of it.
pub(crate) fn bare(placeholder: &str) -> &str {
    placeholder
        .strip_prefix('<')
        .and_then(|inner| inner.strip_suffix('>'))
        .unwrap_or(placeholder)
}

/// `before`, `before and after`, `before, between and after`.
pub(crate) fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
