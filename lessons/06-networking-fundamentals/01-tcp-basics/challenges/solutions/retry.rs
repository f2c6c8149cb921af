//! Connects to a server, says hello and prints the answer. Where the connection is
//! refused it tries again, with exponential backoff and full jitter.
//!
//! ```text
//! retry [--seed N] ADDR
//! ```
//!
//! Try it with nobody listening, then start `nc -l 127.0.0.1 7000` within a second.

use std::{
    env,
    io::{self, ErrorKind, Write},
    net::SocketAddr,
    process::ExitCode,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::sleep,
};

/// After so many attempts somebody should be told instead.
const ATTEMPTS: u32 = 8;
/// The longest wait after the first attempt; it doubles with each attempt.
const FIRST_CAP: Duration = Duration::from_millis(50);
/// No wait is longer, however many attempts there were.
const HIGHEST_CAP: Duration = Duration::from_millis(400);
/// A longer answer is not from the server that we know.
const LONGEST_ANSWER: u64 = 8 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (addr, random) = match parse_args() {
        Ok(parsed) => parsed,
        Err(message) => {
            eprintln!(
                "retry: {message}\nusage: retry [--seed N] ADDR, where ADDR is as in 127.0.0.1:7000"
            );
            return ExitCode::from(2);
        }
    };
    match run(addr, random).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("retry: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse_args() -> Result<(SocketAddr, fastrand::Rng), String> {
    let args: Vec<String> = env::args_os()
        .skip(1)
        .map(|arg| arg.to_string_lossy().into_owned())
        .collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (addr, random) = match args.as_slice() {
        [addr] => (addr, fastrand::Rng::new()),
        ["--seed", seed, addr] => {
            let seed: u64 = seed
                .parse()
                .map_err(|error| format!("the seed `{seed}`: {error}"))?;
            (addr, fastrand::Rng::with_seed(seed))
        }
        _ => return Err("expected one address".to_owned()),
    };
    let addr = addr.parse().map_err(|error| format!("`{addr}`: {error}"))?;
    Ok((addr, random))
}

async fn run(addr: SocketAddr, random: fastrand::Rng) -> io::Result<()> {
    let mut stream = connect(addr, random).await?;
    stream.write_all(b"hello\n").await?;
    let answer = read_line(stream).await?;
    io::stdout().write_all(&answer)
}

/// Connects, and where that is refused tries again: the server may be about to
/// start. Any other failure is one that waiting does not mend.
async fn connect(addr: SocketAddr, mut random: fastrand::Rng) -> io::Result<TcpStream> {
    let mut attempt = 1;
    loop {
        let refused = match TcpStream::connect(addr).await {
            Ok(stream) => {
                println!("attempt {attempt}: connected");
                return Ok(stream);
            }
            Err(error) => error,
        };
        println!("attempt {attempt}: {:?}", refused.kind());
        if refused.kind() != ErrorKind::ConnectionRefused || attempt == ATTEMPTS {
            return Err(refused);
        }
        let wait = wait_after(attempt, &mut random);
        println!("waiting {} ms", wait.as_millis());
        sleep(wait).await;
        attempt += 1;
    }
}

/// A random time between nothing and a cap that doubles with each attempt. Clients
/// that were refused together do not come back together.
fn wait_after(attempt: u32, random: &mut fastrand::Rng) -> Duration {
    let doubled = FIRST_CAP.saturating_mul(2_u32.saturating_pow(attempt - 1));
    let cap = doubled.min(HIGHEST_CAP);
    cap.mul_f64(random.f64())
}

/// Reads one line, with its ending. The end of the stream is not the end of a line.
async fn read_line(stream: TcpStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(stream.take(LONGEST_ANSWER))
        .read_until(b'\n', &mut line)
        .await?;
    if line.ends_with(b"\n") {
        return Ok(line);
    }
    Err(io::Error::new(
        ErrorKind::UnexpectedEof,
        "the answer is not a whole line",
    ))
}
