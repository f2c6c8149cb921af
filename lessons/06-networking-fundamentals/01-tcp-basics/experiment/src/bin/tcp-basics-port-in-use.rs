//! Shows why a server may not get its port: another one listens there, or a
//! connection that an earlier one closed is not forgotten yet.
//!
//!     cargo xtask run tcp-basics port-in-use

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// Whether a socket sets `SO_REUSEADDR`. `TcpListener::bind` does so on Unix.
#[derive(Clone, Copy)]
enum Reuse {
    No,
    Yes,
}

// ANCHOR: story
#[tokio::main]
async fn main() -> io::Result<()> {
    let any_port = SocketAddr::from(([127, 0, 0, 1], 0));

    println!("--- Another server listens there ---\n");
    let first = TcpListener::bind(any_port).await?;
    let second = TcpListener::bind(first.local_addr()?).await;
    println!("second server: {}", outcome(&second));

    println!("\n--- The old server did not set SO_REUSEADDR ---\n");
    let address = serve_once(any_port, Reuse::No).await?;
    println!("without it: {}", outcome(&listen(address, Reuse::No)));
    println!("with it: {}", outcome(&listen(address, Reuse::Yes)));

    println!("\n--- The old server did set it ---\n");
    let address = serve_once(any_port, Reuse::Yes).await?;
    println!("without it: {}", outcome(&listen(address, Reuse::No)));
    println!("with it: {}", outcome(&listen(address, Reuse::Yes)));
    Ok(())
}

/// A server that serves one client, closes that connection first, and ends.
/// Returns the address that it had.
async fn serve_once(address: SocketAddr, reuse: Reuse) -> io::Result<SocketAddr> {
    let listener = listen(address, reuse)?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect(address).await?;
    let (server, _) = listener.accept().await?;

    // Returns when the client's kernel has acknowledged the close.
    close(server)?;
    client.read_to_end(&mut Vec::new()).await?;
    Ok(address)
}

fn listen(address: SocketAddr, reuse: Reuse) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(matches!(reuse, Reuse::Yes))?;
    socket.bind(address)?;
    socket.listen(8)
}
// ANCHOR_END: story

/// Closes a connection first, and waits until the other side has acknowledged that.
///
/// The linger time makes the close wait. An acknowledgement that was still under way
/// would meet the `TIME_WAIT` later, as an old packet; the answer to it would meet a
/// client that is gone, and be answered by a reset, and the reset would end the
/// `TIME_WAIT` before its time. That is rare, and known: RFC 1337 describes it.
fn close(stream: TcpStream) -> io::Result<()> {
    SockRef::from(&stream).set_linger(Some(Duration::from_secs(5)))?;
    tokio::task::block_in_place(|| drop(stream));
    Ok(())
}

fn outcome(result: &io::Result<TcpListener>) -> String {
    match result {
        Ok(_) => "listening".to_owned(),
        Err(error) => format!("error {:?}", error.kind()),
    }
}
