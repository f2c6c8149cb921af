//! What `Counted` counts.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use harness::count::Counted;
use proptest::prelude::{ProptestConfig, any, proptest};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

#[tokio::test]
async fn both_directions_are_counted_apart() -> io::Result<()> {
    let (near, mut far) = tokio::io::duplex(64);
    let mut near = Counted::new(near);

    near.write_all(b"Hello, TCP!\n").await?;
    far.write_all(b"Echo").await?;
    let mut buffer = [0; 4];
    near.read_exact(&mut buffer).await?;

    assert_eq!((near.bytes_written(), near.bytes_read()), (12, 4));
    Ok(())
}

#[tokio::test]
async fn only_what_was_read_counts_not_what_had_room() -> io::Result<()> {
    let mut stream = Counted::new(&b"abc"[..]);
    let mut buffer = [0; 100];

    assert_eq!(stream.read(&mut buffer).await?, 3);
    assert_eq!(stream.bytes_read(), 3);

    // The end of the stream is no byte.
    assert_eq!(stream.read(&mut buffer).await?, 0);
    assert_eq!(stream.bytes_read(), 3);
    Ok(())
}

#[tokio::test]
async fn bytes_that_were_in_the_buffer_before_do_not_count() -> io::Result<()> {
    let mut stream = Counted::new(&b"new"[..]);
    let mut all = b"old".to_vec();

    stream.read_to_end(&mut all).await?;

    assert_eq!(all, b"oldnew");
    assert_eq!(stream.bytes_read(), 3);
    Ok(())
}

#[tokio::test]
async fn a_write_cut_short_counts_for_what_it_wrote() -> io::Result<()> {
    let mut stream = Counted::new(Narrow { width: 5 });

    assert_eq!(stream.write(b"Hello, TCP!").await?, 5);
    assert_eq!(stream.bytes_written(), 5);

    let slices = [IoSlice::new(b"two "), IoSlice::new(b"slices")];
    assert_eq!(stream.write_vectored(&slices).await?, 4);
    assert_eq!(stream.bytes_written(), 9);
    Ok(())
}

#[tokio::test]
async fn a_failed_write_does_not_count() {
    let (near, far) = tokio::io::duplex(64);
    let mut near = Counted::new(near);
    drop(far);

    let error = near.write_all(b"into the void").await.unwrap_err();

    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    assert_eq!(near.bytes_written(), 0);
}

#[tokio::test]
async fn shutting_down_reaches_the_stream_inside() -> io::Result<()> {
    let (near, mut far) = tokio::io::duplex(64);
    let mut near = Counted::new(near);

    near.shutdown().await?;

    assert_eq!(far.read(&mut [0; 1]).await?, 0);
    assert!(near.into_inner().write(b"x").await.is_err());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However a stream is cut into reads and writes, the counts are its length.
    #[test]
    fn the_counts_do_not_depend_on_the_cuts(
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        pipe in 1_usize..300,
        piece in 1_usize..300,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (written, read) = runtime.block_on(async {
            let (near, far) = tokio::io::duplex(pipe);
            let mut near = Counted::new(near);
            let mut far = Counted::new(far);
            let send = async {
                for piece in bytes.chunks(piece) {
                    near.write_all(piece).await.unwrap();
                }
                near.shutdown().await.unwrap();
            };
            let mut received = Vec::new();
            let ((), read) = tokio::join!(send, far.read_to_end(&mut received));
            read.unwrap();
            assert_eq!(received, bytes);
            (near.bytes_written(), far.bytes_read())
        });
        let length = u64::try_from(bytes.len()).unwrap();
        assert_eq!((written, read), (length, length));
    }
}

/// A writer that takes at most `width` bytes at a time, and of several slices only
/// the first.
struct Narrow {
    width: usize,
}

impl AsyncWrite for Narrow {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len().min(self.width)))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
