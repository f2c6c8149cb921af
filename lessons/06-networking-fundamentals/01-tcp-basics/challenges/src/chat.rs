//! `chat ADDR`: what one client says, all others hear.

mod leaving;
mod limits;
mod room;
mod server;
mod slow;
mod stream;

use std::{fmt::Write, net::SocketAddr, ops::Range};

use harness::judge::{Candidate, Challenge, Peer, Trial, Verdict};

/// The longest line, in bytes, without its ending.
const LONGEST_LINE: usize = 8192;
/// A client that is at most so many lines behind is never dropped. No client that is
/// meant to live is ever sent more without hearing them.
const OUTSTANDING: usize = 256;

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    let challenge = Challenge::new(
        "chat",
        "`chat ADDR` listens on ADDR; what one client says, all others hear",
    );
    [
        room::require,
        stream::require,
        limits::require,
        leaving::require,
        slow::require,
        server::require,
    ]
    .into_iter()
    .fold(challenge, |challenge, require| require(challenge))
}

/// A running chat server.
struct Chat {
    server: Candidate,
    addr: SocketAddr,
    trial: Trial,
}

impl Chat {
    async fn start(trial: &Trial) -> Verdict<Self> {
        let mut server = trial.start(["127.0.0.1:0"]).await?;
        let addr = server.announces().await?;
        Ok(Self {
            server,
            addr,
            trial: trial.clone(),
        })
    }

    /// A client that the server knows: it has been welcomed.
    async fn joins(&self, name: &str) -> Verdict<Peer> {
        let mut client = self.trial.connects(name, self.addr).await?;
        client.hears("welcome\n").await?;
        Ok(client)
    }

    /// Such a client with room for little.
    async fn joins_narrowly(&self, name: &str) -> Verdict<Peer> {
        let mut client = self.trial.connects_narrowly(name, self.addr).await?;
        client.hears("welcome\n").await?;
        Ok(client)
    }
}

/// Lines with a name and a number.
fn numbered(name: &str, numbers: Range<usize>) -> String {
    let mut lines = String::new();
    for number in numbers {
        // Writing into a string does not fail.
        let _ = writeln!(lines, "{name} {number}");
    }
    lines
}
