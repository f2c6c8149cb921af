//! Shows a half-close: the client ends its direction, and still gets an answer on
//! the other one.
//!
//!     cargo xtask run tcp-basics half-close

use std::io;

use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut client, mut server) = loopback::pair().await?;

    // ANCHOR: story
    client.write_all(b"one\ntwo\nthree\n").await?;
    client.shutdown().await?;
    println!("[client] sent 14 bytes, and will send no more");

    let mut request = String::new();
    server.read_to_string(&mut request).await?;
    println!("[server] end of stream after {} bytes", request.len());

    let answer = format!("{} lines\n", request.lines().count());
    server.write_all(answer.as_bytes()).await?;
    drop(server);

    let mut received = String::new();
    client.read_to_string(&mut received).await?;
    println!("[client] answer: {}", received.trim_end());
    // ANCHOR_END: story
    Ok(())
}
