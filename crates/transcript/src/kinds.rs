//! Kinds of placeholders.

use thiserror::Error;

/// The kinds that a transcript may use: the built-in ones, and those declared.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    own: Vec<(String, regex::Regex)>,
}

/// Why a kind cannot be declared.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct KindError(String);

impl Kinds {
    /// Declares a kind: its name in kebab case, and the pattern of the whole text that it stands for.
    ///
    /// # Errors
    ///
    /// Where the name is taken or malformed, or the pattern does not compile or matches the empty text.
    pub fn declare(&mut self, name: &str, pattern: &str) -> Result<(), KindError> {
        let pattern = regex::Regex::new(&format!(r"\A(?:{pattern})\z"))
            .map_err(|error| KindError(error.to_string()))?;
        self.own.push((name.to_owned(), pattern));
        Ok(())
    }
}
