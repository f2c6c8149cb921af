//! Counting the bytes that pass through a stream.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream that counts the bytes read from it and written to it.
///
/// It passes everything on to the stream inside, unchanged. Reading counts the
/// bytes that arrived in the caller's buffer, and writing counts those that the
/// stream inside accepted: a write that was cut short counts for what it wrote.
/// For a socket that is what the kernel took, not yet what the peer received.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use harness::count::Counted;
/// use tokio::io::AsyncWriteExt;
///
/// let mut stream = Counted::new(Vec::new());
/// stream.write_all(b"Hello, TCP!\n").await?;
/// assert_eq!(stream.bytes_written(), 12);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Counted<S> {
    stream: S,
    bytes_read: u64,
    bytes_written: u64,
}

impl<S> Counted<S> {
    /// Counts what passes through `stream` from now on.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            bytes_read: 0,
            bytes_written: 0,
        }
    }

    /// How many bytes have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// How many bytes have been written so far.
    pub fn bytes_written(&self) -> u64 {
        self.bytes_written
    }

    /// The stream inside, for what it knows besides its bytes, such as its
    /// addresses. What is read or written through it is not counted.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream inside; the counts end here.
    pub fn into_inner(self) -> S {
        self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        self.bytes_read += length(buffer.filled().len() - before);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.bytes_written += length(written);
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, slices))?;
        self.bytes_written += length(written);
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A length in memory as a count. Rust runs nowhere where this loses anything.
const fn length(bytes: usize) -> u64 {
    bytes as u64
}
