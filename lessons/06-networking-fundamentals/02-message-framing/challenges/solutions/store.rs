//! A server that keeps contents under names.
//!
//! ```text
//! store 127.0.0.1:7000
//! ```
//!
//! Start it, connect from another terminal with `nc 127.0.0.1 7000`, and type:
//!
//! ```text
//! set greeting 5
//! hello
//! get greeting
//! ```
//!
//! What is wrong with a request is of two kinds. Where the next request can still be
//! found, the decoder gives the error out as a request. Where it cannot, the decoder
//! fails, and the connection ends.

use std::{
    collections::HashMap,
    env, io,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use futures_util::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_util::codec::{Decoder, FramedRead};

/// A line has at most so many bytes, its ending not counted.
const LONGEST_LINE: usize = 256;
/// A name has at most so many bytes.
const LONGEST_NAME: usize = 64;
/// A content has at most so many bytes.
const LONGEST_CONTENT: usize = 65_536;
/// A client that is told that its connection ends has so long to hear it.
const LINGER: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(addr) = env::args_os().nth(1) else {
        eprintln!("usage: store ADDR, where ADDR is as in 127.0.0.1:7000");
        return ExitCode::from(2);
    };
    let addr = addr.to_string_lossy();
    match run(&addr).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("store: {addr}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(addr: &str) -> io::Result<()> {
    let listener = TcpListener::bind(addr).await?;
    println!("Listening on {}", listener.local_addr()?);

    let store = Arc::new(Store::default());
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let store = Arc::clone(&store);
                // What goes wrong with a client is its own matter.
                tokio::spawn(async move { serve(stream, &store).await });
            }
            // Most likely too many files are open, until somebody leaves.
            Err(error) => {
                eprintln!("store: cannot accept: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Answers one client's requests in their order, until its stream ends or cannot be
/// understood any more.
async fn serve(mut stream: TcpStream, store: &Store) -> io::Result<()> {
    // An answer shall leave at once.
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = stream.split();
    let mut requests = FramedRead::new(&mut reader, Requests::default());
    while let Some(request) = requests.next().await {
        match request {
            Ok(request) => writer.write_all(&store.answer(request)).await?,
            Err(Lost::Stream(error)) => return Err(error),
            Err(Lost::BadSet) => return hang_up(stream, b"error: bad set\n").await,
            Err(Lost::BadContent) => return hang_up(stream, b"error: bad content\n").await,
        }
    }
    Ok(())
}

/// Says why, and closes. Closing a socket that has unread input resets the connection,
/// and the answers before that might be lost: so it reads on for a while.
async fn hang_up(mut stream: TcpStream, why: &[u8]) -> io::Result<()> {
    stream.write_all(why).await?;
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    let goodbye = async { while stream.read(&mut unread).await.is_ok_and(|n| n > 0) {} };
    let _ = timeout(LINGER, goodbye).await;
    Ok(())
}

type Name = Box<[u8]>;
type Content = Arc<[u8]>;

/// A request, or a line that is none. The next request is behind it.
enum Request {
    Get { name: Name },
    Set { name: Name, content: Content },
    Bad,
    TooLong,
}

/// Why nobody knows where the next request begins.
enum Lost {
    BadSet,
    BadContent,
    Stream(io::Error),
}

impl From<io::Error> for Lost {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

#[derive(Default)]
struct Requests {
    /// What comes belongs to a line that was too long.
    skipping: bool,
}

impl Decoder for Requests {
    type Item = Request;
    type Error = Lost;

    /// Takes a whole request, or nothing.
    fn decode(&mut self, buffer: &mut BytesMut) -> Result<Option<Request>, Lost> {
        if self.skipping {
            let Some(end) = end_of_line(buffer) else {
                buffer.clear();
                return Ok(None);
            };
            buffer.advance(end + 1);
            self.skipping = false;
        }
        let looked_at = buffer.len().min(LONGEST_LINE + 1);
        let Some(end) = end_of_line(&buffer[..looked_at]) else {
            if looked_at <= LONGEST_LINE {
                return Ok(None);
            }
            if buffer.starts_with(b"set ") {
                return Err(Lost::BadSet);
            }
            self.skipping = true;
            return Ok(Some(Request::TooLong));
        };
        if let Some(words) = buffer[..end].strip_prefix(b"set ") {
            let (name, length) = parse_set(words).ok_or(Lost::BadSet)?;
            let content = end + 1..end + 1 + length;
            match buffer.get(content.end) {
                None => return Ok(None),
                Some(b'\n') => {}
                Some(_) => return Err(Lost::BadContent),
            }
            let name = name.into();
            let content = buffer[content].into();
            buffer.advance(end + 1 + length + 1);
            return Ok(Some(Request::Set { name, content }));
        }
        let request = match buffer[..end].strip_prefix(b"get ") {
            Some(name) if is_name(name) => Request::Get { name: name.into() },
            _ => Request::Bad,
        };
        buffer.advance(end + 1);
        Ok(Some(request))
    }

    /// A request that the end of the stream has cut off is none.
    fn decode_eof(&mut self, buffer: &mut BytesMut) -> Result<Option<Request>, Lost> {
        self.decode(buffer)
    }
}

fn end_of_line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == b'\n')
}

/// A name and a length, with one blank between them.
fn parse_set(words: &[u8]) -> Option<(&[u8], usize)> {
    let mut words = words.split(|&byte| byte == b' ');
    let (Some(name), Some(length), None) = (words.next(), words.next(), words.next()) else {
        return None;
    };
    Some((name, parse_length(length)?)).filter(|(name, _)| is_name(name))
}

fn is_name(word: &[u8]) -> bool {
    !word.is_empty() && word.len() <= LONGEST_NAME && word.iter().all(u8::is_ascii_graphic)
}

/// `parse` alone would take a `+` and zeros in front, too.
fn parse_length(word: &[u8]) -> Option<usize> {
    let is_number =
        word.iter().all(u8::is_ascii_digit) && (word == b"0" || !word.starts_with(b"0"));
    let length = str::from_utf8(word).ok()?.parse().ok()?;
    (is_number && length <= LONGEST_CONTENT).then_some(length)
}

/// What all clients see.
#[derive(Default)]
struct Store {
    contents: Mutex<HashMap<Name, Content>>,
}

impl Store {
    /// Carries a request out, and gives what to answer.
    fn answer(&self, request: Request) -> Vec<u8> {
        // What is locked is whole at any time, also where somebody panicked meanwhile.
        let contents = || self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        match request {
            Request::Set { name, content } => {
                contents().insert(name, content);
                b"stored\n".to_vec()
            }
            Request::Get { name } => match contents().get(&name) {
                Some(content) => {
                    let line = format!("value {}\n", content.len());
                    [line.as_bytes(), content, b"\n"].concat()
                }
                None => b"none\n".to_vec(),
            },
            Request::Bad => b"error: bad request\n".to_vec(),
            Request::TooLong => b"error: line too long\n".to_vec(),
        }
    }
}
