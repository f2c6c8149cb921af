//! Decimal numbers of any length, compared exactly.
//!
//! Bounds are held against what a program printed digit by digit: no floating
//! point, so no number of digits is too many.

use std::{borrow::Cow, cmp::Ordering};

/// A number as digits: the whole part, the fraction, and where the point stands.
#[derive(Clone, Debug)]
pub(crate) struct Decimal<'a> {
    negative: bool,
    /// How many of the digits stand before the point; negative where zeros follow it.
    point: i64,
    /// The digits, from the first that is not zero.
    whole: Cow<'a, [u8]>,
    fraction: Cow<'a, [u8]>,
}

impl<'a> Decimal<'a> {
    /// Reads `-?[0-9]+(\.[0-9]+)?`. The caller has made sure that it is one.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let (negative, digits) = match text.strip_prefix(b"-") {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, fraction) = match memchr::memchr(b'.', digits) {
            Some(dot) => (&digits[..dot], &digits[dot + 1..]),
            None => (digits, &[][..]),
        };
        let zeros = fraction.len() - without_leading_zeros(fraction).len();
        Self::from_parts(negative, without_leading_zeros(whole), fraction, zeros)
    }

    /// A number whose digits have been looked at: the whole part without leading
    /// zeros, and the fraction, of which so many digits are leading zeros.
    pub(crate) fn from_parts(
        negative: bool,
        whole: &'a [u8],
        fraction: &'a [u8],
        zeros: usize,
    ) -> Self {
        if !whole.is_empty() {
            return Self {
                negative,
                point: length(whole.len()),
                whole: Cow::Borrowed(whole),
                fraction: Cow::Borrowed(fraction),
            };
        }
        let zeros = zeros.min(fraction.len());
        let rest = &fraction[zeros..];
        Self {
            negative: negative && !rest.is_empty(),
            point: -length(zeros),
            whole: Cow::Borrowed(&[]),
            fraction: Cow::Borrowed(rest),
        }
    }

    /// The number times `factor` times ten to the power of `shift`; `factor` is at most 36.
    pub(crate) fn scaled(text: &'a [u8], factor: u32, shift: i64) -> Self {
        let plain = Self::new(text);
        if factor == 1 {
            let point = plain.point + shift;
            return Self { point, ..plain };
        }
        let digits = plain.whole.len() + plain.fraction.len();
        let mut product = Vec::with_capacity(digits + 2);
        let mut carry = 0;
        for digit in plain.fraction.iter().rev().chain(plain.whole.iter().rev()) {
            carry += u32::from(digit - b'0') * factor;
            product.push(last_digit(carry));
            carry /= 10;
        }
        while carry > 0 {
            product.push(last_digit(carry));
            carry /= 10;
        }
        product.reverse();
        let grown = length(product.len()) - length(digits);
        Self {
            point: plain.point + shift + grown,
            whole: Cow::Owned(product),
            fraction: Cow::Borrowed(&[]),
            ..plain
        }
    }

    /// The same number, keeping its own digits.
    pub(crate) fn into_owned(self) -> Decimal<'static> {
        Decimal {
            negative: self.negative,
            point: self.point,
            whole: Cow::Owned(self.whole.into_owned()),
            fraction: Cow::Owned(self.fraction.into_owned()),
        }
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.iter().chain(self.fraction.iter()).copied()
    }

    fn cmp_magnitude(&self, other: &Decimal<'_>) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) => {}
        }
        self.point
            .cmp(&other.point)
            .then_with(|| cmp_digits(self.digits(), other.digits()))
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.cmp_magnitude(other),
            (true, true) => other.cmp_magnitude(self),
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal<'_> {}

/// Digits after the same point: what is missing at an end is zeros.
fn cmp_digits(mut a: impl Iterator<Item = u8>, mut b: impl Iterator<Item = u8>) -> Ordering {
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        let order = x.unwrap_or(b'0').cmp(&y.unwrap_or(b'0'));
        if order.is_ne() {
            return order;
        }
    }
}

fn without_leading_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

fn last_digit(number: u32) -> u8 {
    b"0123456789"[(number % 10) as usize]
}

fn length(digits: usize) -> i64 {
    i64::try_from(digits).unwrap_or(i64::MAX)
}
