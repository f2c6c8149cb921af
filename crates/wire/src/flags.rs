//! The flags of a TCP segment.

use std::fmt;

use serde::{Serialize, Serializer};

/// The names of the flags, from the lowest bit up: RFC 9293, section 3.1, and AE,
/// which was NS, from RFC 9768.
const NAMES: [&str; 9] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];

/// The flags of a TCP segment, as the header has them: FIN is the lowest bit.
///
/// ```
/// use wire::Flags;
///
/// let flags = Flags::SYN | Flags::ACK;
/// assert!(flags.has(Flags::ACK));
/// assert_eq!(flags.to_string(), "SYN ACK");
/// assert_eq!(flags.bits(), 0x012);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// No more data from the sender.
    pub const FIN: Self = Self(0x001);
    /// The sequence number is the sender's first one.
    pub const SYN: Self = Self(0x002);
    /// The connection is over at once.
    pub const RST: Self = Self(0x004);
    /// The receiver should not wait for more before it tells the program.
    pub const PSH: Self = Self(0x008);
    /// The acknowledgement number counts.
    pub const ACK: Self = Self(0x010);

    /// The flags whose bits are set. Bits that no flag has are left out.
    #[must_use]
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & 0x1ff)
    }

    /// The bits, as the header has them.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether all flags of `other` are set.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any flag of `other` is set.
    #[must_use]
    pub fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The names of the flags that are set: `["SYN", "ACK"]`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .into_iter()
            .enumerate()
            .filter_map(move |(bit, name)| (self.0 >> bit & 1 == 1).then_some(name))
    }
}

impl std::ops::BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.names().collect::<Vec<_>>().join(" "))
    }
}

impl Serialize for Flags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}
