//! The client: one connection, used one line at a time.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use harness::count::Counted;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

use crate::MAX_LINE;

/// A connection to the server, in lines, its bytes counted on the way.
pub(crate) struct Client {
    lines: Framed<Counted<TcpStream>, LinesCodec>,
}

// ANCHOR: client
impl Client {
    /// Connects, or says why not. Here the three-way handshake happens.
    pub(crate) async fn connect(server: SocketAddr) -> io::Result<Self> {
        let socket = TcpStream::connect(server).await?;
        println!("[client] Connected to server");

        let codec = LinesCodec::new_with_max_length(MAX_LINE);
        let lines = Framed::new(Counted::new(socket), codec);
        Ok(Self { lines })
    }

    /// Sends one message. The codec puts the `\n` behind it that ends it.
    pub(crate) async fn send(&mut self, message: &str) -> Result<(), LinesCodecError> {
        self.lines.send(message).await
    }

    /// Waits for one whole response, in however many pieces it comes.
    pub(crate) async fn receive(&mut self) -> Result<(), LinesCodecError> {
        let Some(response) = self.lines.next().await else {
            return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
        };
        println!("[client] Response: {}", response?);
        Ok(())
    }

    /// Says that nothing more will be sent, then waits until the server has said
    /// the same.
    pub(crate) async fn close(mut self) -> Result<(), LinesCodecError> {
        self.lines.get_mut().shutdown().await?;
        match self.lines.next().await {
            None => println!("[client] Connection closed"),
            Some(Ok(_)) => return Err(io::Error::from(ErrorKind::InvalidData).into()),
            Some(Err(error)) => return Err(error),
        }
        Ok(())
    }
}
// ANCHOR_END: client

impl Client {
    // ANCHOR: properties
    /// What the socket knows of itself, and how much has passed through it.
    pub(crate) fn print_properties(&self) -> io::Result<()> {
        let counted = self.lines.get_ref();
        let local = counted.get_ref().local_addr()?;
        let remote = counted.get_ref().peer_addr()?;

        println!("[client] localAddress: {}", local.ip());
        println!("[client] localPort: {}", local.port());
        println!("[client] remoteAddress: {}", remote.ip());
        println!("[client] remotePort: {}", remote.port());
        println!("[client] bytesWritten: {}", counted.bytes_written());
        println!("[client] bytesRead: {}", counted.bytes_read());
        Ok(())
    }
    // ANCHOR_END: properties
}
