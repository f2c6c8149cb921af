//! One stream of 15 bytes, read in several of the ways that tokio offers.
//!
//! The stream is the text "red\ngreen\nblue\n". It comes in three pieces, and no
//! piece ends where a line does.
//!
//! Run it with
//!
//!     cargo xtask run readable-streams

mod source;

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use source::Source;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    read().await?;
    read_into_a_small_buffer().await?;
    read_exact().await?;
    read_to_end().await?;
    read_through_a_buffer().await?;
    read_lines().await
}

// ANCHOR: read
async fn read() -> io::Result<()> {
    println!("=== read: what is there ===\n");

    let mut source = Source::new();
    println!("asked {} times", source.asked());

    let mut buffer = [0; 1024];
    loop {
        let n = source.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        println!("got {n} bytes: {}", shown(&buffer[..n]));
    }
    println!("got 0 bytes: the end");
    println!("asked {} times", source.asked());
    Ok(())
}
// ANCHOR_END: read

// ANCHOR: small
async fn read_into_a_small_buffer() -> io::Result<()> {
    println!("\n=== read: what is there, and fits ===\n");

    let mut source = Source::new();
    let mut buffer = [0; 4];
    loop {
        let n = source.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        println!("got {n} bytes: {}", shown(&buffer[..n]));
    }
    Ok(())
}
// ANCHOR_END: small

// ANCHOR: exact
async fn read_exact() -> io::Result<()> {
    println!("\n=== read_exact: so many, or an error ===\n");

    let mut source = Source::new();
    for wanted in [4, 6, 10] {
        let mut buffer = vec![0; wanted];
        match source.read_exact(&mut buffer).await {
            Ok(_) => println!("wanted {wanted} bytes: {}", shown(&buffer)),
            Err(error) => println!("wanted {wanted} bytes: error {:?}", error.kind()),
        }
    }
    Ok(())
}
// ANCHOR_END: exact

// ANCHOR: to-end
async fn read_to_end() -> io::Result<()> {
    println!("\n=== read_to_end: all of it ===\n");

    let mut all = Vec::new();
    Source::new().read_to_end(&mut all).await?;
    println!("got {} bytes: {}", all.len(), shown(&all));

    let mut beginning = Vec::new();
    Source::new().take(9).read_to_end(&mut beginning).await?;
    println!("got {} bytes: {}", beginning.len(), shown(&beginning));
    Ok(())
}
// ANCHOR_END: to-end

// ANCHOR: buffer
async fn read_through_a_buffer() -> io::Result<()> {
    println!("\n=== BufReader: ask seldom, take little ===\n");

    let mut source = Source::new();
    for _ in 0..15 {
        source.read_u8().await?;
    }
    println!("without: 15 bytes taken, asked {} times", source.asked());

    let mut buffered = BufReader::new(Source::new());
    for _ in 0..15 {
        buffered.read_u8().await?;
    }
    let asked = buffered.get_ref().asked();
    println!("with: 15 bytes taken, asked {asked} times");
    Ok(())
}
// ANCHOR_END: buffer

// ANCHOR: lines
async fn read_lines() -> io::Result<()> {
    println!("\n=== BufReader: lines ===\n");

    let mut lines = BufReader::new(Source::new()).lines();
    while let Some(line) = lines.next_line().await? {
        println!("line: {line}");
    }
    Ok(())
}
// ANCHOR_END: lines

/// Bytes as text, with what cannot be seen written out.
fn shown(bytes: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(bytes))
}
