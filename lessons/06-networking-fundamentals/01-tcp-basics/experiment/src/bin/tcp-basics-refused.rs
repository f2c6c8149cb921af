//! Shows what stands behind a connection that is refused, and what does not stand
//! behind one that is not.
//!
//!     cargo xtask run tcp-basics refused

use std::io;

use harness::event::Event;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpSocket, TcpStream};

#[tokio::main]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    // A port that is taken, where nobody listens: no other program can begin to.
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let address = socket.local_addr()?;
    match TcpStream::connect(address).await {
        Ok(_) => println!("nobody listens: connected"),
        Err(error) => println!("nobody listens: {}", Event::Error(error.kind())),
    }

    // The kernel completes the handshake for a listener that never accepts.
    let listener = socket.listen(8)?;
    let mut client = TcpStream::connect(address).await?;
    println!("nobody accepts: {}", Event::Connect);

    drop(listener);
    let event = Event::of_read(&client.read(&mut [0; 1]).await);
    println!("the listener is dropped: {event}");
    // ANCHOR_END: story
    Ok(())
}
