//! Connects to a server that is about to fail, and prints what its socket tells it, one
//! event a line.
//!
//! ```text
//! crash 127.0.0.1:7000
//! ```
//!
//! So far it knows a server that closes its stream properly. Try it against
//! `nc -l 127.0.0.1 7000`: type a line there, then press Ctrl-C.

use std::{env, io};

use tokio::{io::AsyncReadExt, net::TcpStream};

#[tokio::main]
async fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_default();
    // Yours: a failure is an event as well, and `close` comes after it.
    let mut stream = TcpStream::connect(&addr).await?;
    println!("connect");
    let mut buffer = [0; 1024];
    loop {
        // Yours: what if nothing comes, ever?
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            break;
        }
        // Yours: ask the server whether it is still there; and how a stream is cut into
        // reads is no event.
        println!("data {read} bytes");
    }
    println!("end");
    println!("close");
    Ok(())
}
