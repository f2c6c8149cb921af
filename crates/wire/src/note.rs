//! What else there is to say of a segment.

use serde::Serialize;

/// What a segment does, where its flags and numbers do not say it at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// All that it carries was sent before.
    Again,
    /// It asks whether the other side is still there (a keep-alive), or whether it
    /// has room again (a window probe): the number before the next one, and no data.
    Probe,
    /// Its sender has room for a different number of bytes than it last said.
    WindowUpdate,
    /// Its sender has no room: the other side has to wait.
    WindowClosed,
}

impl Note {
    /// The note in words: `window update`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Probe => "probe",
            Self::WindowUpdate => "window update",
            Self::WindowClosed => "window closed",
        }
    }
}
