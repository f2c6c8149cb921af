//! A server that shall keep contents under names. So far it forgets all that it is
//! given.
//!
//! ```text
//! store 127.0.0.1:7000
//! ```
//!
//! Start it, connect from another terminal with `nc 127.0.0.1 7000`, and type.

use std::{env, io};

use futures_util::StreamExt;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
};
use tokio_util::codec::{FramedRead, LinesCodec};

#[tokio::main]
async fn main() -> io::Result<()> {
    let addr = env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(&addr).await?;
    println!("Listening on {}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        // Yours: all clients see the same contents.
        tokio::spawn(async move {
            if let Err(error) = serve(stream).await {
                eprintln!("a client is gone: {error}");
            }
        });
    }
}

async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    // Yours: a content is no line. And what becomes of a line that is too long, is not
    // UTF-8, or has been cut off?
    let mut lines = FramedRead::new(reader, LinesCodec::new_with_max_length(256));
    while let Some(Ok(line)) = lines.next().await {
        let answer: &[u8] = match line.split_once(' ') {
            Some(("get", _)) => b"none\n",
            Some(("set", _)) => b"stored\n",
            _ => b"error: bad request\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(())
}
