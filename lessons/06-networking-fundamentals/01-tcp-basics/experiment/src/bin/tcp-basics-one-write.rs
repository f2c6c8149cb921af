//! Shows that one write can arrive as several reads: a read gives what is there
//! and fits into the buffer.
//!
//!     cargo xtask run tcp-basics one-write

use std::io;

use harness::arrival::arrived;
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut client, mut server) = loopback::pair().await?;

    // ANCHOR: story
    client.write_all(b"Streams are powerful\n").await?;
    println!("[client] wrote 21 bytes");
    client.shutdown().await?;

    // All of it is there before the first read: it is the buffer that cuts here.
    // On a real network, the network cuts as well.
    arrived(&server, 21).await?;

    let mut buffer = [0; 8];
    loop {
        let n = server.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        let text = String::from_utf8_lossy(&buffer[..n]);
        println!("[server] read {n} bytes: {text:?}");
    }
    // ANCHOR_END: story
    Ok(())
}
