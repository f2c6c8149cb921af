//! What the standard library has no safe name for. All `unsafe` code of this
//! workspace is in here.

#![expect(
    unsafe_code,
    reason = "signals to process groups, and processes in namespaces of their own, have no safe interface"
)]

/// Sends a signal as kill(2) does: to a process, or to the group `-pid`. Says
/// whether there was somebody to send it to; signal 0 only asks.
#[cfg(unix)]
pub(crate) fn kill(pid: i32, signal: i32) -> bool {
    // SAFETY: kill(2) takes two numbers and touches no memory of ours.
    unsafe { libc::kill(pid, signal) == 0 }
}
