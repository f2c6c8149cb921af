//! Waiting for bytes without reading them.

use std::io::{self, ErrorKind};

use harness::arrival::arrived;
use harness::loopback;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn bytes_written_in_pieces_are_all_there_to_be_read_at_once() -> io::Result<()> {
    let (mut sender, mut receiver) = loopback::pair().await?;
    let pieces = async {
        for piece in [&b"Hello, "[..], b"TCP", b"!"] {
            sender.write_all(piece).await?;
            tokio::task::yield_now().await;
        }
        io::Result::Ok(())
    };
    let (sent, came) = tokio::join!(pieces, arrived(&receiver, 11));
    sent?;
    came?;

    let mut buffer = [0; 100];
    let read = receiver.read(&mut buffer).await?;
    assert_eq!(&buffer[..read], b"Hello, TCP!");
    Ok(())
}

#[tokio::test]
async fn more_than_was_asked_for_is_enough() -> io::Result<()> {
    let (mut sender, receiver) = loopback::pair().await?;
    sender.write_all(b"Hello").await?;
    arrived(&receiver, 5).await?;
    arrived(&receiver, 1).await?;
    arrived(&receiver, 5).await
}

#[tokio::test]
async fn bytes_that_came_before_the_end_are_there() -> io::Result<()> {
    let (mut sender, receiver) = loopback::pair().await?;
    sender.write_all(b"Hello").await?;
    drop(sender);
    arrived(&receiver, 5).await
}

#[tokio::test]
async fn an_end_that_comes_too_early_is_an_error() -> io::Result<()> {
    let (mut sender, mut receiver) = loopback::pair().await?;
    sender.write_all(b"Hell").await?;
    let end = async { sender.shutdown().await };
    let (ended, came) = tokio::join!(end, arrived(&receiver, 5));
    ended?;

    assert_eq!(came.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    let mut rest = String::new();
    receiver.read_to_string(&mut rest).await?;
    assert_eq!(rest, "Hell", "what had come can still be read");
    Ok(())
}

#[tokio::test]
async fn a_reset_is_an_error() -> io::Result<()> {
    let (sender, receiver) = loopback::pair().await?;
    sender.set_zero_linger()?;
    drop(sender);

    let error = arrived(&receiver, 1).await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    Ok(())
}
