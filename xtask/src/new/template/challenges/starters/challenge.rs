//! Connects to a server, says hello, and shall print the answer. So far it does not
//! read it: the rest is yours to write.
//!
//! ```text
//! {{challenge}} ADDR
//! ```

use std::{env, io, process::ExitCode};

use tokio::{io::AsyncWriteExt, net::TcpStream};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args().nth(1) else {
        eprintln!("usage: {{challenge}} ADDR");
        return ExitCode::from(2);
    };
    match ask(&addr).await {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{{challenge}}: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says hello, and gives the line that the server answers, without its ending.
async fn ask(addr: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    stream.write_all(b"hello\n").await?;
    // Yours: read the answer. It is a line, and may come in any number of pieces.
    Ok(String::new())
}
