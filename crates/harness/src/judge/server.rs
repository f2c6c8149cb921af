//! Ports that refuse, and servers that listen: what a client that is judged
//! connects to. And addresses that are free, for a server that is judged.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    io,
    net::{Ipv4Addr, SocketAddr},
    ops::Range,
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpSocket},
    time::timeout,
};

use super::{NotMet, Peer, Trial, Verdict, Wrong};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 128;
/// How long to look for connections of candidates that have ended. Such a connection is
/// there already; the runtime asks the system for it before it says that a time is over.
const LAST_LOOK: Duration = Duration::from_millis(50);

/// Ports that Linux, macOS and Windows do not give to who asks for any, unless told to.
const ASKED_FOR: Range<u16> = 20_000..32_768;

/// A port of 127.0.0.1 that refuses every connection, without a race: it is bound,
/// so that nobody else gets it, and not listened to.
#[derive(Debug)]
pub struct RefusingPort {
    trial: Trial,
    socket: TcpSocket,
    addr: SocketAddr,
}

/// A server of the judge's own.
#[derive(Debug)]
pub struct Server {
    name: String,
    trial: Trial,
    listener: TcpListener,
    addr: SocketAddr,
}

impl Trial {
    /// A port that refuses every connection.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where none can be had.
    pub fn refusing_port(&self) -> Verdict<RefusingPort> {
        let bind = || {
            let socket = TcpSocket::new_v4()?;
            socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
            let addr = socket.local_addr()?;
            Ok((socket, addr))
        };
        let (socket, addr) = bind().map_err(|error| NotMet::trouble("bind a port", &error))?;
        Ok(RefusingPort {
            trial: self.clone(),
            socket,
            addr,
        })
    }

    /// An address of 127.0.0.1 at which nobody listens, for a candidate that is told to. Only
    /// who asks for its port by number gets it, so the candidate does.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where there is none.
    pub fn free_addr(&self) -> Verdict<SocketAddr> {
        let length = ASKED_FOR.end - ASKED_FOR.start;
        // Judges that run side by side begin at different ones.
        let chance = RandomState::new().hash_one(ASKED_FOR) % u64::from(length);
        let first = ASKED_FOR.start + u16::try_from(chance).unwrap_or_default();
        (first..ASKED_FOR.end)
            .chain(ASKED_FOR.start..first)
            .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .find(|&addr| is_free(addr))
            .ok_or_else(|| NotMet::Trouble("no port is free".to_owned()))
    }

    /// A server, with the name that it has in the conversation.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it cannot listen.
    pub fn server(&self, name: &str) -> Verdict<Server> {
        self.refusing_port()?.listens(name)
    }
}

/// Can an address be had by whoever asks for it, also where a connection was there just now?
fn is_free(addr: SocketAddr) -> bool {
    // Unlike a listener's, this binding does not look past connections in TIME-WAIT.
    TcpSocket::new_v4().is_ok_and(|socket| socket.bind(addr).is_ok())
}

/// Does somebody else have this address?
pub(crate) fn is_taken(addr: SocketAddr) -> bool {
    std::net::TcpListener::bind(addr).is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse)
}

impl RefusingPort {
    /// Its address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// From now on it answers: a server by this name listens.
    ///
    /// # Errors
    ///
    /// [`NotMet::Trouble`] where it cannot listen.
    pub fn listens(self, name: &str) -> Verdict<Server> {
        let listener = self
            .socket
            .listen(BACKLOG)
            .map_err(|error| NotMet::trouble("listen", &error))?;
        self.trial
            .conversation()
            .did(name, format!("listens on {}", self.addr));
        Ok(Server {
            name: name.to_owned(),
            trial: self.trial,
            listener,
            addr: self.addr,
        })
    }
}

impl Server {
    /// Its address.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The next connection.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where none comes, or every candidate has ended and left none behind.
    pub async fn accepts(&mut self) -> Verdict<Peer> {
        let nobody = |why| Wrong::new(format!("nobody connected to the {}: {why}", self.name));
        let accepted = self.trial.wait(async {
            tokio::select! {
                biased;
                accepted = self.listener.accept() => Some(accepted),
                // What a candidate did before it ended is there, though it may not be seen yet.
                () = self.trial.deserted() => timeout(LAST_LOOK, self.listener.accept()).await.ok(),
            }
        });
        match accepted.await {
            Some(Some(Ok((stream, client)))) => {
                self.trial
                    .conversation()
                    .did(&self.name, format!("accepts {client}"));
                Peer::new(self.trial.clone(), &self.name, stream)
            }
            Some(Some(Err(error))) => Err(NotMet::trouble("accept a connection", &error)),
            Some(None) => Err(nobody(format!("{} has ended", self.trial.challenge())).into()),
            None => Err(nobody(self.trial.patience().to_string()).into()),
        }
    }
}
