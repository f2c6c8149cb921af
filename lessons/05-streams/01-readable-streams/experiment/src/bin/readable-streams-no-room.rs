//! Shows a read of 0 bytes that is not the end of the stream: the buffer had no room.
//!
//!     cargo xtask run readable-streams no-room

use std::io;

use tokio::io::AsyncReadExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    let mut source = &b"hello"[..];

    // Capacity is memory put aside. The length is still 0, and a slice of it too.
    let mut buffer = Vec::with_capacity(1024);
    let n = source.read(&mut buffer).await?;
    println!("read: {n} bytes");

    // `read_buf` fills the capacity, and moves the length along.
    let n = source.read_buf(&mut buffer).await?;
    println!("read_buf: {n} bytes");
    // ANCHOR_END: story
    Ok(())
}
