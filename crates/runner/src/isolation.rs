//! Whether a program shares the caller's network, or has one of its own.

use std::fmt;

/// Which network a program sees.
#[derive(Clone, Copy, Debug, Default)]
pub enum Isolation {
    /// The caller's: its ports, its loopback, its routes.
    #[default]
    Off,
    /// Its own, with a loopback and nothing else: no port of it collides, it
    /// reaches nobody, and nobody outside reaches it.
    On(Namespaces),
}

impl Isolation {
    /// Finds out whether this machine can isolate a program, by doing it once.
    ///
    /// The answer is remembered: asking again costs nothing.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], with the reason, where the machine does not allow it.
    #[expect(
        clippy::unused_async,
        reason = "on Linux there is something to wait for"
    )]
    pub async fn detect() -> Result<Namespaces, Unavailable> {
        Err(Unavailable {
            reason: "network isolation needs Linux".into(),
        })
    }
}

/// The proof that this machine can isolate a program; [`Isolation::detect`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct Namespaces(());

/// Why this machine cannot isolate a program.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Unavailable {
    /// The reason, and what would help.
    pub reason: String,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}
