//! Shows a character that is cut in two, and what becomes of it when each chunk is
//! turned into text alone.
//!
//!     cargo xtask run readable-streams cut-character

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // ANCHOR: story
    let mut source = coffee();
    let mut buffer = [0; 1024];
    let mut text = String::new();
    loop {
        let n = source.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        text += &String::from_utf8_lossy(&buffer[..n]);
    }
    println!("chunk by chunk: {}", text.trim_end());

    let mut line = String::new();
    BufReader::new(coffee()).read_line(&mut line).await?;
    println!("the whole line: {}", line.trim_end());
    // ANCHOR_END: story
    Ok(())
}

/// "café" and a line ending; the é is two bytes, and comes in two pieces.
fn coffee() -> impl AsyncRead + Unpin {
    (&b"caf\xc3"[..]).chain(&b"\xa9\n"[..])
}
