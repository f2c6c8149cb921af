//! Clients of a server that is judged.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpSocket, TcpStream};

use super::{NotMet, Peer, Trial, Verdict, Wrong};

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
