//! A connection of a program with itself.

use std::io;

use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn what_one_end_writes_the_other_reads() -> io::Result<()> {
    let (mut client, mut server) = loopback::pair().await?;

    client.write_all(b"ping").await?;
    client.shutdown().await?;
    let mut heard = String::new();
    server.read_to_string(&mut heard).await?;
    server.write_all(b"pong").await?;
    drop(server);
    let mut answer = String::new();
    client.read_to_string(&mut answer).await?;

    assert_eq!((heard.as_str(), answer.as_str()), ("ping", "pong"));
    Ok(())
}

#[tokio::test]
async fn the_ends_belong_together() -> io::Result<()> {
    let (client, server) = loopback::pair().await?;
    assert_eq!(client.local_addr()?, server.peer_addr()?);
    assert_eq!(client.peer_addr()?, server.local_addr()?);
    Ok(())
}
