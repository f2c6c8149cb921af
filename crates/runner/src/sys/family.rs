//! An init's long part: the program and everything it started, reaped and ended.

use std::ffi::c_int;

use super::{
    call::call,
    kernel::{
        CONTROL, SIGNALS, address_mut, close, for_each_child, kill, reap, receive_byte, tell,
    },
    protocol::{Message, Request},
};

/// Reaps what ends and does what it is asked, until nothing is left.
pub(super) fn watch(program: c_int, is_alone: bool) {
    // The program's streams are the program's alone.
    for fd in 0..CONTROL {
        close(fd);
    }
    let mut family = Family {
        program: Some(program),
        is_alone,
        is_killed: false,
    };
    let mut control = CONTROL;
    loop {
        wait_for(control);
        if control >= 0 && !family.answer(control) {
            // The parent is no more, or wants no more of this.
            control = -1;
            family.kill();
        }
        if !family.reap() {
            return;
        }
    }
}

/// The program and everything it started.
struct Family {
    /// None once it has ended, and its number may be another's.
    program: Option<c_int>,
    /// Nobody else is in its PID namespace.
    is_alone: bool,
    is_killed: bool,
}

impl Family {
    /// Does what the parent asks, if it does; false if there is no parent.
    fn answer(&mut self, control: c_int) -> bool {
        match (receive_byte(control, libc::MSG_DONTWAIT), self.program) {
            (Ok(None), _) => return false,
            (Err(error), _) => return error == libc::EAGAIN || error == libc::EINTR,
            (Ok(Some(byte)), program) => match (byte, program) {
                // Who has ended in time was not killed, though nobody has seen it yet.
                (Request::KILL, _) => {
                    if self.reap() {
                        tell(Message::Left);
                        self.kill();
                    }
                }
                // It has ended: there is nobody to be signalled.
                (_, None) => {}
                (Request::TERMINATE, Some(program)) => kill(-program, libc::SIGTERM),
                (signal, Some(program)) => kill(program, signal.into()),
            },
        }
        true
    }

    fn kill(&mut self) {
        self.is_killed = true;
        if self.is_alone {
            // In its namespace that is everybody but the init.
            return kill(-1, libc::SIGKILL);
        }
        if let Some(program) = self.program {
            kill(-program, libc::SIGKILL);
        }
        // Their children are orphans then, become the init's, and are killed in turn.
        for_each_child(|child| kill(child, libc::SIGKILL));
    }

    /// Takes note of everybody who has ended; false if nobody is left.
    fn reap(&mut self) -> bool {
        let mut reaped = false;
        loop {
            match reap() {
                Err(_) => return false,
                Ok(None) => break,
                Ok(Some((child, status))) => {
                    reaped = true;
                    if self.program == Some(child) {
                        self.program = None;
                        tell(Message::Ended(status));
                    }
                }
            }
        }
        if reaped && self.is_killed {
            self.kill();
        }
        true
    }
}

/// Waits until a child has ended, or there is something on the control.
pub(super) fn wait_for(control: c_int) {
    let mut files = [control, SIGNALS].map(|fd| libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    });
    let mut siginfo = [0_u8; 128];
    // SAFETY: two entries are said to be there, and a siginfo has 128 bytes, see
    // signalfd(2). All failures are spurious: the caller looks for itself.
    unsafe {
        let _ = call(libc::SYS_ppoll, [address_mut(&mut files), 2, 0, 0, 8]);
        let _ = call(
            libc::SYS_read,
            [SIGNALS as usize, address_mut(&mut siginfo), siginfo.len()],
        );
    }
}
