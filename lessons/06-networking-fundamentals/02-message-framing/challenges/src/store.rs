//! `store ADDR`: keeps contents under names. Its requests are lines, and the line may say
//! that a content follows.

mod errors;
mod requests;
mod stalls;

use std::net::SocketAddr;

use harness::judge::{Candidate, Challenge, Peer, Trial, Verdict, most_sent_unread};

/// A line has at most so many bytes, its ending not counted.
const LONGEST_LINE: usize = 256;
/// A name has at most so many bytes.
const LONGEST_NAME: usize = 64;
/// A content has at most so many bytes.
const LONGEST_CONTENT: usize = 65_536;

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    let challenge = Challenge::new(
        "store",
        "`store ADDR` listens on ADDR, keeps contents under names, and answers requests in their order",
    );
    [requests::require, errors::require, stalls::require]
        .into_iter()
        .fold(challenge, |challenge, require| require(challenge))
}

/// A running store.
struct Store {
    addr: SocketAddr,
    trial: Trial,
    /// Held as long as the store is used.
    _server: Candidate,
}

impl Store {
    async fn start(trial: &Trial) -> Verdict<Self> {
        let mut server = trial.start(["127.0.0.1:0"]).await?;
        let addr = server.announces().await?;
        Ok(Self::running(trial, server, addr))
    }

    /// A store at an address that was chosen for it.
    async fn start_at(trial: &Trial, addr: SocketAddr) -> Verdict<Self> {
        let mut server = trial.start([addr.to_string()]).await?;
        server.announces_at(addr).await?;
        Ok(Self::running(trial, server, addr))
    }

    fn running(trial: &Trial, server: Candidate, addr: SocketAddr) -> Self {
        Self {
            addr,
            trial: trial.clone(),
            _server: server,
        }
    }

    async fn connects(&self, name: &str) -> Verdict<Peer> {
        self.trial.connects(name, self.addr).await
    }

    /// Another client has to see that this name has this content, or none.
    async fn has(&self, name: &str, content: Option<&[u8]>) -> Verdict {
        let mut reader = self.connects("reader").await?;
        reader.says(format!("get {name}\n")).await?;
        reader.hears(answer(content)).await
    }
}

/// So many answers with the longest content are more than the system takes for a client
/// that does not read.
fn answers_to_overflow() -> usize {
    2 * most_sent_unread() / LONGEST_CONTENT + 1
}

/// The request that keeps a content.
fn set(name: &str, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let line = format!("set {name} {}\n", content.len());
    [line.as_bytes(), content, b"\n"].concat()
}

/// What `get` is answered.
fn answer(content: Option<&[u8]>) -> Vec<u8> {
    match content {
        Some(content) => {
            let line = format!("value {}\n", content.len());
            [line.as_bytes(), content, b"\n"].concat()
        }
        None => b"none\n".to_vec(),
    }
}
