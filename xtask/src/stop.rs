//! Ending what is going on before it is over, with everything that it has started.

use std::future::pending;

use tokio::sync::watch;

/// What asks for an end. As a default, nothing does.
#[derive(Clone, Debug, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

/// Asks for an end.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stop {
    /// One who asks for an end, and how that is heard.
    #[must_use]
    pub fn pair() -> (Stopper, Self) {
        let (sender, receiver) = watch::channel(false);
        (Stopper(sender), Self(Some(receiver)))
    }

    /// Ctrl-C asks for an end, and from now on for nothing else. Call it within a tokio
    /// runtime.
    #[must_use]
    pub fn at_ctrl_c() -> Self {
        let (stopper, stop) = Self::pair();
        tokio::spawn(async move {
            // Where it cannot be heard, it ends this process, as it does by itself.
            if tokio::signal::ctrl_c().await.is_ok() {
                stopper.stop();
            }
        });
        stop
    }

    /// Waits until an end is asked for. Cancel safe.
    pub async fn asked(&self) {
        let asked = match &self.0 {
            None => false,
            Some(receiver) => receiver.clone().wait_for(|asked| *asked).await.is_ok(),
        };
        // Where nobody can ask any more, nobody does.
        if !asked {
            pending::<()>().await;
        }
    }

    /// Has an end been asked for?
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|receiver| *receiver.borrow())
    }

    /// Might an end be asked for?
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.0.is_some()
    }
}

impl Stopper {
    /// Asks for an end, from now on.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}
