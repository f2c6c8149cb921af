//! The promise itself.

use std::ops::Range;

use crate::{Comparison, Kinds, Line, Order, PageError, Problem, line, page::Page, parse};

/// What a page promises that a program prints.
///
/// ```
/// use transcript::{Kinds, Order, Transcript};
///
/// let page = Transcript::parse("listening on 127.0.0.1:<port>\n", Order::Total, &Kinds::default())?;
/// assert!(page.compare(b"listening on 127.0.0.1:41255\n").matches());
/// assert!(!page.compare(b"listening on 127.0.0.1:http\n").matches());
/// # Ok::<(), transcript::PageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transcript {
    pub(crate) page: Page,
}

impl Transcript {
    /// Reads a transcript. Lines end with `\n` or `\r\n`.
    ///
    /// # Errors
    ///
    /// All that is wrong with the text, together.
    pub fn parse(text: &str, order: Order, kinds: &Kinds) -> Result<Self, PageError> {
        let page = parse::parse(text, order, kinds).map_err(|problems| PageError { problems })?;
        Ok(Self { page })
    }

    /// What looks wrong, and changes no verdict.
    #[must_use]
    pub fn warnings(&self) -> &[Problem] {
        &self.page.warnings
    }

    /// The text that was parsed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.page.text
    }

    /// The order in which the lines come.
    #[must_use]
    pub fn order(&self) -> Order {
        self.page.order
    }

    /// The lines, for those who show them: what is text in them, and what stands for
    /// text.
    ///
    /// ```
    /// use transcript::{Kinds, Order, Transcript};
    ///
    /// let page = Transcript::parse("[client] on <port:client>\n", Order::Total, &Kinds::default())?;
    /// let line = page.lines().next().ok_or("there is one")?;
    /// assert_eq!(line.tag, Some("client"));
    /// assert_eq!(line.parts[0].text, "[client] on ");
    /// assert_eq!(line.parts[1].placeholder.map(|place| place.kind), Some("port"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        line::lines(&self.page)
    }

    /// The names that the transcript uses: the name's word, its kind's, and
    /// where in the text it stands first.
    ///
    /// Transcripts of one run share their names, so a caller that has several
    /// can find out whether they use one name with two kinds.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str, Range<usize>)> {
        self.page.names.iter().map(|name| {
            (
                name.word.as_str(),
                self.page.kinds.word(name.kind),
                name.first.range(),
            )
        })
    }

    /// Holds the transcript against what a program printed.
    #[must_use]
    pub fn compare<'a>(&'a self, output: &'a [u8]) -> Comparison<'a> {
        Comparison::new(self, output)
    }
}
