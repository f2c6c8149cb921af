//! Shows a message that holds its own delimiter: one is sent, and two arrive.
//!
//!     cargo xtask run message-framing injected

use futures_util::{SinkExt, StreamExt};
use harness::loopback;
use tokio::io::AsyncWriteExt;
use tokio_util::codec::{Framed, LinesCodec, LinesCodecError};

#[tokio::main]
async fn main() -> Result<(), LinesCodecError> {
    let (client, server) = loopback::pair().await?;
    let mut client = Framed::new(client, LinesCodec::new_with_max_length(1024));
    let mut server = Framed::new(server, LinesCodec::new_with_max_length(1024));

    // ANCHOR: story
    // Somebody typed this into a form that asks for a name.
    let name = "ann\ndelete bob";
    client.send(format!("create {name}")).await?;
    client.get_mut().shutdown().await?;
    println!("[client] sent one request");

    while let Some(request) = server.next().await {
        println!("[server] request: {}", request?);
    }
    // ANCHOR_END: story
    Ok(())
}
