//! Shows bytes that are lost with the buffer that they were in.
//!
//!     cargo xtask run readable-streams lost-buffer

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    let source = &b"header\nbody"[..];

    let mut header = String::new();
    let mut buffered = BufReader::new(source);
    buffered.read_line(&mut header).await?;
    println!("in the buffer: {} bytes", buffered.buffer().len());

    let mut body = String::new();
    buffered.into_inner().read_to_string(&mut body).await?;
    println!("from the source: {body:?}");
    // ANCHOR_END: story
    Ok(())
}
