//! An output of a program, as this process reads it.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    net::unix::pipe::Receiver,
};

use crate::sys;

/// An output of a program.
///
/// The runtime is asked to watch it when it is read and there is nothing to be read. So a
/// program that is over by then costs no watching, which takes several system calls, and
/// wakes this process for each thing that the program prints.
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
        match self.file.read(buffer.initialize_unfilled()) {
            Ok(read) => {
                buffer.advance(read);
                return Poll::Ready(Ok(()));
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
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
