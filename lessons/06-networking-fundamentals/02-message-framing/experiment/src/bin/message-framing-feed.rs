//! Shows that a message that was fed has not left, until somebody flushes.
//!
//!     cargo xtask run message-framing feed

use futures_util::SinkExt;
use harness::count::Counted;
use harness::loopback;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

#[tokio::main]
async fn main() -> Result<(), LinesCodecError> {
    let (client, _server) = loopback::pair().await?;
    let mut lines = Framed::new(Counted::new(client), LinesCodec::new());

    // ANCHOR: story
    lines.feed("red").await?;
    lines.feed("green").await?;
    println!("fed: {} bytes written", lines.get_ref().bytes_written());

    SinkExt::<&str>::flush(&mut lines).await?;
    println!("flushed: {} bytes written", lines.get_ref().bytes_written());

    // `send` is both.
    lines.send("blue").await?;
    println!("sent: {} bytes written", lines.get_ref().bytes_written());
    // ANCHOR_END: story
    Ok(())
}
