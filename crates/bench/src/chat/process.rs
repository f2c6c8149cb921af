//! A server in a process of its own, and what it takes.

use std::{
    net::SocketAddr, os::unix::process::ExitStatusExt, path::PathBuf, process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    time::{ClockId, clock_getcpuclockid},
    unistd::Pid,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::memory::{self, Memory};

/// How long a server may take to begin, and to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a server is started; the address is appended.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) program: PathBuf,
    pub(super) args: Vec<String>,
}

/// A server that runs. It is killed when this is dropped.
#[derive(Debug)]
pub(super) struct Server {
    child: Child,
    pid: Pid,
    clock: ClockId,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts a server on a free port of the loopback.
    pub(super) async fn start(start: &Start) -> Result<Self> {
        let mut child = Command::new(&start.program)
            .args(&start.args)
            .arg("127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", start.program.display()))?;
        let pid = child.id().context("the server has no number")?;
        let pid = Pid::from_raw(pid.try_into()?);
        let stdout = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.context("the server does not say where it listens")??;
        let address = line
            .as_deref()
            .and_then(|line| line.strip_prefix("Listening on "))
            .context("the server does not say `Listening on ADDR`")?
            .parse()?;
        Ok(Self {
            child,
            pid,
            clock: clock_getcpuclockid(pid)?,
            address,
        })
    }

    /// The time on a processor that it has taken so far, of all its threads.
    pub(super) fn cpu(&self) -> Result<Duration> {
        Ok(self.clock.now()?.into())
    }

    /// The memory that it takes.
    pub(super) fn memory(&self) -> Result<Memory> {
        memory::of(&self.pid.to_string())
    }

    /// Asks it to end, and waits until it has.
    pub(super) async fn end(mut self) -> Result<()> {
        kill(self.pid, Signal::SIGTERM).context("the server is gone already")?;
        let Ok(status) = timeout(PATIENCE, self.child.wait()).await else {
            bail!("the server does not end when it is asked to");
        };
        let status = status?;
        // A server may leave its end to the system.
        let was_ended = status.signal() == Some(Signal::SIGTERM as i32);
        ensure!(
            status.success() || was_ended,
            "the server ended with {status}"
        );
        Ok(())
    }
}
