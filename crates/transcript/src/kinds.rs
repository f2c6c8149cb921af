//! The kinds of text that a placeholder stands for.

use std::{fmt, sync::Arc};

use regex::Regex;
use thiserror::Error;

use crate::walk::Walker;

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Port,
    Number,
    Duration,
    Ip,
    Addr,
    Hex,
    Word,
    Any,
    /// A kind of the page's own, by its place in [`Kinds`].
    Own(u16),
}

const BUILT_IN: [(&str, Kind); 8] = [
    ("port", Kind::Port),
    ("number", Kind::Number),
    ("duration", Kind::Duration),
    ("ip", Kind::Ip),
    ("addr", Kind::Addr),
    ("hex", Kind::Hex),
    ("word", Kind::Word),
    ("any", Kind::Any),
];

impl Kind {
    /// The name of a built-in kind.
    pub(crate) fn word(self) -> &'static str {
        let built_in = BUILT_IN.iter().find(|(_, kind)| *kind == self);
        built_in.map_or("value", |(word, _)| word)
    }

    /// Whether a text of this kind may begin with a letter and hold nothing
    /// that a speaker's tag cannot hold.
    pub(crate) fn may_begin_a_tag(self) -> bool {
        matches!(self, Self::Hex | Self::Word | Self::Any | Self::Own(_))
    }
}

/// The kinds that a transcript may use: the built-in ones, and those declared.
///
/// ```
/// use transcript::{Kinds, Order, Transcript};
///
/// let mut kinds = Kinds::default();
/// kinds.declare("session", "[0-9a-f]{8}")?;
/// let page = Transcript::parse("session <session:s> open\n", Order::Total, &kinds)?;
/// assert!(page.compare(b"session 00c0ffee open\n").matches());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    own: Vec<Arc<OwnKind>>,
}

/// A kind that a page declares.
pub(crate) struct OwnKind {
    name: String,
    /// Matches a text that is of this kind as a whole.
    pub(crate) whole: Regex,
    /// Finds all places where such a text may begin or end.
    pub(crate) walker: Option<Walker>,
}

impl fmt::Debug for OwnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OwnKind").field(&self.name).finish()
    }
}

/// Why a kind cannot be declared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KindError {
    /// The name is not in lower-case kebab case.
    #[error(
        "`{0}` cannot name a kind: write lower-case words joined by hyphens, a letter first, like `session-id`"
    )]
    Malformed(String),
    /// The name is a built-in kind's, or `byte`, which the language keeps.
    #[error("`{0}` is a word of the transcript language: choose another name")]
    Reserved(String),
    /// The name has been declared before.
    #[error("the kind `{0}` is declared twice: keep one")]
    Twice(String),
    /// The pattern is no regular expression.
    #[error("the pattern of `{name}` does not compile: {reason}")]
    Pattern {
        /// The kind.
        name: String,
        /// What is wrong with the pattern, as the `regex` crate says it.
        reason: String,
    },
    /// The pattern matches the empty text, so a line would match with nothing in its place.
    #[error(
        "the pattern of `{0}` matches the empty text: let it take at least one character, as `+` does where it says `*`"
    )]
    Empty(String),
    /// More kinds than anybody declares.
    #[error("`{0}` is one kind too many: a page has at most 65535")]
    TooMany(String),
}

impl Kinds {
    /// Declares a kind: its name in kebab case, and the regular expression (in
    /// the syntax of the `regex` crate) of the whole text that it stands for.
    ///
    /// # Errors
    ///
    /// Where the name is taken or malformed, or the pattern does not compile or
    /// matches the empty text.
    pub fn declare(&mut self, name: &str, pattern: &str) -> Result<(), KindError> {
        if !is_kebab(name) {
            return Err(KindError::Malformed(name.to_owned()));
        }
        if name == "byte" || BUILT_IN.iter().any(|(word, _)| *word == name) {
            return Err(KindError::Reserved(name.to_owned()));
        }
        if self.own.iter().any(|own| own.name == name) {
            return Err(KindError::Twice(name.to_owned()));
        }
        if self.own.len() > usize::from(u16::MAX) {
            return Err(KindError::TooMany(name.to_owned()));
        }
        let whole = whole_text(pattern).map_err(|error| KindError::Pattern {
            name: name.to_owned(),
            reason: error.to_string(),
        })?;
        if whole.is_match("") {
            return Err(KindError::Empty(name.to_owned()));
        }
        self.own.push(Arc::new(OwnKind {
            name: name.to_owned(),
            whole,
            walker: Walker::new(pattern),
        }));
        Ok(())
    }

    pub(crate) fn find(&self, word: &str) -> Option<Kind> {
        if let Some((_, kind)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == word) {
            return Some(*kind);
        }
        let place = self.own.iter().position(|own| own.name == word)?;
        u16::try_from(place).ok().map(Kind::Own)
    }

    pub(crate) fn own(&self, place: u16) -> &OwnKind {
        &self.own[usize::from(place)]
    }

    pub(crate) fn count_own(&self) -> usize {
        self.own.len()
    }

    pub(crate) fn word(&self, kind: Kind) -> &str {
        match kind {
            Kind::Own(place) => &self.own(place).name,
            built_in => built_in.word(),
        }
    }

    /// All kinds that there are, the built-in ones first.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let built_in = BUILT_IN.iter().map(|(word, _)| *word);
        built_in.chain(self.own.iter().map(|own| own.name.as_str()))
    }

    /// The kind that was probably meant.
    pub(crate) fn nearest(&self, word: &str, edits: usize) -> Option<&str> {
        self.words()
            .map(|kind| (strsim::osa_distance(kind, word), kind))
            .filter(|(distance, _)| *distance <= edits)
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, kind)| kind)
    }
}

/// The pattern, held to the whole text.
fn whole_text(pattern: &str) -> Result<Regex, regex::Error> {
    // On its own first: `a)(b` must not close our group.
    Regex::new(pattern)?;
    // A comment at the end of a pattern in `(?x)` mode swallows our bracket;
    // there, and only there, a line end before it means nothing.
    Regex::new(&format!(r"\A(?:{pattern})\z"))
        .or_else(|_| Regex::new(&format!("\\A(?:{pattern}\n)\\z")))
}

/// Whether the word is in lower-case kebab case and begins with a letter.
pub(crate) fn is_kebab(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
}
