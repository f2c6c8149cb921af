//! Connects to a server, and shall take apart the frames that come, however they are
//! cut. So far it takes a read for a frame: the rest is yours to write.
//!
//! ```text
//! frames ADDR
//! ```

use std::{env, io, net::SocketAddr, process::ExitCode};

use tokio::{io::AsyncReadExt, net::TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args().nth(1).and_then(|addr| addr.parse().ok()) else {
        eprintln!("usage: frames ADDR");
        return ExitCode::from(2);
    };
    match run(addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("frames: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(addr: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(addr).await?;
    let mut buffer = [0; 1024];
    let mut number = 0;
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            // Yours: may the stream end here, or was something cut off?
            return Ok(());
        }
        // Yours: how long is the content, and is all of it here?
        let content = &buffer[4.min(n)..n];
        number += 1;
        // Yours: the sum of its bytes.
        println!("frame {number}: {} bytes, sum ?", content.len());
    }
}
