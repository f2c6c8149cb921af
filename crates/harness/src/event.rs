//! Names for what a socket tells a program in the course of its life.

use std::fmt;
use std::io::{self, ErrorKind};

/// One event in the life of a TCP socket, under the name that the course gives it.
///
/// Tokio has no events: it has results. A value of this type says which event a
/// result stands for, and prints as one line:
///
/// | event | what a program sees in tokio | printed as |
/// |---|---|---|
/// | `Connect` | `TcpStream::connect` gives a stream | `connect` |
/// | `Data` | a read gives `Ok(n)`, `n` above 0 | `data 33 bytes` |
/// | `End` | a read gives `Ok(0)` | `end` |
/// | `Error` | anything gives `Err` | `error ConnectionReset` |
/// | `Close` | the stream is dropped | `close` |
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The connection is established.
    Connect,
    /// So many bytes have been read.
    Data(usize),
    /// The peer has sent everything that it will ever send: its FIN came.
    End,
    /// Something failed, in the standard library's word for it.
    Error(ErrorKind),
    /// This program has let go of the socket.
    Close,
}

impl Event {
    /// What the result of a read stands for, given that the buffer had room: a
    /// read into an empty buffer gives `Ok(0)` too, and means nothing.
    #[must_use]
    pub fn of_read(result: &io::Result<usize>) -> Self {
        match result {
            Ok(0) => Self::End,
            Ok(bytes) => Self::Data(*bytes),
            Err(error) => Self::Error(error.kind()),
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("connect"),
            Self::Data(bytes) => write!(f, "data {bytes} bytes"),
            Self::End => f.write_str("end"),
            Self::Error(kind) => write!(f, "error {kind:?}"),
            Self::Close => f.write_str("close"),
        }
    }
}
