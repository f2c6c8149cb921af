//! A chat server: what one client says, all others shall hear.
//!
//! ```text
//! chat 127.0.0.1:7000
//! ```
//!
//! So far it welcomes its clients, and keeps what they say to itself. Start it, connect
//! from two other terminals with `nc 127.0.0.1 7000`, and type.

use std::{env, io};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

#[tokio::main]
async fn main() -> io::Result<()> {
    let addr = env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:0".to_owned());
    // Yours: where the address is taken, say which it was.
    let listener = TcpListener::bind(&addr).await?;
    println!("Listening on {}", listener.local_addr()?);
    // Yours: end on SIGINT and SIGTERM, and let every client see the end of its stream.
    loop {
        let (stream, _) = listener.accept().await?;
        // Yours: somebody has to know everybody who is connected.
        tokio::spawn(async move {
            if let Err(error) = serve(stream).await {
                eprintln!("a client is gone: {error}");
            }
        });
    }
}

async fn serve(stream: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    writer.write_all(b"welcome\n").await?;
    // Yours: this takes a line of any length, and takes the end of the stream for the
    // end of a line.
    let mut lines = BufReader::new(reader).lines();
    while let Some(line) = lines.next_line().await? {
        // Yours: what would happen if the line were written to each of the others right
        // here, and one of them did not read?
        eprintln!("somebody says {line:?}, and nobody hears it");
    }
    Ok(())
}
