//! An output of a program, as this process reads it.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    net::unix::pipe::Receiver,
    task::coop::poll_proceed,
};

use crate::sys;

/// An output of a program.
///
/// The runtime watches it from when it is read and there is nothing to be read. Watching takes
/// several system calls, and wakes this process for each thing that the program prints: who
/// reads when the program is over is spared that.
pub(crate) struct Pipe {
    file: File,
    /// A copy of the file, for the runtime to watch.
    watched: Option<Receiver>,
}

impl Pipe {
    /// Takes the end of a pipe from which is read.
    pub(super) fn new(end: impl Into<OwnedFd>) -> io::Result<Self> {
        let file = File::from(end.into());
        sys::unblock(file.as_fd())?;
        Ok(Self {
            file,
            watched: None,
        })
    }

    fn watch(&self) -> io::Result<Receiver> {
        Receiver::from_owned_fd_unchecked(self.file.try_clone()?.into())
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(watched) = &mut self.watched {
            return Pin::new(watched).poll_read(context, buffer);
        }
        // Where there always is something, others have to get their turns all the same.
        let turn = ready!(poll_proceed(context));
        match self.file.read(buffer.initialize_unfilled()) {
            Ok(read) => {
                turn.made_progress();
                buffer.advance(read);
                return Poll::Ready(Ok(()));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => drop(turn),
            Err(error) => return Poll::Ready(Err(error)),
        }
        let Ok(watched) = self.watch() else {
            // The system watches no more files, for now: the runtime has to come back.
            context.waker().wake_by_ref();
            return Poll::Pending;
        };
        Pin::new(self.watched.insert(watched)).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use tokio::io::AsyncReadExt;

    use super::*;

    #[tokio::test]
    async fn who_reads_what_never_ends_lets_others_have_their_turns() {
        let mut endless = Pipe::new(File::open("/dev/zero").unwrap()).unwrap();
        let had_a_turn = Arc::new(AtomicBool::new(false));
        let other = Arc::clone(&had_a_turn);
        let other = tokio::spawn(async move { other.store(true, Ordering::Relaxed) });
        let mut buffer = [0; 16];
        for _ in 0..10_000 {
            endless.read_exact(&mut buffer).await.unwrap();
        }
        assert!(had_a_turn.load(Ordering::Relaxed));
        other.await.unwrap();
    }
}
