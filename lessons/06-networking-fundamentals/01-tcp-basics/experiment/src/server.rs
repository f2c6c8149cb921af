//! The server: a task that accepts connections, and a task for each connection.

use std::io;
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::MAX_LINE;

/// A server that is listening until it is closed.
pub(crate) struct Server {
    address: SocketAddr,
    /// Owns the listener: while this task runs, the port is open.
    accepting: JoinHandle<io::Result<()>>,
    /// The tasks that serve the clients, one each.
    connections: TaskTracker,
    /// Tells the accepting task to stop.
    closing: CancellationToken,
}

// ANCHOR: server
impl Server {
    /// Takes the address, or fails: another program may be listening there.
    pub(crate) async fn bind(address: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        // Port 0 asked for any free port. The listener knows which one it got.
        let address = listener.local_addr()?;
        println!("[server] Listening on {address}");

        let connections = TaskTracker::new();
        let closing = CancellationToken::new();
        let accepting = tokio::spawn(accept(listener, connections.clone(), closing.clone()));
        Ok(Self {
            address,
            accepting,
            connections,
            closing,
        })
    }

    /// Stops listening, and waits until every client has been served to its end.
    pub(crate) async fn close(self) -> io::Result<()> {
        self.closing.cancel();
        self.accepting.await??;

        self.connections.close();
        self.connections.wait().await;
        println!("[server] Server closed");
        Ok(())
    }
}

/// Gives each client that connects a task of its own, so that none waits for another.
async fn accept(
    listener: TcpListener,
    connections: TaskTracker,
    closing: CancellationToken,
) -> io::Result<()> {
    loop {
        let (socket, client) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = closing.cancelled() => return Ok(()),
        };
        connections.spawn(serve(socket, client));
    }
}
// ANCHOR_END: server

// ANCHOR: serve
/// Serves one client. An error ends this connection only, never the server.
async fn serve(socket: TcpStream, client: SocketAddr) {
    println!("[server] Client connected: {client}");

    let mut lines = Framed::new(socket, LinesCodec::new_with_max_length(MAX_LINE));
    match echo(&mut lines, client).await {
        Ok(()) => println!("[server] Client disconnected: {client}"),
        Err(error) => println!("[server] Socket error: {error}"),
    }
    // Here `lines` is dropped, and the socket in it: our side is closed as well.
}

/// Answers every line until the client has ended its stream.
async fn echo(
    lines: &mut Framed<TcpStream, LinesCodec>,
    client: SocketAddr,
) -> Result<(), LinesCodecError> {
    while let Some(line) = lines.next().await {
        let line = line?;
        println!("[server] Received from {client}: {line}");
        lines.send(format!("Echo: {}", line.to_uppercase())).await?;
    }
    Ok(())
}
// ANCHOR_END: serve

impl Server {
    /// Where the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the server knows of itself.
    pub(crate) fn print_properties(&self) {
        println!("[server] address: {}", describe(self.address));
        println!("[server] listening: {}", !self.accepting.is_finished());
        println!("[server] Active connections: {}", self.connections.len());
    }
}

/// An address taken apart, in the notation of Node's `server.address()`.
fn describe(address: SocketAddr) -> String {
    let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
    format!(
        "{{ address: '{}', family: '{family}', port: {} }}",
        address.ip(),
        address.port()
    )
}
