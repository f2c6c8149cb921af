//! In which order the lines of a transcript come.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// In which order the lines of a transcript come.
///
/// ```
/// use transcript::Order;
///
/// assert_eq!("speakers".parse(), Ok(Order::Speakers));
/// assert_eq!(Order::default(), Order::Total);
/// assert!("random".parse::<Order>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The lines come in the order of the page.
    #[default]
    Total,
    /// Each speaker's lines come in the order of the page; different speakers
    /// may interleave between two cues, that is, between two lines that nobody
    /// speaks.
    Speakers,
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Total => "total",
            Self::Speakers => "speakers",
        })
    }
}

/// A word that names no [`Order`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is not an order: write `total` or `speakers`")]
pub struct UnknownOrder(String);

impl FromStr for Order {
    type Err = UnknownOrder;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "total" => Ok(Self::Total),
            "speakers" => Ok(Self::Speakers),
            _ => Err(UnknownOrder(word.to_owned())),
        }
    }
}
