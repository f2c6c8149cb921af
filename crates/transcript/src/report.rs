//! What differs, told for people.
//!
//! A [`Report`] is made once and written in two ways: plain, where marks stand
//! in a row of their own below the text, and with ANSI colours.

mod diff;
mod entries;
mod pairs;
mod show;
pub(crate) mod tokens;

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar;

use crate::Comparison;

/// What a report says of where its texts come from.
#[derive(Clone, Copy, Debug)]
pub struct ReportHeader<'a> {
    /// The page: a path, as its reader would open it.
    pub page: &'a str,
    /// The line of the page, from 1, on which the transcript's first line stands.
    pub first_line: usize,
    /// The program that said this.
    pub program: &'a str,
    /// Where it said it.
    pub medium: Medium,
}

/// Where a program said what is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Medium {
    /// It printed it.
    #[default]
    Output,
    /// It sent it, in packets.
    Wire,
}

impl Medium {
    /// The medium, as reports name it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Wire => "wire",
        }
    }

    pub(crate) fn verb(self) -> &'static str {
        match self {
            Self::Output => "prints",
            Self::Wire => "sends",
        }
    }
}

impl ReportHeader<'_> {
    /// Where a line of the transcript stands in the page.
    pub(crate) fn page_line(&self, line: u32) -> usize {
        self.first_line + line as usize
    }
}

/// What differs, told for people: plain by [`Display`](fmt::Display), coloured
/// by [`ansi`](Report::ansi). Every line of it ends with a line feed.
///
/// ```
/// use transcript::{Kinds, Medium, Order, ReportHeader, Transcript};
///
/// let page = Transcript::parse("on <port>\nready\n", Order::Total, &Kinds::default())?;
/// let header = ReportHeader {
///     page: "lesson.md",
///     first_line: 97,
///     program: "tcp-basics",
///     medium: Medium::Output,
/// };
/// let report = page.compare(b"on 4000\nsteady\n").report(&header).to_string();
/// assert_eq!(report, "\
/// lesson.md:98: tcp-basics prints something else
///  page output
///    97      1   on 4000
///                   ~~~~
///    98        - ready
///            2 + steady
/// 1 line of the page is missing, 1 line of the output is not in the page
/// ");
/// # Ok::<(), transcript::PageError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    lines: Vec<Line>,
}

/// One line: stretches of text and what each is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) spans: Vec<(Role, String)>,
}

/// What a stretch of a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Heading,
    /// Line numbers, and what is left out.
    Aside,
    /// Text that is the same on both sides.
    Context,
    /// What a placeholder stands for in it.
    Filled,
    Removed,
    /// The stretch in which a removed line differs from its pair.
    RemovedPart,
    Added,
    AddedPart,
    Note,
}

impl Role {
    /// How the row below the text marks it where there is no colour.
    fn mark(self) -> Option<char> {
        match self {
            Self::Filled => Some('~'),
            Self::RemovedPart | Self::AddedPart => Some('^'),
            _ => None,
        }
    }

    fn style(self) -> Style {
        let style = Style::new();
        let colour = |colour: AnsiColor| style.fg_color(Some(colour.into()));
        match self {
            Self::Heading => style.bold(),
            Self::Aside => style.dimmed(),
            Self::Context => style,
            Self::Filled => colour(AnsiColor::Cyan),
            Self::Removed => colour(AnsiColor::Red),
            Self::RemovedPart => colour(AnsiColor::Red).bold().underline(),
            Self::Added => colour(AnsiColor::Green),
            Self::AddedPart => colour(AnsiColor::Green).bold().underline(),
            Self::Note => colour(AnsiColor::Yellow),
        }
    }
}

impl Line {
    pub(crate) fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            spans: vec![(role, text.into())],
        }
    }

    /// The row below the text, if something is marked.
    fn marks(&self) -> Option<String> {
        let marked = |(role, text): &&(Role, String)| role.mark().is_some() && !text.is_empty();
        self.spans.iter().find(marked)?;
        let mut marks = String::new();
        for (role, text) in &self.spans {
            for character in text.chars() {
                match (character, role.mark()) {
                    // A tab is as wide as the terminal makes it.
                    ('\t', _) => marks.push('\t'),
                    (_, mark) => {
                        let width = character.width().unwrap_or(0);
                        marks.extend(std::iter::repeat_n(mark.unwrap_or(' '), width));
                    }
                }
            }
        }
        marks.truncate(marks.trim_end().len());
        Some(marks).filter(|marks| !marks.is_empty())
    }

    /// How many lines it is where there is no colour.
    pub(crate) fn height(&self) -> usize {
        1 + usize::from(self.marks().is_some())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let text: String = line.spans.iter().map(|(_, text)| text.as_str()).collect();
            writeln!(f, "{}", text.trim_end_matches(' '))?;
            if let Some(marks) = line.marks() {
                writeln!(f, "{marks}")?;
            }
        }
        Ok(())
    }
}

impl Report {
    pub(crate) fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Appends another report.
    pub fn extend(&mut self, other: Self) {
        self.lines.extend(other.lines);
    }

    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The report with ANSI colours. Nothing else in it controls a terminal.
    #[must_use]
    pub fn ansi(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            for (role, span) in line.spans.iter().filter(|(_, span)| !span.is_empty()) {
                let style = role.style();
                // Writing to a `String` cannot fail.
                let _ = write!(text, "{style}{span}{style:#}");
            }
            text.push('\n');
        }
        text
    }
}

/// The most lines that a report has.
const MOST_LINES: usize = 200;

/// What differs, and then the names that are broken in this output alone.
pub(crate) fn report(comparison: &Comparison<'_>, header: &ReportHeader<'_>) -> Report {
    let mut names = Report::default();
    for broken in comparison.broken_names(header) {
        names.extend(broken.report());
    }
    names.cut_to(MOST_LINES / 2);
    let room = MOST_LINES - names.lines.len();
    let mut report = diff::diff(comparison, header, room);
    report.extend(names);
    report
}

/// What differs, names aside.
pub(crate) fn diff(comparison: &Comparison<'_>, header: &ReportHeader<'_>) -> Report {
    diff::diff(comparison, header, MOST_LINES)
}

impl Report {
    /// Leaves out what is too much, and says so.
    fn cut_to(&mut self, most: usize) {
        if self.lines.len() <= most {
            return;
        }
        let left_out = self.lines.len() - (most - 1);
        self.lines.truncate(most - 1);
        self.push(Line::new(
            Role::Aside,
            format!("… {} left out", count(left_out, "more line", "more lines")),
        ));
    }
}

/// A number and what it counts.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}
