//! Connects to a server, and shall print every line that comes, however it is cut.
//! So far it prints every chunk: the rest is yours to write.
//!
//! ```text
//! lines ADDR
//! ```

use std::{env, io, net::SocketAddr, process::ExitCode};

use tokio::{io::AsyncReadExt, net::TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args().nth(1).and_then(|addr| addr.parse().ok()) else {
        eprintln!("usage: lines ADDR");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lines: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr).await?;
    let mut buffer = [0; 1024];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            // Yours: may the stream end here, or was something cut off?
            return Ok(());
        }
        // Yours: a chunk is not a line, and a line need not be text.
        println!("{}", String::from_utf8_lossy(&buffer[..n]));
    }
}
