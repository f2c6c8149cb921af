//! Shows that a reader that does not read makes its writer wait.
//!
//!     cargo xtask run readable-streams backpressure

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    // A pipe in memory, with room for 8 bytes.
    let (mut writer, mut reader) = tokio::io::duplex(8);

    let taken = writer.write(b"red\ngreen\nblue\n").await?;
    println!("[writer] offered 15 bytes, the pipe took {taken}");

    tokio::select! {
        // Try this first; if it cannot be done at once, do the other.
        biased;
        result = writer.write(b"n\nblue\n") => println!("[writer] {result:?}"),
        () = std::future::ready(()) => println!("[writer] no room: a write would wait"),
    }

    let n = reader.read(&mut [0; 3]).await?;
    println!("[reader] read {n} bytes");
    let taken = writer.write(b"n\nblue\n").await?;
    println!("[writer] offered 7 bytes, the pipe took {taken}");
    // ANCHOR_END: story
    Ok(())
}
