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

use super::{Candidate, NotMet, Trial, Verdict};

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
    /// [`Wrong`](super::Wrong) where it is another one, or none comes.
    pub async fn hears(&mut self, line: &str) -> Verdict {
        self.process.prints(&format!("heard {line}")).await?;
        Ok(())
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
    say(&format!("Listening on {}", listener.local_addr()?))?;
    let (stream, _) = listener.accept().await?;
    let mut stream = BufReader::new(stream);
    stream.write_all(format!("{greeting}\n").as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    say(&format!("heard {}", line.trim_end_matches('\n')))?;
    pending().await
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
