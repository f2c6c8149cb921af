//! The two ends of one connection, for programs that play both sides.

use std::io;

use tokio::net::{TcpListener, TcpStream};

/// Connects this program to itself: one TCP connection over the loopback
/// interface, first the end that connected, then the end that was accepted.
///
/// It is to TCP what [`tokio::io::duplex`] is to memory. A program that holds both
/// ends decides the order of all that happens, and is told by no clock.
///
/// # Errors
///
/// Whatever binding, connecting or accepting reports.
pub async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    // Every process of this machine can reach the port: take our own peer, whoever
    // came first.
    loop {
        let (server, peer) = listener.accept().await?;
        if peer == client.local_addr()? {
            return Ok((client, server));
        }
    }
}
