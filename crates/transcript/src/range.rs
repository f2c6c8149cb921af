//! Ranges of placeholders: `30..=40`, `80ms..`, `..1.5`.

use crate::{decimal::Decimal, fill, kinds::Kind};

/// The bounds of a placeholder, in the notation of Rust's ranges.
#[derive(Clone, Debug)]
pub(crate) struct Range {
    low: Option<Bound>,
    high: Option<Bound>,
    /// Whether the high bound itself is inside.
    inclusive: bool,
}

#[derive(Clone, Debug)]
struct Bound {
    value: Decimal<'static>,
    text: String,
}

impl Range {
    /// Reads the range of a placeholder of this kind; the error says what is
    /// wrong with it, and what to write instead.
    pub(crate) fn parse(text: &str, kind: Kind) -> Result<Self, (String, String)> {
        let example = match kind {
            Kind::Port => "1024..=65535",
            Kind::Number => "30..=40",
            Kind::Duration => "80ms..=120ms",
            _ => {
                return Err((
                    "only port, number and duration take a range".to_owned(),
                    "leave off what follows the kind".to_owned(),
                ));
            }
        };
        let malformed = || {
            let help = format!("write it as Rust does, low and high both optional: `{example}`");
            (format!("`{text}` is not a range"), help)
        };
        let (low, high) = text.split_once("..").ok_or_else(malformed)?;
        let (high, inclusive) = match high.strip_prefix('=') {
            Some("") => return Err(malformed()),
            Some(high) => (high, true),
            None => (high, false),
        };
        let bound = |text: &str| match text {
            "" => Ok(None),
            text => Bound::parse(text, kind).map(Some),
        };
        let range = Self {
            low: bound(low).map_err(|wrong| wrong.explain(&malformed))?,
            high: bound(high).map_err(|wrong| wrong.explain(&malformed))?,
            inclusive,
        };
        if range.is_empty(kind) {
            let help = match kind {
                Kind::Port => "ports are 1 to 65535, and the lower bound comes first",
                Kind::Duration => "durations are not negative, and the lower bound comes first",
                _ => "put the lower bound first",
            };
            return Err((
                format!("no {} is in `{text}`", kind.word()),
                help.to_owned(),
            ));
        }
        Ok(range)
    }

    /// Whether the value, a text of that kind, is inside.
    pub(crate) fn holds(&self, value: &[u8], kind: Kind) -> bool {
        self.meets_low(value, kind) && self.meets_high(value, kind)
    }

    fn meets_low(&self, value: &[u8], kind: Kind) -> bool {
        self.is_high_enough(&measure(value, kind))
    }

    fn meets_high(&self, value: &[u8], kind: Kind) -> bool {
        self.is_low_enough(&measure(value, kind))
    }

    /// Whether a number meets the low bound.
    pub(crate) fn is_high_enough(&self, value: &Decimal<'_>) -> bool {
        self.low.as_ref().is_none_or(|low| *value >= low.value)
    }

    /// Whether a number meets the high bound.
    pub(crate) fn is_low_enough(&self, value: &Decimal<'_>) -> bool {
        self.high
            .as_ref()
            .is_none_or(|high| *value < high.value || self.inclusive && *value == high.value)
    }

    /// Which bound a text of that kind breaks, in words that follow the text.
    pub(crate) fn broken(&self, value: &[u8], kind: Kind) -> Option<String> {
        if let Some(low) = self.low.as_ref().filter(|_| !self.meets_low(value, kind)) {
            return Some(format!("is below the lower bound {}", low.text));
        }
        let high = self
            .high
            .as_ref()
            .filter(|_| !self.meets_high(value, kind))?;
        Some(if self.inclusive {
            format!("is above the upper bound {}", high.text)
        } else {
            format!("is not below the upper bound {}", high.text)
        })
    }

    fn is_empty(&self, kind: Kind) -> bool {
        let (least, most) = match kind {
            Kind::Port => (Some(Decimal::new(b"1")), Some(Decimal::new(b"65535"))),
            Kind::Duration => (Some(Decimal::new(b"0")), None),
            _ => (None, None),
        };
        let low = self.low.as_ref().map(|bound| &bound.value);
        let high = self.high.as_ref().map(|bound| &bound.value);
        if matches!((low, &most), (Some(low), Some(most)) if low > most) {
            return true;
        }
        let Some(high) = high else { return false };
        [low, least.as_ref()]
            .into_iter()
            .flatten()
            .any(|low| low > high || low == high && !self.inclusive)
    }
}

/// What is wrong with one bound.
enum WrongBound {
    Malformed,
    NoUnit(String),
    NotWhole(String),
}

impl WrongBound {
    fn explain(self, malformed: &dyn Fn() -> (String, String)) -> (String, String) {
        match self {
            Self::Malformed => malformed(),
            Self::NoUnit(text) => (
                format!("the bound `{text}` has no unit"),
                format!("write one of ns, µs, ms, s, m, h after it: `{text}ms`"),
            ),
            Self::NotWhole(text) => (
                format!("the bound `{text}` is no port"),
                "write a whole number".to_owned(),
            ),
        }
    }
}

impl Bound {
    fn parse(text: &str, kind: Kind) -> Result<Self, WrongBound> {
        let bytes = text.as_bytes();
        let number = fill::is_number(bytes);
        match kind {
            Kind::Duration if fill::is_duration(bytes) => {}
            Kind::Duration if number && !text.starts_with('-') => {
                return Err(WrongBound::NoUnit(text.to_owned()));
            }
            Kind::Duration => return Err(WrongBound::Malformed),
            Kind::Port if number && text.bytes().all(|byte| byte.is_ascii_digit()) => {}
            Kind::Port if number => return Err(WrongBound::NotWhole(text.to_owned())),
            _ if number => {}
            _ => return Err(WrongBound::Malformed),
        }
        Ok(Self {
            value: measure(bytes, kind).into_owned(),
            text: text.to_owned(),
        })
    }
}

/// What a text of that kind amounts to; durations in nanoseconds.
fn measure(text: &[u8], kind: Kind) -> Decimal<'_> {
    if kind != Kind::Duration {
        return Decimal::new(text);
    }
    let digits = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    let (number, unit) = text.split_at(digits);
    let (factor, shift) = match unit {
        b"ns" => (1, 0),
        b"ms" => (1, 6),
        b"s" => (1, 9),
        b"m" => (6, 10),
        b"h" => (36, 11),
        _ => (1, 3),
    };
    Decimal::scaled(number, factor, shift)
}
