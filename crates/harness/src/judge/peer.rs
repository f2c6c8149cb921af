//! The judge's end of a connection.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Bytes, NotMet, Trial, Verdict, Wrong};

/// The judge's end of a connection with the candidate: a client of a server that
/// is judged, or the server of a client that is.
///
/// What it says and hears is written to the trial's conversation under its name.
#[derive(Debug)]
pub struct Peer {
    name: String,
    trial: Trial,
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Peer {
    pub(crate) fn new(trial: Trial, name: &str, stream: TcpStream) -> Verdict<Self> {
        // What is said in pieces shall leave in pieces.
        stream
            .set_nodelay(true)
            .map_err(|error| NotMet::trouble("set up a connection", &error))?;
        Ok(Self {
            name: name.to_owned(),
            trial,
            stream,
            unread: Vec::new(),
        })
    }

    /// Sends bytes, all at once.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate does not take them.
    pub async fn says(&mut self, bytes: impl AsRef<[u8]>) -> Verdict {
        let bytes = bytes.as_ref();
        self.trial.conversation().said(&self.name, bytes);
        match self.trial.wait(self.stream.write_all(bytes)).await {
            Some(Ok(())) => Ok(()),
            Some(Err(error)) => {
                let what = format!("{} could not send {}", self.name, Bytes(bytes));
                Err(Wrong::new(what)
                    .came(format!("{:?}: {error}", error.kind()))
                    .into())
            }
            None => {
                let patience = self.trial.patience();
                let what = format!("nobody took what {} sends: {patience}", self.name);
                Err(Wrong::new(what).into())
            }
        }
    }

    /// The next bytes that it hears have to be these, in however many pieces.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where others come, or none.
    pub async fn hears(&mut self, expected: impl AsRef<[u8]>) -> Verdict {
        let expected = expected.as_ref();
        loop {
            let common = self.unread.len().min(expected.len());
            if self.unread[..common] != expected[..common] {
                let what = format!("{} heard something else than it should", self.name);
                return Err(self.instead(what, expected).into());
            }
            if common == expected.len() {
                self.unread.drain(..common);
                return Ok(());
            }
            let problem = match self.read().await {
                Some(Ok(0)) => "heard the end of its stream too early".to_owned(),
                Some(Ok(_)) => continue,
                Some(Err(error)) => format!("lost its connection ({:?})", error.kind()),
                None => format!("did not hear what it should: {}", self.trial.patience()),
            };
            return Err(self
                .instead(format!("{} {problem}", self.name), expected)
                .into());
        }
    }

    /// Ends its own direction, and can still hear: a half-close.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the connection is lost already.
    pub async fn finishes(&mut self) -> Verdict {
        self.trial
            .conversation()
            .did(&self.name, "ends its direction");
        self.stream.shutdown().await.map_err(|error| {
            Wrong::new(format!(
                "{} lost its connection ({:?})",
                self.name,
                error.kind()
            ))
            .into()
        })
    }

    /// Closes the connection without another word. Where something is unread by
    /// now, the candidate sees a reset.
    pub fn closes(self) {
        self.trial.conversation().did(&self.name, "closes");
    }

    /// Reads what is there, or waits for it. `None` where it gave up waiting.
    async fn read(&mut self) -> Option<io::Result<usize>> {
        let before = self.unread.len();
        let read = self
            .trial
            .wait(self.stream.read_buf(&mut self.unread))
            .await;
        let conversation = self.trial.conversation();
        match &read {
            Some(Ok(0)) => conversation.did(&self.name, "hears the end"),
            Some(Ok(_)) => conversation.heard(&self.name, &self.unread[before..]),
            Some(Err(error)) => conversation.did(&self.name, format!("hears {:?}", error.kind())),
            None => {}
        }
        read
    }

    fn instead(&self, what: String, expected: &[u8]) -> Wrong {
        Wrong::new(what)
            .expected(Bytes(expected))
            .came(Bytes(&self.unread))
    }
}
