//! Shows that two writes can arrive as one read: TCP keeps no boundaries.
//!
//!     cargo xtask run tcp-basics two-writes

use std::io;

use harness::arrival::arrived;
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut client, mut server) = loopback::pair().await?;

    // ANCHOR: story
    for message in ["Hello, TCP!\n", "Streams are powerful\n"] {
        client.write_all(message.as_bytes()).await?;
        println!("[client] wrote {} bytes", message.len());
    }

    // Without this wait the first read would sometimes get the first message
    // alone. Sometimes is the trouble.
    arrived(&server, 33).await?;

    let mut buffer = [0; 1024];
    let n = server.read(&mut buffer).await?;
    let text = String::from_utf8_lossy(&buffer[..n]);
    println!("[server] read {n} bytes: {text:?}");
    // ANCHOR_END: story
    Ok(())
}
