//! The two sides of a connection, and what they are called.

use std::fmt;

use serde::Serialize;

/// A side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The side that sent the first SYN.
    Client,
    /// The other one.
    Server,
}

impl Side {
    /// The other side.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// Who speaks: `client`, or `client 2` where the capture has several connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Speaker {
    /// Which side.
    pub side: Side,
    /// Of which connection, from 1, where there are several.
    pub connection: Option<usize>,
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.connection {
            Some(number) => f.pad(&format!("{} {number}", self.side)),
            None => self.side.fmt(f),
        }
    }
}
