//! Brings a transcript up to date with what its program prints.

use crate::Transcript;

/// Brings a transcript up to date with what its program prints, in several runs.
#[must_use]
pub fn bless(transcript: &Transcript, runs: &[&[u8]]) -> Blessed {
    let text = runs.first().map_or_else(
        || transcript.text().to_owned(),
        |run| transcript.compare(run).canonical(),
    );
    Blessed {
        text,
        lost: Vec::new(),
    }
}

/// A transcript brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blessed {
    /// The text to write into the page.
    pub text: String,
    /// The placeholders, as the page wrote them, that the new text no longer has.
    pub lost: Vec<String>,
}
