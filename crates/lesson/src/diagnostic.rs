//! What is wrong with a page: where, what, and what to write instead.
//!
//! Everything that this crate finds is told as a [`Diagnostic`], and every
//! diagnostic is rendered here and nowhere else.

use std::fmt::{self, Write as _};
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::place::Place;

/// One thing that is wrong with a page, or with a folder of the course.
///
/// It carries all that is needed to show it, so that nobody has to read the
/// page again. Its texts may quote what a stranger wrote; [`render`] shows
/// control characters, and those that change the direction of text, and never
/// sends them.
///
/// [`render`]: Diagnostic::render
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file or folder, relative to the course's root.
    pub file: PathBuf,
    /// Where in the file; `None` where the file or folder as a whole is meant.
    pub place: Option<Place>,
    /// Whether the page is wrong, or merely odd.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write or do instead.
    pub help: Option<String>,
}

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Shown, and changes no verdict.
    Warning,
    /// The page is `invalid`.
    Error,
}

/// Whether a rendering has colours (ANSI escape sequences).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Text alone.
    Plain,
    /// With colours, for a terminal.
    Coloured,
}

impl Diagnostic {
    /// The diagnostic as people read it, in the look that rustc gives its own:
    ///
    /// ```text
    /// error: there is no key `phse_title`
    ///   --> lessons/06-networking-fundamentals/01-tcp-basics/lesson.md:4:1
    ///    |
    ///  4 | phse_title: Networking Fundamentals
    ///    | ^^^^^^^^^^
    ///    = help: did you mean `phase_title`?
    /// ```
    ///
    /// The last line ends with a newline.
    #[must_use]
    pub fn render(&self, look: Look) -> String {
        let paint = Paint(look);
        let mut out = String::new();
        let level = paint.with(level_style(self.severity), &self.severity.to_string());
        let message = paint.with(Style::new().bold(), &format!(": {}", shown(&self.message)));
        let _ = writeln!(out, "{level}{message}");

        let gutter = self
            .place
            .as_ref()
            .map_or(2, |place| place.line.to_string().len().max(2));
        let pad = " ".repeat(gutter);
        let bar = paint.with(GUTTER, "|");
        let _ = writeln!(out, "{pad}{} {}", paint.with(GUTTER, "-->"), self.origin());

        if let Some(place) = &self.place {
            let (line, blanks, marks) = place.drawn();
            let number = paint.with(GUTTER, &format!("{:>gutter$}", place.line));
            let marks = paint.with(level_style(self.severity), &marks);
            let _ = writeln!(out, "{pad} {bar}");
            let _ = writeln!(out, "{}", format!("{number} {bar} {line}").trim_end());
            let _ = writeln!(out, "{pad} {bar} {blanks}{marks}");
        }
        if let Some(help) = &self.help {
            render_help(&mut out, paint, &pad, help);
        }
        out
    }

    /// The file, with line and column where there are any: `lesson.md:4:1`.
    #[must_use]
    pub fn origin(&self) -> String {
        let file = self.file.to_string_lossy();
        let file = if cfg!(windows) {
            shown(&file.replace('\\', "/"))
        } else {
            shown(&file)
        };
        match &self.place {
            Some(place) => format!("{file}:{}:{}", place.line, place.column),
            None => file,
        }
    }
}

impl fmt::Display for Diagnostic {
    /// As [`Diagnostic::render`] with [`Look::Plain`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Look::Plain))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

impl Place {
    /// The excerpt as it is shown, the blanks before its mark, and the mark.
    fn drawn(&self) -> (String, String, String) {
        let before = shown(&self.excerpt[..self.marked.start]);
        let marked = shown(&self.excerpt[self.marked.clone()]);
        let after = shown(&self.excerpt[self.marked.end..]);
        let blanks = " ".repeat(before.width());
        let marks = "^".repeat(marked.width().max(1));
        (format!("{before}{marked}{after}"), blanks, marks)
    }
}

fn render_help(out: &mut String, paint: Paint, pad: &str, help: &str) {
    let sign = paint.with(GUTTER, "=");
    let word = paint.with(Style::new().bold(), "help");
    let mut lines = help.lines();
    let first = lines.next().unwrap_or_default();
    let _ = writeln!(out, "{pad} {sign} {word}: {}", shown(first));
    for line in lines {
        let _ = writeln!(
            out,
            "{}",
            format!("{pad}         {}", shown(line)).trim_end()
        );
    }
}

/// A text from a page as it may be shown: what a terminal would act on, or what
/// would change the order of the letters around it, is written as Rust would
/// (`\u{1b}`); a tab is four spaces.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Characters that are seen only by what they do: control characters, line and
/// paragraph separators, and those that Unicode has for direction and for
/// joining (UAX #9, and the zero-width ones that hide in names).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// How the gutter of a rendering looks.
const GUTTER: Style = AnsiColor::Blue.on_default().bold();

fn level_style(severity: Severity) -> Style {
    match severity {
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Error => AnsiColor::Red.on_default().bold(),
    }
}

/// Puts a style around a text, where there are colours.
#[derive(Clone, Copy)]
struct Paint(Look);

impl Paint {
    fn with(self, style: Style, text: &str) -> String {
        match self.0 {
            Look::Plain => text.to_owned(),
            Look::Coloured => format!("{style}{text}{style:#}"),
        }
    }
}
