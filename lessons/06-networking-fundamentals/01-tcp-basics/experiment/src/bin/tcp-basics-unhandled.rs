//! Shows one error, a reset, in three programs' hands: handled, unwrapped in a task,
//! and passed up until nobody is left.
//!
//!     cargo xtask run tcp-basics unhandled

use std::io;

use harness::event::Event;
use harness::loopback;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

// ANCHOR: story
#[tokio::main]
async fn main() -> io::Result<()> {
    let mut socket = reset_by_peer().await?;
    let event = Event::of_read(&socket.read(&mut [0; 1]).await);
    println!("handled: {event}, and the program goes on");

    let mut socket = reset_by_peer().await?;
    let task = tokio::spawn(async move { unwraps(&mut socket).await });
    match task.await {
        Ok(bytes) => println!("in a task: read {bytes} bytes"),
        Err(error) if error.is_panic() => println!("in a task: only the task has died"),
        Err(_) => println!("in a task: it was cancelled"),
    }

    let mut socket = reset_by_peer().await?;
    println!("in main: this is the last line that the program prints");
    let bytes = socket.read(&mut [0; 1]).await?;
    println!("in main: read {bytes} bytes");
    Ok(())
}

#[expect(
    clippy::unwrap_used,
    reason = "this is the mistake that the program shows"
)]
async fn unwraps(socket: &mut TcpStream) -> usize {
    socket.read(&mut [0; 1]).await.unwrap()
}
// ANCHOR_END: story

/// A connection whose other end is gone, by a reset.
async fn reset_by_peer() -> io::Result<TcpStream> {
    let (client, server) = loopback::pair().await?;
    server.set_zero_linger()?;
    drop(server);
    Ok(client)
}
