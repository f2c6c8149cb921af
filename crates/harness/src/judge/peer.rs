//! The judge's end of a connection.

use std::time::Duration;

use bytes::{Buf, BytesMut};
use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{Bytes, NotMet, Trial, Verdict, Wrong, kernel};

/// A program that reads what comes has read it by then, also on a busy machine.
const READS_WITHIN: Duration = Duration::from_secs(1);
/// One that once did not is not waited for any more, only given a moment.
const LEAVES_UNREAD: Duration = Duration::from_millis(20);

/// The judge's end of a connection with the candidate: a client of a server that
/// is judged, or the server of a client that is.
///
/// What it says and hears is written to the trial's conversation under its name. It
/// reads only when it is told to hear something: until then it is a stalled reader.
#[derive(Debug)]
pub struct Peer {
    name: String,
    trial: Trial,
    stream: TcpStream,
    unread: BytesMut,
    /// How long it is worth while to wait until the candidate has read what was sent.
    worth_waiting: Duration,
}

/// How the candidate took leave of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// The end of the stream.
    End,
    /// A connection that is no more.
    Reset,
}

/// What a read gave.
enum Read {
    More,
    HangUp(HangUp),
    GaveUp,
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
            unread: BytesMut::new(),
            worth_waiting: READS_WITHIN,
        })
    }

    /// Its name in the conversation.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sends bytes, all in one burst.
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
                Err(Wrong::new(what).came(format!("{:?}", error.kind())).into())
            }
            None => {
                let patience = self.trial.patience();
                let what = format!("nobody took what {} sends: {patience}", self.name);
                Err(Wrong::new(what).into())
            }
        }
    }

    /// Sends bytes in pieces: each after the candidate has read the one before, as
    /// far as the system can tell ([`is_read`](Self::is_read)).
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate does not take them.
    pub async fn says_in_pieces<P: AsRef<[u8]>>(
        &mut self,
        pieces: impl IntoIterator<Item = P>,
    ) -> Verdict {
        for piece in pieces {
            self.says(piece).await?;
            self.is_read().await;
        }
        Ok(())
    }

    /// Waits until the candidate has read everything that was sent to it, as far as
    /// the system can tell: Linux does.
    ///
    /// Nothing says that a program has to read what it does not need yet: it may look at
    /// what is there, and leave it until it is complete. So this does not wait for long, and
    /// is no requirement. It gives whether all of it was read.
    pub async fn is_read(&mut self) -> bool {
        let is_read = timeout(self.worth_waiting, kernel::is_read(&self.stream)).await;
        self.trial.conversation().goes_on();
        if is_read.is_err() {
            self.worth_waiting = LEAVES_UNREAD;
        }
        is_read.is_ok()
    }

    /// How many bytes the system keeps that the candidate has sent to this peer, and
    /// the peer has not read. `None` where the system does not say: Linux does.
    #[must_use]
    pub fn kept_by_system(&self) -> Option<usize> {
        kernel::kept(&self.stream)
    }

    /// Sends the same bytes again and again, and hears what comes meanwhile, until
    /// the candidate hangs up or has taken `most` bytes. Gives the bytes it took.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate neither takes them nor hangs up.
    pub async fn pours(&mut self, bytes: &[u8], most: usize) -> Verdict<usize> {
        let conversation = self.trial.conversation();
        conversation.did(&self.name, format!("says {} over and over", Bytes(bytes)));
        let mut taken = 0;
        let (mut reader, mut writer) = self.stream.split();
        while taken < most {
            let rest = &bytes[taken % bytes.len()..];
            let step = async {
                tokio::select! {
                    sent = writer.write(rest) => sent.map(|sent| (sent, true)),
                    read = reader.read_buf(&mut self.unread) => {
                        read.map(|read| (0, read > 0))
                    }
                }
            };
            match self.trial.wait(step).await {
                Some(Ok((sent, true))) => taken += sent,
                Some(Ok((_, false)) | Err(_)) => break,
                None => {
                    let patience = self.trial.patience();
                    let what = format!(
                        "after {taken} bytes nobody took more of what {} says, or hung up: {patience}",
                        self.name
                    );
                    return Err(Wrong::new(what).into());
                }
            }
            conversation.goes_on();
        }
        conversation.did(&self.name, format!("has said {taken} bytes"));
        Ok(taken)
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
                self.unread.advance(common);
                return Ok(());
            }
            let problem = match self.read().await {
                Read::More => continue,
                Read::HangUp(HangUp::End) => "heard the end of its stream too early".to_owned(),
                Read::HangUp(HangUp::Reset) => "lost its connection".to_owned(),
                Read::GaveUp => format!("did not hear what it should: {}", self.trial.patience()),
            };
            let what = format!("{} {problem}", self.name);
            return Err(self.instead(what, expected).into());
        }
    }

    /// The next line that it hears, with its `\n`. `awaited` says what it should be,
    /// for the report.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where none comes.
    pub async fn hears_line(&mut self, awaited: &str) -> Verdict<Vec<u8>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.unread[searched..]
                .iter()
                .position(|&byte| byte == b'\n')
            {
                return Ok(self.unread.split_to(searched + end + 1).to_vec());
            }
            searched = self.unread.len();
            let problem = match self.read().await {
                Read::More => continue,
                Read::HangUp(HangUp::End) => "heard the end of its stream too early".to_owned(),
                Read::HangUp(HangUp::Reset) => "lost its connection".to_owned(),
                Read::GaveUp => format!("did not hear what it should: {}", self.trial.patience()),
            };
            return Err(Wrong::new(format!("{} {problem}", self.name))
                .expected(awaited)
                .came(Bytes(&self.unread))
                .into());
        }
    }

    /// The end of the stream has to come next, and no reset.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where anything else comes, or nothing.
    pub async fn hears_the_end(&mut self) -> Verdict {
        let came = match self.read_on().await {
            Read::HangUp(HangUp::End) if self.unread.is_empty() => return Ok(()),
            _ if !self.unread.is_empty() => Bytes(&self.unread).to_string(),
            Read::HangUp(_) => "a reset".to_owned(),
            _ => format!("nothing: {}", self.trial.patience()),
        };
        Err(
            Wrong::new(format!("{} did not hear the end of its stream", self.name))
                .expected("the end")
                .came(came)
                .into(),
        )
    }

    /// These have to be the last bytes that it hears: then the candidate has to hang up,
    /// by the end of the stream or a reset.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where others come, or none, or something behind them, or no hang-up.
    pub async fn is_dismissed_with(&mut self, last: impl AsRef<[u8]>) -> Verdict {
        self.hears(last).await?;
        match self.read_on().await {
            Read::HangUp(_) => Ok(()),
            Read::More => {
                let what = format!("{} was sent something behind its last line", self.name);
                let came = Bytes(&self.unread);
                Err(Wrong::new(what)
                    .expected("the end, or a reset")
                    .came(came)
                    .into())
            }
            Read::GaveUp => {
                let what = format!("nobody hung up on {}: {}", self.name, self.trial.patience());
                Err(Wrong::new(what).expected("the end, or a reset").into())
            }
        }
    }

    /// Reads, and forgets what it hears, until the candidate hangs up, or until more
    /// than `most` bytes have come; then there is no hang-up to tell of. Gives how
    /// many bytes came.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate goes on without a word.
    pub async fn hears_out(&mut self, most: usize) -> Verdict<(usize, Option<HangUp>)> {
        let mut heard = 0;
        loop {
            heard += self.unread.len();
            self.unread.clear();
            if heard > most {
                return Ok((heard, None));
            }
            match self.read().await {
                Read::More => {}
                Read::HangUp(hang_up) => return Ok((heard, Some(hang_up))),
                Read::GaveUp => {
                    let what =
                        format!("nobody hung up on {}: {}", self.name, self.trial.patience());
                    return Err(Wrong::new(what).expected("the end, or a reset").into());
                }
            }
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
            let what = format!("{} lost its connection ({:?})", self.name, error.kind());
            Wrong::new(what).into()
        })
    }

    /// Closes the connection without another word. Where something is unread by
    /// now, the candidate sees a reset.
    pub fn closes(self) {
        self.trial.conversation().did(&self.name, "closes");
    }

    /// Resets the connection.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where the system does not let it.
    pub fn resets(self) -> Verdict {
        self.trial
            .conversation()
            .did(&self.name, "resets its connection");
        SockRef::from(&self.stream)
            .set_linger(Some(Duration::ZERO))
            .map_err(|error| NotMet::trouble("reset a connection", &error))
    }

    /// Waits until so many bytes have come, and leaves them unread.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where they do not come.
    pub async fn peeks(&mut self, bytes: usize) -> Verdict {
        match self
            .trial
            .wait(crate::arrival::arrived(&self.stream, bytes))
            .await
        {
            Some(Ok(())) => {
                let what = format!("sees {bytes} bytes come, and does not read them");
                self.trial.conversation().did(&self.name, what);
                Ok(())
            }
            Some(Err(error)) => {
                let what = format!("{} lost its connection ({:?})", self.name, error.kind());
                Err(Wrong::new(what).expected(format!("{bytes} bytes")).into())
            }
            None => {
                let what = format!(
                    "too little came to {}: {}",
                    self.name,
                    self.trial.patience()
                );
                Err(Wrong::new(what).expected(format!("{bytes} bytes")).into())
            }
        }
    }

    /// Reads until the candidate hangs up, or says something after all.
    async fn read_on(&mut self) -> Read {
        if !self.unread.is_empty() {
            return Read::More;
        }
        self.read().await
    }

    /// Reads what is there, or waits for it.
    async fn read(&mut self) -> Read {
        let before = self.unread.len();
        let read = self
            .trial
            .wait(self.stream.read_buf(&mut self.unread))
            .await;
        let conversation = self.trial.conversation();
        match read {
            Some(Ok(0)) => {
                conversation.did(&self.name, "hears the end");
                Read::HangUp(HangUp::End)
            }
            Some(Ok(_)) => {
                conversation.heard(&self.name, &self.unread[before..]);
                Read::More
            }
            Some(Err(error)) => {
                conversation.did(&self.name, format!("hears {:?}", error.kind()));
                Read::HangUp(HangUp::Reset)
            }
            None => Read::GaveUp,
        }
    }

    fn instead(&self, what: String, expected: &[u8]) -> Wrong {
        // What is alike need not be told twice.
        let alike = self
            .unread
            .iter()
            .zip(expected)
            .take_while(|(came, due)| came == due)
            .count();
        let line = expected[..alike]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |end| end + 1);
        let came = &self.unread[line.min(self.unread.len())..];
        Wrong::new(what)
            .expected(Bytes(&expected[line..]))
            .came(Bytes(came))
    }
}
