//! Programs that meet no requirement at all, whatever the challenge: a judge that
//! lets one of them pass is wrong.

use std::{
    future::pending,
    io::{self, Write},
    process::ExitCode,
};

use tokio::net::{TcpListener, TcpStream};

/// A program that takes a candidate's place, to try the judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StandIn {
    /// Runs, and does nothing.
    DoesNothing,
    /// Ends at once, and claims success.
    ExitsAtOnce,
    /// Ends at once, and claims failure.
    FailsAtOnce,
    /// Listens, or connects where somebody listens already, and never says a word.
    NeverAnswers,
}

impl StandIn {
    pub(crate) const ALL: [Self; 4] = [
        Self::DoesNothing,
        Self::ExitsAtOnce,
        Self::FailsAtOnce,
        Self::NeverAnswers,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::DoesNothing => "does-nothing",
            Self::ExitsAtOnce => "exits-at-once",
            Self::FailsAtOnce => "fails-at-once",
            Self::NeverAnswers => "never-answers",
        }
    }

    /// The one with this name.
    ///
    /// # Errors
    ///
    /// What there is instead.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let all = Self::ALL.map(Self::name).join(", ");
        Self::ALL
            .into_iter()
            .find(|stand_in| stand_in.name() == name)
            .ok_or_else(|| format!("there are {all}"))
    }

    /// Is that program; the address is the last of the contract's arguments.
    pub(crate) async fn run(self, addr: Option<&str>) -> ExitCode {
        match self {
            Self::DoesNothing => pending().await,
            Self::ExitsAtOnce => ExitCode::SUCCESS,
            Self::FailsAtOnce => ExitCode::FAILURE,
            Self::NeverAnswers => {
                // Whatever goes wrong, it stays, and says nothing.
                let _connection = never_answer(addr.unwrap_or_default()).await;
                pending().await
            }
        }
    }
}

/// Listens on `addr` and takes every connection; where it is taken, or cannot be
/// listened to, connects to it.
async fn never_answer(addr: &str) -> io::Result<TcpStream> {
    let Ok(listener) = TcpListener::bind(addr).await else {
        return TcpStream::connect(addr).await;
    };
    let mut out = io::stdout();
    writeln!(out, "Listening on {}", listener.local_addr()?)?;
    out.flush()?;
    let mut held = Vec::new();
    loop {
        held.push(listener.accept().await?);
    }
}
