//! The system calls of an init, by their names. They give an error's number, and where
//! nothing can be done about a failure, nothing.

use std::{
    ffi::{CStr, c_int, c_long},
    os::fd::RawFd,
    ptr,
};

use super::{call::call, protocol::Message};

/// Where the init finds what it needs, once it has closed everything else.
pub(super) const CONTROL: c_int = 3;
pub(super) const SIGNALS: c_int = 4;

/// A child that has ended, and how; none, if all of them live on. An error, if there
/// are no children.
pub(super) fn reap() -> Result<Option<(c_int, c_int)>, c_int> {
    let mut status: c_int = 0;
    let any = -1_isize;
    let flags = libc::WNOHANG | libc::__WALL;
    // SAFETY: there is room for the status.
    let child = unsafe {
        call(
            libc::SYS_wait4,
            [
                any.cast_unsigned(),
                address_mut(&mut status),
                flags as usize,
                0,
            ],
        )
    }?;
    Ok((child != 0).then_some((child as c_int, status)))
}

/// Calls `act` with each child's number, as far as /proc tells them.
pub(super) fn for_each_child(act: impl Fn(c_int)) {
    let Ok(file) = open(c"/proc/thread-self/children", libc::O_RDONLY) else {
        return;
    };
    let mut text = [0_u8; 512];
    let mut number: c_int = 0;
    loop {
        // SAFETY: there is room for as many bytes as are asked for.
        let read = unsafe {
            call(
                libc::SYS_read,
                [file as usize, address_mut(&mut text), text.len()],
            )
        };
        let Ok(read @ 1..) = read else { break };
        for &byte in text.iter().take(read) {
            if byte.is_ascii_digit() {
                number = number.wrapping_mul(10).wrapping_add((byte - b'0').into());
            } else if number > 0 {
                act(number);
                number = 0;
            }
        }
    }
    if number > 0 {
        act(number);
    }
    close(file);
}

/// Receives the next byte; none if there will be no more.
pub(super) fn receive_byte(socket: c_int, flags: c_int) -> Result<Option<u8>, c_int> {
    let mut byte = 0_u8;
    let at = address_mut(&mut byte);
    // SAFETY: there is room for the one byte that is asked for.
    let received = unsafe {
        call(
            libc::SYS_recvfrom,
            [socket as usize, at, 1, flags as usize, 0, 0],
        )
    }?;
    Ok((received > 0).then_some(byte))
}

/// Tells the parent something. If it is no more, the next request will say so.
pub(super) fn tell(message: Message) {
    let bytes = message.to_bytes();
    let flags = libc::MSG_NOSIGNAL as usize;
    // SAFETY: the bytes live through the call.
    let _ = unsafe {
        call(
            libc::SYS_sendto,
            [CONTROL as usize, address(&bytes), bytes.len(), flags, 0, 0],
        )
    };
}

pub(super) fn kill(pid: c_int, signal: c_int) {
    // Who is already gone needs no signal.
    let _ = syscall(libc::SYS_kill, [pid as isize as usize, signal as usize]);
}

pub(super) fn write_file(path: &CStr, text: &CStr) -> Result<(), c_int> {
    let file = open(path, libc::O_WRONLY)?;
    let text = text.to_bytes();
    // SAFETY: the text lives through the call.
    let result = unsafe {
        call(
            libc::SYS_write,
            [file as usize, text.as_ptr() as usize, text.len()],
        )
    };
    close(file);
    result.map(drop)
}

pub(super) fn open(path: &CStr, flags: c_int) -> Result<c_int, c_int> {
    let flags = flags | libc::O_CLOEXEC;
    // SAFETY: the path lives through the call.
    let file = unsafe {
        call(
            libc::SYS_openat,
            [
                libc::AT_FDCWD as isize as usize,
                address_of(path),
                flags as usize,
                0,
            ],
        )
    }?;
    Ok(file as c_int)
}

/// Makes `to` a copy of `from`, another one.
pub(super) fn dup(from: RawFd, to: RawFd) -> Result<(), c_int> {
    let flags = if to == CONTROL { libc::O_CLOEXEC } else { 0 };
    syscall(libc::SYS_dup3, [from as usize, to as usize, flags as usize]).map(drop)
}

/// Closes everything from `first` on.
pub(super) fn close_from(first: c_int) {
    let last = u32::MAX as usize;
    if syscall(libc::SYS_close_range, [first as usize, last, 0]).is_ok() {
        return;
    }
    // Before Linux 5.9, or where it is forbidden: as far as anybody gets.
    for fd in first..4096 {
        close(fd);
    }
}

pub(super) fn close(fd: c_int) {
    let _ = syscall(libc::SYS_close, [fd as usize]);
}

pub(super) fn exit(code: usize) -> ! {
    loop {
        let _ = syscall(libc::SYS_exit_group, [code]);
    }
}

/// A call that gets numbers only.
pub(super) fn syscall<const N: usize>(number: c_long, args: [usize; N]) -> Result<usize, c_int> {
    // SAFETY: no argument is a pointer, so that the kernel touches no memory.
    unsafe { call(number, args) }
}

pub(super) fn address<T>(value: &T) -> usize {
    ptr::from_ref(value) as usize
}

pub(super) fn address_mut<T>(value: &mut T) -> usize {
    ptr::from_mut(value) as usize
}

pub(super) fn address_of(string: &CStr) -> usize {
    string.as_ptr() as usize
}
