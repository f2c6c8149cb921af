//! Shows the two ways a connection ends, FIN and RST, and what each looks like to
//! the peer: its next three reads, then a write.
//!
//!     cargo xtask run tcp-basics endings

use std::io;

use harness::arrival::arrived;
use harness::event::Event;
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

// ANCHOR: story
#[tokio::main]
async fn main() -> io::Result<()> {
    println!("--- FIN: the server drops its stream ---\n");
    let (client, mut server) = loopback::pair().await?;
    server.write_all(b"goodbye\n").await?;
    drop(server);
    watch(client).await;

    println!("\n--- RST: the same, with zero linger ---\n");
    let (client, mut server) = loopback::pair().await?;
    server.write_all(b"goodbye\n").await?;
    arrived(&client, 8).await?;
    server.set_zero_linger()?;
    drop(server);
    watch(client).await;

    println!("\n--- RST: the same, with input that nobody read ---\n");
    let (mut client, mut server) = loopback::pair().await?;
    client.write_all(b"one more question\n").await?;
    arrived(&server, 18).await?;
    server.write_all(b"goodbye\n").await?;
    drop(server);
    watch(client).await;
    Ok(())
}

/// Says what the client gets to see.
async fn watch(mut client: TcpStream) {
    let mut buffer = [0; 1024];
    for _ in 0..3 {
        let event = Event::of_read(&client.read(&mut buffer).await);
        println!("[client] read: {event}");
    }
    match client.write(b"are you there?\n").await {
        Ok(bytes) => println!("[client] write: the kernel took {bytes} bytes"),
        Err(error) => println!("[client] write: {}", Event::Error(error.kind())),
    }
}
// ANCHOR_END: story
