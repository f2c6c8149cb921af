//! Shows what lies in a buffer behind the bytes that a read has put there.
//!
//!     cargo xtask run readable-streams stale-bytes

use std::io;

use tokio::io::AsyncReadExt;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    // Two sources, one after the other: each read gets from one of them.
    let mut source = (&b"secret"[..]).chain(&b"hi"[..]);
    let mut buffer = [0; 6];

    source.read_exact(&mut buffer).await?;
    let n = source.read(&mut buffer).await?;
    println!("wrong: {}", String::from_utf8_lossy(&buffer));
    println!("right: {}", String::from_utf8_lossy(&buffer[..n]));
    // ANCHOR_END: story
    Ok(())
}
