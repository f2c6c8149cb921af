//! Standard output: for long texts, and whether anybody reads it.

use std::io::{Result, Write};

#[cfg(unix)]
use crate::stop::Stop;

/// Prints a text that is styled for a terminal, in one go, and without the styles where it
/// goes elsewhere. Line by line, as it is printed otherwise, a long text takes a call to
/// the system for each line and each style.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    if out.current_choice() == anstream::ColorChoice::Never {
        let plain = anstream::adapter::strip_str(text).to_string();
        let mut out = out.into_inner();
        out.write_all(plain.as_bytes())?;
        return out.flush();
    }
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Asks for an end when nobody reads standard output any more. That is for whoever waits
/// for long and says little: a write would tell, and there is nothing to write. The system
/// is asked by a thread of its own, which ends with the program.
#[cfg(unix)]
#[must_use]
pub fn unread() -> Stop {
    let (stopper, stop) = Stop::pair();
    std::thread::spawn(move || {
        if is_unread_at_last() {
            stopper.stop();
        }
    });
    stop
}

/// Waits until nobody reads standard output any more. Where the system cannot tell, as of
/// a file, this takes for ever, or gives no.
#[cfg(unix)]
fn is_unread_at_last() -> bool {
    use nix::{
        errno::Errno,
        poll::{PollFd, PollFlags, PollTimeout, poll},
    };
    use std::os::fd::AsFd;

    let stdout = std::io::stdout();
    // That it is in order is not asked for; an error is told of without being asked for.
    let mut asked = [PollFd::new(stdout.as_fd(), PollFlags::empty())];
    loop {
        match poll(&mut asked, PollTimeout::NONE) {
            Ok(_) => {
                let told = asked[0].revents().unwrap_or(PollFlags::empty());
                return told.intersects(PollFlags::POLLERR | PollFlags::POLLHUP);
            }
            Err(Errno::EINTR) => {}
            Err(_) => return false,
        }
    }
}
