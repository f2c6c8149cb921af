//! Waiting until bytes have arrived, without reading them.
//!
//! A program that shows what one read returns has to know first what there is
//! to read. Sleeping would be a guess, and so is [`TcpStream::readable`]: it is
//! allowed to return with nothing there, and for a stream that was just accepted it
//! does. The kernel can be asked.

use std::io::{self, ErrorKind};
use std::mem::MaybeUninit;

use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;

/// Waits until at least `bytes` bytes lie in the kernel's receive buffer of
/// `stream`. They stay there: the next read gets them.
///
/// `bytes` has to fit into the receive buffer, which holds some 64 KiB as the
/// kernel first lays it out; more than that would never be there at once.
///
/// # Errors
///
/// [`ErrorKind::UnexpectedEof`] if the peer ended its stream with fewer bytes
/// unread, and whatever the socket reports.
pub async fn arrived(stream: &TcpStream, bytes: usize) -> io::Result<()> {
    let mut room = vec![MaybeUninit::uninit(); bytes];
    loop {
        // Readiness is taken before the look into the buffer: where it says that
        // the peer has ended its stream, the look misses nothing of it.
        let ready = stream.ready(Interest::READABLE).await?;
        let looked = stream.try_io(Interest::READABLE, || {
            let unread = SockRef::from(stream).peek(&mut room)?;
            if unread < bytes {
                // Makes tokio forget that the socket was readable, and wake us
                // when more has come.
                return Err(ErrorKind::WouldBlock.into());
            }
            Ok(())
        });
        match looked {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            done => return done,
        }
        if ready.is_read_closed() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}
