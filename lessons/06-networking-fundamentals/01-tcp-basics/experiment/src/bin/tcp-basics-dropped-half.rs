//! Shows what dropping a write half does: after `into_split` it ends the direction,
//! after `split` it does nothing.
//!
//!     cargo xtask run tcp-basics dropped-half

use std::io;

use harness::event::Event;
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut buffer = [0; 1024];

    // ANCHOR: owned
    let (client, mut server) = loopback::pair().await?;
    let (_reader, writer) = client.into_split();
    drop(writer);
    let event = Event::of_read(&server.read(&mut buffer).await);
    println!("into_split, write half dropped: the server sees {event}");
    // ANCHOR_END: owned

    // ANCHOR: borrowed
    let (mut client, mut server) = loopback::pair().await?;
    {
        let (_reader, _writer) = client.split();
    }
    // Had the direction ended, this write would fail.
    client.write_all(b"still here\n").await?;
    let event = Event::of_read(&server.read(&mut buffer).await);
    println!("split, both halves dropped: the server sees {event}");
    // ANCHOR_END: borrowed
    Ok(())
}
