//! A server that is killed: a process of its own, since only a process can be.

use std::{
    future::pending,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
};

use runner::{Program, Signal};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::{Bytes, Candidate, NotMet, Trial, Verdict, Wrong};

/// What stands before the line that the server has heard.
const HEARD: &[u8] = b"heard ";

/// A server in a process of its own, that can be killed. It greets its first client,
/// and reads one line of it.
#[derive(Debug)]
pub struct DoomedServer {
    process: Candidate,
    addr: SocketAddr,
}

impl Trial {
    /// Starts a server that greets its first client with this line, and can be killed.
    ///
    /// The program that judges has to be one whose `main` is [`main`](super::main).
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it cannot be started.
    pub async fn doomed_server(&self, name: &str, greeting: &str) -> Verdict<DoomedServer> {
        let judge = std::env::current_exe()
            .map_err(|error| NotMet::trouble("tell where the judge is", &error))?;
        let program = Program::new(judge, ".")
            .arg("doomed")
            .arg("--")
            .arg(greeting);
        let mut process = self.run(name, program).await?;
        let addr = process.announces().await?;
        Ok(DoomedServer { process, addr })
    }
}

impl DoomedServer {
    /// Its address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The first line that it hears has to be this one.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where it is another one, or none comes.
    pub async fn hears(&mut self, line: &str) -> Verdict {
        let heard = match self.process.next_line("what it has heard").await {
            Ok(heard) => heard,
            // The process says nothing because it hears nothing.
            Err(NotMet::Wrong(_)) => None,
            Err(not_met) => return Err(not_met),
        };
        let wrong = |came: String| {
            Wrong::new(format!(
                "the {} did not hear what it should",
                self.process.name()
            ))
            .expected(Bytes(line.as_bytes()))
            .came(came)
        };
        match &heard {
            None => Err(wrong("no whole line".to_owned()).into()),
            Some(heard) => match heard.bytes.strip_prefix(HEARD) {
                Some(heard) if heard == line.as_bytes() => Ok(()),
                Some(other) => Err(wrong(Bytes(other).to_string()).seen(heard.at).into()),
                None => Err(NotMet::Trouble(format!(
                    "the judge's own server says {}",
                    heard.quoted()
                ))),
            },
        }
    }

    /// Kills it: SIGKILL, which no program can do anything about.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it does not end.
    pub async fn is_killed(&mut self) -> Verdict {
        self.process.signal(Signal::Kill);
        self.process.ends().await?;
        Ok(())
    }
}

/// Is that server.
///
/// # Errors
///
/// When a socket cannot be used.
pub(crate) async fn serve(greeting: &str) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    say(format!("Listening on {}", listener.local_addr()?).as_bytes())?;
    let (stream, _) = listener.accept().await?;
    let mut stream = BufReader::new(stream);
    stream.write_all(format!("{greeting}\n").as_bytes()).await?;
    let mut line = HEARD.to_vec();
    stream.read_until(b'\n', &mut line).await?;
    if let Some(line) = line.strip_suffix(b"\n") {
        say(line)?;
    }
    pending().await
}

fn say(line: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(line)?;
    out.write_all(b"\n")?;
    out.flush()
}
