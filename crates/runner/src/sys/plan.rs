//! What an init is to do, laid out by its parent beforehand: an init cannot allocate.

use std::{
    ffi::{CString, c_char, c_int},
    os::fd::{AsRawFd, OwnedFd, RawFd},
    ptr,
    sync::atomic::AtomicI32,
};

use super::{call::IS_DIRECT, tap::Tap};
use crate::tree::Notice;

/// What an init is to do.
pub(crate) struct Plan {
    /// The program; without one, the init only tries its namespace.
    pub(crate) command: Option<Command>,
    /// Where the program is to be alone.
    pub(crate) namespace: Option<Namespace>,
    /// What of its packets is to be kept. With a tap, the program waits for
    /// [`Request::Go`](super::Request::Go).
    pub(crate) tap: Option<Tap>,
    /// What the program should not have of its caller.
    pub(crate) caller: Caller,
    /// What the init is to tell.
    pub(crate) notice: Notice,
}

/// What of the caller an init would hand down, and does not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    /// The signals that it ignores: signal n is bit n - 1.
    pub(crate) ignored: u64,
    /// It has a terminal.
    pub(crate) has_terminal: bool,
}

/// The ends that an init gets; the parent closes its own copies.
pub(crate) struct Ends {
    /// Where the program prints.
    pub(crate) stdout: OwnedFd,
    /// Where the program complains.
    pub(crate) stderr: OwnedFd,
    /// A socket for messages and requests.
    pub(crate) control: OwnedFd,
}

/// A program as execve(2) wants it.
pub(crate) struct Command {
    pub(super) file: CString,
    pub(super) dir: CString,
    pub(super) args: Strings,
    pub(super) env: Strings,
    /// Why the program could not be executed: the step, and the error's number.
    pub(super) failed: [AtomicI32; 2],
}

impl Command {
    pub(crate) fn new(file: CString, dir: CString, args: Vec<CString>, env: Vec<CString>) -> Self {
        Self {
            file,
            dir,
            args: Strings::new(args),
            env: Strings::new(env),
            failed: Default::default(),
        }
    }
}

/// Strings, and the array of pointers to them that ends with a null pointer.
pub(super) struct Strings {
    pub(super) pointers: Vec<*const c_char>,
    _owned: Vec<CString>,
}

impl Strings {
    fn new(strings: Vec<CString>) -> Self {
        let pointers = strings.iter().map(|string| string.as_ptr());
        Self {
            pointers: pointers.chain([ptr::null()]).collect(),
            _owned: strings,
        }
    }
}

// SAFETY: the pointers lead to strings that travel with them and never change.
unsafe impl Send for Strings {}
// SAFETY: as above.
unsafe impl Sync for Strings {}

/// A PID and a network namespace, and what it takes to be allowed to have them.
pub(crate) struct Namespace {
    /// What `uid_map` and `gid_map` in /proc/self are to say, where a user namespace is
    /// needed; see `user_namespaces(7)`.
    pub(crate) maps: Option<[CString; 2]>,
    /// How many processes and threads there may be at once, where the system counts
    /// them by namespace.
    pub(crate) processes: Option<u64>,
}

impl Plan {
    /// With what flags the init is cloned. There is no signal among them that its end would
    /// send: so nobody reaps it who waits for just any child, and its number stays its own
    /// until its parent does.
    pub(super) fn flags(&self) -> c_int {
        let memory = if IS_DIRECT { libc::CLONE_VM } else { 0 };
        let namespaces = match &self.namespace {
            None => 0,
            Some(Namespace { maps: None, .. }) => libc::CLONE_NEWPID | libc::CLONE_NEWNET,
            Some(Namespace { maps: Some(_), .. }) => {
                libc::CLONE_NEWUSER | libc::CLONE_NEWPID | libc::CLONE_NEWNET
            }
        };
        memory | namespaces
    }
}

/// A program's share of the memory for stacks, the lower one. An init that waits
/// for its program to be executed is suspended, but has frames of its own above.
pub(super) const PROGRAM_STACK: usize = 16 << 10;
/// The init's share.
pub(super) const INIT_STACK: usize = 32 << 10;

/// What the init works on, and never changes.
pub(super) struct Work {
    pub(super) plan: Plan,
    /// Standard output and error, and the control.
    pub(super) ends: [RawFd; 3],
    /// The upper end of the stack for the program, aligned to 16 bytes.
    pub(super) program_stack: *mut u8,
}

// SAFETY: the stack belongs to the init, whichever thread started it.
unsafe impl Sync for Work {}

impl Ends {
    pub(super) fn numbers(&self) -> [RawFd; 3] {
        [&self.stdout, &self.stderr, &self.control].map(AsRawFd::as_raw_fd)
    }
}
