//! What an init and its parent say to each other, over a socket that both hold.

use std::ffi::c_int;

use crate::Signal;

/// What an init tells its parent, in 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// The program was started; without one, everything is ready for it.
    Started,
    /// A step failed, with this error number. Nothing was started.
    Failed(Step, c_int),
    /// The program has ended, with this status of wait(2).
    Ended(c_int),
    /// When everything was to be killed, there was somebody.
    Left,
    /// Everything is ready for the program, which waits for [`Request::Go`]. The tap's
    /// sockets come with it.
    Ready,
}

/// What an init does before its program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Step {
    Files = 1,
    Group,
    Users,
    Loopback,
    Tap,
    Orphans,
    Fork,
    Dir,
    Exec,
}

impl Message {
    /// Its size in bytes.
    pub(crate) const SIZE: usize = 8;
    const STARTED: i32 = 100;
    const ENDED: i32 = 101;
    const LEFT: i32 = 102;
    const READY: i32 = 103;

    pub(super) fn to_bytes(self) -> [u8; Self::SIZE] {
        let (kind, value) = match self {
            Self::Started => (Self::STARTED, 0),
            Self::Failed(step, error) => (step as i32, error),
            Self::Ended(status) => (Self::ENDED, status),
            Self::Left => (Self::LEFT, 0),
            Self::Ready => (Self::READY, 0),
        };
        (u64::from(kind.cast_unsigned()) << 32 | u64::from(value.cast_unsigned())).to_ne_bytes()
    }

    /// The message in these bytes, if it is one.
    pub(crate) fn from_bytes(bytes: [u8; Self::SIZE]) -> Option<Self> {
        let bits = u64::from_ne_bytes(bytes);
        let (kind, value) = ((bits >> 32) as i32, bits as i32);
        match kind {
            Self::STARTED => Some(Self::Started),
            Self::ENDED => Some(Self::Ended(value)),
            Self::LEFT => Some(Self::Left),
            Self::READY => Some(Self::Ready),
            _ => Step::from_number(kind).map(|step| Self::Failed(step, value)),
        }
    }
}

impl Step {
    const ALL: [Self; 9] = [
        Self::Files,
        Self::Group,
        Self::Users,
        Self::Loopback,
        Self::Tap,
        Self::Orphans,
        Self::Fork,
        Self::Dir,
        Self::Exec,
    ];

    /// What is done in this step.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Files => "take over the streams",
            Self::Group => "leave the group",
            Self::Users => "map the user to itself",
            Self::Loopback => "bring the loopback up",
            Self::Tap => "open a packet socket",
            Self::Orphans => "adopt orphans",
            Self::Fork => "fork",
            Self::Dir => "enter the folder",
            Self::Exec => "execute",
        }
    }

    pub(super) fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|&step| step as i32 == number)
    }
}

/// What a parent asks of an init, in one byte. When the parent is no more, that is a
/// request to kill everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Send the program a signal.
    Signal(Signal),
    /// Send the program's process group SIGTERM.
    Terminate,
    /// Kill everything.
    Kill,
    /// Start the program; only after [`Message::Ready`].
    Go,
}

impl Request {
    pub(super) const TERMINATE: u8 = 0xf0;
    pub(super) const KILL: u8 = 0xf1;
    pub(super) const GO: u8 = 0xf2;

    pub(crate) fn to_byte(self) -> u8 {
        match self {
            // A signal is its number, of which the largest is 64.
            Self::Signal(signal) => signal.number() as u8,
            Self::Terminate => Self::TERMINATE,
            Self::Kill => Self::KILL,
            Self::Go => Self::GO,
        }
    }
}
