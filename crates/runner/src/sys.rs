//! What the standard library has no safe name for. All `unsafe` code of this
//! workspace is in here.

#![expect(
    unsafe_code,
    reason = "signals to process groups, processes in namespaces of their own and rings of \
              packets have no safe interface in the standard library"
)]
#![cfg_attr(
    target_os = "linux",
    expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        clippy::cast_sign_loss,
        reason = "whatever its type, a system call's argument is a register"
    )
)]

#[cfg(target_os = "linux")]
use std::{
    io,
    os::fd::{AsRawFd as _, BorrowedFd},
};

#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod family;
#[cfg(target_os = "linux")]
mod init;
#[cfg(target_os = "linux")]
mod kernel;
#[cfg(target_os = "linux")]
mod plan;
#[cfg(target_os = "linux")]
mod process;
#[cfg(target_os = "linux")]
mod protocol;
#[cfg(target_os = "linux")]
mod ring;
#[cfg(target_os = "linux")]
mod tap;

#[cfg(target_os = "linux")]
pub(crate) use {
    plan::{Caller, Command, Ends, Namespace, Plan},
    process::{End, Process},
    protocol::{Message, Request, Step},
    ring::{Ring, Sockets, receive},
    tap::{Geometry, Tap},
};

/// Sends a signal as kill(2) does: to a process, or to the group `-pid`. Says
/// whether there was somebody to send it to; signal 0 only asks.
pub(crate) fn kill(pid: i32, signal: i32) -> bool {
    // SAFETY: kill(2) takes two numbers and touches no memory of ours.
    unsafe { libc::kill(pid, signal) == 0 }
}

/// Lets nobody wait who reads from a pipe in which there is nothing.
///
/// # Errors
///
/// Those of fcntl(2).
#[cfg(target_os = "linux")]
pub(crate) fn unblock(pipe: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: the call takes numbers only. A pipe has no other flags to be kept.
    let result = unsafe { libc::fcntl(pipe.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Sends bytes over a socket, without waiting for room; says how many it was.
///
/// # Errors
///
/// Those of send(2); nobody at the other end is one, and no signal.
#[cfg(target_os = "linux")]
pub(crate) fn send(socket: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: the bytes live through the call.
    let sent = unsafe {
        libc::send(
            socket.as_raw_fd(),
            bytes.as_ptr().cast(),
            bytes.len(),
            flags,
        )
    };
    usize::try_from(sent).map_err(|_| io::Error::last_os_error())
}

/// The effective user and group of this process.
#[cfg(target_os = "linux")]
pub(crate) fn user_and_group() -> [u32; 2] {
    // SAFETY: both only tell a number.
    unsafe { [libc::geteuid(), libc::getegid()] }
}
