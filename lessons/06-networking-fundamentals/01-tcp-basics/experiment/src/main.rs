//! A TCP server and a client, in one process, each saying what its socket tells it.
//!
//! The client sends two messages, and the server sends each of them back in
//! capitals. A message is a line of text: TCP has no messages of its own.
//!
//! Run it with
//!
//!     cargo xtask run tcp-basics
//!
//! No line of this program sleeps. Each step below returns when what it is about
//! has happened, so each heading is printed when the scene before it is over.

mod client;
mod server;

use tokio_util::codec::LinesCodecError;

use client::Client;
use server::Server;

/// The longest line, in bytes, that either side accepts.
///
/// Without a limit, a peer that never ends its line would make us keep all of it
/// in memory.
const MAX_LINE: usize = 1024;

// ANCHOR: story
#[tokio::main]
async fn main() -> Result<(), LinesCodecError> {
    println!("=== TCP Server and Client ===\n");
    let server = Server::bind("127.0.0.1:0").await?;

    println!("\n--- Client connecting ---\n");
    let mut client = Client::connect(server.address()).await?;
    client.send("Hello, TCP!").await?;
    client.send("Streams are powerful").await?;
    client.receive().await?;
    client.receive().await?;

    println!("\n=== Socket Properties ===\n");
    client.print_properties()?;

    println!("\n=== Server Properties ===\n");
    server.print_properties();

    println!("\n--- Shutting down ---\n");
    client.close().await?;
    server.close().await?;
    Ok(())
}
// ANCHOR_END: story
