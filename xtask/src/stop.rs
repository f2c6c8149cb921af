//! Ending what is going on before it is over, with everything that it has started.

use std::future::pending;

use tokio::sync::watch;

/// What asks for an end.
#[derive(Clone, Debug, Default)]
pub enum Stop {
    /// Nothing does.
    #[default]
    Never,
    /// Ctrl-C.
    CtrlC,
    /// Whoever holds the [`Stopper`].
    When(watch::Receiver<bool>),
}

/// Asks for an end.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// One who asks for an end, and how that is heard.
    #[must_use]
    pub fn pair() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self::When(receiver))
    }

    /// Waits until an end is asked for. Cancel safe.
    pub async fn asked(&self) {
        let asked = match self {
            Self::Never => false,
            Self::CtrlC => tokio::signal::ctrl_c().await.is_ok(),
            Self::When(receiver) => receiver.clone().wait_for(|asked| *asked).await.is_ok(),
        };
        // Where nobody can ask any more, nobody does.
        if !asked {
            pending::<()>().await;
        }
    }

    /// Has an end been asked for by the [`Stopper`]?
    #[must_use]
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::When(receiver) if *receiver.borrow())
    }
}

impl Stopper {
    /// Asks for an end, from now on.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
