//! The init's process, as its parent holds it.

use std::{
    ffi::c_int,
    io,
    mem::{self, ManuallyDrop, MaybeUninit},
    ptr, thread,
};

use super::{
    call::clone,
    init, kill,
    plan::{Ends, INIT_STACK, PROGRAM_STACK, Plan, Work},
};

/// A running init.
///
/// It shares this process's memory, so that what was set aside for it stays until it
/// has ended. Dropping this does not end it: closing its control does.
pub(crate) struct Process {
    /// Nobody else's as long as the init was not reaped, which only this does.
    pid: c_int,
    /// Dropped once the init was reaped, and not before.
    memory: ManuallyDrop<Memory>,
    end: Option<End>,
}

/// How an init ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// When nobody was left.
    InTime,
    /// It was killed.
    Killed,
}

/// What an init lives in: by pointers, since it is the init's until it has ended.
struct Memory {
    work: *mut Work,
    /// Of a type that lies at multiples of 16 bytes, as stacks have to.
    stacks: *mut [MaybeUninit<u128>],
}

// SAFETY: it owns what its pointers lead to, and that belongs to no thread.
unsafe impl Send for Memory {}
// SAFETY: shared, it gives access to nothing.
unsafe impl Sync for Memory {}

impl Process {
    /// Starts an init.
    ///
    /// # Errors
    ///
    /// Those of clone(2).
    pub(crate) fn start(plan: Plan, ends: Ends) -> io::Result<Self> {
        let memory = Memory::new(plan, &ends);
        let result = without_signals(|| {
            // SAFETY: work and stack are kept until the init was reaped, and the init
            // keeps to the rules of its module.
            unsafe {
                let flags = (*memory.work).plan.flags();
                clone(flags, memory.init_stack(), init::main, memory.work)
            }
        });
        // The init has copies of them: who else holds one keeps the program's pipe open.
        drop(ends);
        Ok(Self {
            pid: result.map_err(io::Error::from_raw_os_error)?,
            memory: ManuallyDrop::new(memory),
            end: None,
        })
    }

    /// Lets an init go on that was stopped, by a program that would rather not be ended.
    pub(crate) fn resume(&self) {
        if self.end.is_none() {
            kill(self.pid, libc::SIGCONT);
        }
    }

    /// Waits until the init has ended, and reaps it.
    pub(crate) fn wait(&mut self) -> End {
        // Nobody can have reaped it before us: that is all that could fail.
        self.reap(0).unwrap_or(End::Killed)
    }

    /// Reaps the init if it has ended.
    pub(crate) fn try_wait(&mut self) -> Option<End> {
        self.reap(libc::WNOHANG)
    }

    fn reap(&mut self, flags: c_int) -> Option<End> {
        if self.end.is_none()
            && let Some(end) = wait(self.pid, flags)
        {
            self.end = Some(end);
            // SAFETY: the init is no more, and this is done only once.
            unsafe { ManuallyDrop::drop(&mut self.memory) }
        }
        self.end
    }
}

impl Memory {
    fn new(plan: Plan, ends: &Ends) -> Self {
        let stacks = Box::new_uninit_slice((PROGRAM_STACK + INIT_STACK) / size_of::<u128>());
        let stacks = Box::into_raw(stacks);
        let work = Work {
            plan,
            ends: ends.numbers(),
            // SAFETY: the end of the lower stack lies within the memory of both.
            program_stack: unsafe { stacks.cast::<u8>().add(PROGRAM_STACK) },
        };
        Self {
            work: Box::into_raw(Box::new(work)),
            stacks,
        }
    }

    /// The upper end of the init's stack, where it begins.
    fn init_stack(&self) -> *mut u8 {
        // SAFETY: that is the end of the memory.
        unsafe { self.stacks.cast::<u8>().add(PROGRAM_STACK + INIT_STACK) }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: both came out of a box, and the init, the only other one to use them,
        // has ended or was never started.
        unsafe {
            drop(Box::from_raw(self.work));
            drop(Box::from_raw(self.stacks));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.try_wait().is_some() {
            return;
        }
        // It will end soon. Until then its memory has to stay, and then nobody but us
        // can reap it. Where that cannot be arranged, the memory stays for ever.
        let pid = self.pid;
        // SAFETY: nobody takes it again: this is the end of `self`.
        let memory = unsafe { ManuallyDrop::take(&mut self.memory) };
        let mut memory = ManuallyDrop::new(memory);
        let reaper = thread::Builder::new().name("reaper".into());
        let _ = reaper.spawn(move || {
            if wait(pid, 0).is_some() {
                // SAFETY: the init is no more, and this is done only once.
                unsafe { ManuallyDrop::drop(&mut memory) }
            }
        });
    }
}

/// Waits for a process as `flags` say, and reaps it; None if it has not ended.
fn wait(pid: c_int, flags: c_int) -> Option<End> {
    let pid = pid.cast_unsigned();
    let flags = libc::WEXITED | libc::__WALL | flags;
    loop {
        // SAFETY: a siginfo of zeros is a valid one.
        let mut info: libc::siginfo_t = unsafe { mem::zeroed() };
        // SAFETY: there is room for the answer.
        let result = unsafe { libc::waitid(libc::P_PID, pid, &raw mut info, flags) };
        // SAFETY: waitid has filled it in, or left the zeros of nobody.
        let who = unsafe { info.si_pid() };
        match (result, who, info.si_code) {
            (0, 0, _) => return None,
            (0, _, libc::CLD_EXITED) => return Some(End::InTime),
            (0, _, _) => return Some(End::Killed),
            _ if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            _ => return None,
        }
    }
}

/// Calls `act` while this thread takes no signal: a process made meanwhile has them
/// blocked, and runs no handler of ours.
fn without_signals<T>(act: impl FnOnce() -> T) -> T {
    // SAFETY: both sets live through the calls; sigfillset fills the first, and the
    // first call the second.
    unsafe {
        let mut all: libc::sigset_t = mem::zeroed();
        let mut before: libc::sigset_t = mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        let result = act();
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
        result
    }
}
