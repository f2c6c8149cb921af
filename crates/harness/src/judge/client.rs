//! Clients of a server that is judged.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::{NotMet, Peer, Trial, Verdict, Wrong};

/// An address of this machine's own, as 127.0.0.1 is, and another one.
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

impl Trial {
    /// Connects a client, with the name that it has in the conversation.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate does not take the connection.
    pub async fn connects(&self, name: &str, addr: SocketAddr) -> Verdict<Peer> {
        let socket = TcpSocket::new_v4();
        self.connects_with(
            name,
            addr,
            socket.map_err(|error| NotMet::trouble("open a socket", &error))?,
        )
        .await
    }

    /// Connects a client that has room for little: once it stalls, it does not take
    /// long until the server notices.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where the candidate does not take the connection.
    pub async fn connects_narrowly(&self, name: &str, addr: SocketAddr) -> Verdict<Peer> {
        /// Linux doubles it, and keeps half for itself.
        const ROOM: u32 = 4096;
        let socket = TcpSocket::new_v4().and_then(|socket| {
            // Before it connects: the window is agreed on then.
            socket.set_recv_buffer_size(ROOM)?;
            Ok(socket)
        });
        self.connects_with(
            name,
            addr,
            socket.map_err(|error| NotMet::trouble("open a socket", &error))?,
        )
        .await
    }

    /// Nobody may take a connection at another address with the same port: a server that
    /// was told one address listens there and nowhere else. The other address tried is
    /// 127.0.0.2, which only this machine can reach. Where the system does not have it (Linux
    /// does), nothing is said.
    ///
    /// # Errors
    ///
    /// [`Wrong`] where somebody takes the connection.
    pub async fn listens_nowhere_else(&self, addr: SocketAddr) -> Verdict {
        let other = SocketAddr::from((OTHER, addr.port()));
        if TcpListener::bind((OTHER, 0)).await.is_err() {
            return Ok(());
        }
        self.conversation()
            .did("a stranger", format!("tries {other}"));
        match self.wait(TcpStream::connect(other)).await {
            Some(Ok(_)) => {
                let what = format!("the server listens on {other} too");
                Err(Wrong::new(what)
                    .expected(format!("{addr}, and nothing else: it was told so"))
                    .came("a connection (a server that listens on every address is open to the whole network)")
                    .into())
            }
            _ => Ok(()),
        }
    }

    async fn connects_with(
        &self,
        name: &str,
        addr: SocketAddr,
        socket: TcpSocket,
    ) -> Verdict<Peer> {
        if addr.ip() != Ipv4Addr::LOCALHOST {
            let what = format!("{addr} is not on 127.0.0.1, and the judge goes nowhere else");
            return Err(Wrong::new(what).into());
        }
        self.conversation().did(name, format!("connects to {addr}"));
        let stream: TcpStream = match self.wait(socket.connect(addr)).await {
            Some(Ok(stream)) => stream,
            Some(Err(error)) => {
                return Err(Wrong::new(format!("{name} could not connect to {addr}"))
                    .came(format!("{:?}", error.kind()))
                    .into());
            }
            None => {
                let what = format!("{name} could not connect to {addr}: {}", self.patience());
                return Err(Wrong::new(what).into());
            }
        };
        Peer::new(self.clone(), name, stream)
    }
}
