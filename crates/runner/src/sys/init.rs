//! The tiny init above a program: the process that starts it, reaps everything it
//! leaves behind, and ends all of it when told to, or when its parent is no more.
//!
//! It is a process because only a process can be what these things need: number 1
//! of a PID namespace, or the one to whom orphans fall. The program is not itself
//! number 1, which would ignore SIGTERM and survive abort(3) with the wrong signal.
//!
//! The code here runs in the parent's memory, as after vfork(2), beside the parent's
//! threads: it makes system calls through [`call`], allocates nothing, never
//! panics, and writes to nothing but its stack and its [`Plan`].

use std::{ffi::c_int, os::fd::RawFd, sync::atomic::Ordering};

use super::{
    call::{call, clone},
    family::watch,
    kernel::{
        CONTROL, SIGNALS, address, address_of, close, close_from, dup, exit, open, reap, syscall,
        tell, write_file,
    },
    plan::{Command, Namespace, Work},
    protocol::{Message, Step},
    tap,
};
use crate::tree::Notice;

/// The init's body.
pub(super) extern "C" fn main(work: &Work) -> ! {
    match start(work) {
        Ok(None) => tell(Message::Started),
        Err((step, error)) => tell(Message::Failed(step, error)),
        Ok(Some(program)) => {
            if work.plan.notice == Notice::OfStart {
                tell(Message::Started);
            }
            watch(program, work.plan.namespace.is_some());
        }
    }
    exit(0)
}

type Failure = (Step, c_int);

/// Prepares everything and starts the program, if there is one; says its id.
fn start(work: &Work) -> Result<Option<c_int>, Failure> {
    let plan = &work.plan;
    heed(plan.caller.ignored);
    files(work.ends).map_err(|error| (Step::Files, error))?;
    leave(plan.caller.has_terminal).map_err(|error| (Step::Group, error))?;
    match &plan.namespace {
        Some(namespace) => {
            limit_processes(namespace);
            users(namespace).map_err(|error| (Step::Users, error))?;
            loopback().map_err(|error| (Step::Loopback, error))?;
            if let Some(tap) = &plan.tap {
                listen(tap).map_err(|error| (Step::Tap, error))?;
                if plan.command.is_some() && !tap::may_start() {
                    exit(0);
                }
            }
        }
        None => adopt_orphans().map_err(|error| (Step::Orphans, error))?,
    }
    match &plan.command {
        Some(command) => spawn(command, work.program_stack).map(Some),
        None => Ok(None),
    }
}

/// Keeps the program's three streams, the control and the coming signals, and
/// nothing else: whoever holds a copy of somebody's pipe keeps it open.
fn files([stdout, stderr, control]: [RawFd; 3]) -> Result<(), c_int> {
    // Opened for this program alone: locks and flags of a file that is shared would reach
    // the next one.
    dup(open(c"/dev/null", libc::O_RDONLY)?, 0)?;
    dup(stdout, 1)?;
    dup(stderr, 2)?;
    if control != CONTROL {
        dup(control, CONTROL)?;
    }
    close_from(SIGNALS);
    let child = 1_u64 << (libc::SIGCHLD - 1);
    let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
    let new = -1_isize;
    // SAFETY: the mask lives through the call, and has the 8 bytes that it is said to.
    unsafe {
        call(
            libc::SYS_signalfd4,
            [new.cast_unsigned(), address(&child), 8, flags as usize],
        )?;
    }
    Ok(())
}

/// Leaves the caller's group and its terminal, whose signals are not meant for the
/// program, and at which it could wait for somebody to type.
fn leave(has_terminal: bool) -> Result<(), c_int> {
    // To lead a session would do both, but each session is scheduled by itself, and to
    // set that up costs more than all of this.
    syscall(libc::SYS_setpgid, [0, 0])?;
    if has_terminal && let Ok(terminal) = open(c"/dev/tty", libc::O_RDONLY | libc::O_NOCTTY) {
        let _ = syscall(
            libc::SYS_ioctl,
            [terminal as usize, libc::TIOCNOTTY as usize, 0],
        );
        close(terminal);
    }
    Ok(())
}

/// Gives the signals of this mask their default action. What the caller ignores the
/// program would ignore, too; what it handles would be forgotten anyway.
fn heed(ignored: u64) {
    // A kernel's sigaction of zeros: the default action, no flags, an empty mask.
    let default = [0_usize; 8];
    for signal in (1..=64_usize).filter(|signal| ignored >> (signal - 1) & 1 == 1) {
        // SAFETY: the action is longer than the kernel reads. SIGKILL and SIGSTOP
        // cannot be set, which is as well.
        let _ = unsafe {
            call(
                libc::SYS_rt_sigaction,
                [signal, address(&default), 0, size_of::<u64>()],
            )
        };
    }
}

/// Maps the caller's user and group to themselves, where that is needed.
fn users(namespace: &Namespace) -> Result<(), c_int> {
    let Some([user, group]) = &namespace.maps else {
        return Ok(());
    };
    write_file(c"/proc/self/uid_map", user)?;
    // Who may drop groups might gain by it: without this a group cannot be mapped.
    write_file(c"/proc/self/setgroups", c"deny")?;
    write_file(c"/proc/self/gid_map", group)
}

/// Bounds how many processes there may be. Where that fails, a lower bound holds.
fn limit_processes(namespace: &Namespace) {
    let Some(processes) = namespace.processes else {
        return;
    };
    let limits = [processes; 2];
    // SAFETY: the limits live through the call, and have the size that the kernel expects.
    let _ = unsafe {
        call(
            libc::SYS_prlimit64,
            [0, libc::RLIMIT_NPROC as usize, address(&limits), 0],
        )
    };
}

/// Brings the loopback up, which is there in every network namespace, but down.
fn loopback() -> Result<(), c_int> {
    /// As in netdevice(7): the name, the flags, and padding to its 40 bytes.
    #[repr(C)]
    struct Request {
        name: [u8; libc::IFNAMSIZ],
        flags: i16,
        padding: [u8; 22],
    }
    let mut request = Request {
        name: [0; libc::IFNAMSIZ],
        flags: libc::IFF_UP as i16,
        padding: [0; 22],
    };
    request.name = *b"lo\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    // Any socket of this namespace will do, and this kind is made the soonest.
    let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC;
    let socket = syscall(libc::SYS_socket, [libc::AF_UNIX as usize, kind as usize, 0])?;
    // SAFETY: the request lives through the call.
    let result = unsafe {
        call(
            libc::SYS_ioctl,
            [socket, libc::SIOCSIFFLAGS as usize, address(&request)],
        )
    };
    close(socket as c_int);
    result.map(drop)
}

/// Opens the tap, and hands it to the parent.
fn listen(tap: &tap::Tap) -> Result<(), c_int> {
    tap::hand_over(tap::open(tap)?)
}

/// Whatever the program leaves behind becomes the init's child. In a PID namespace
/// that goes without saying.
fn adopt_orphans() -> Result<(), c_int> {
    syscall(
        libc::SYS_prctl,
        [libc::PR_SET_CHILD_SUBREAPER as usize, 1, 0, 0, 0],
    )
    .map(drop)
}

/// Starts the program; says its id.
fn spawn(command: &Command, stack: *mut u8) -> Result<c_int, Failure> {
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    // SAFETY: the stack is set aside for this. The init is suspended until the program
    // has left this memory, and the body keeps to the rules of this module.
    let program =
        unsafe { clone(flags, stack, execute, command) }.map_err(|error| (Step::Fork, error))?;
    let [step, error] = command.failed.each_ref();
    if let Some(step) = Step::from_number(step.load(Ordering::Relaxed)) {
        let _ = reap();
        return Err((step, error.load(Ordering::Relaxed)));
    }
    Ok(program)
}

/// The program's body, up to where it becomes the program.
extern "C" fn execute(command: &Command) -> ! {
    let (step, error) = become_program(command);
    let [failed_step, failed_error] = command.failed.each_ref();
    failed_error.store(error, Ordering::Relaxed);
    failed_step.store(step as i32, Ordering::Relaxed);
    exit(127)
}

fn become_program(command: &Command) -> Failure {
    // A group of its own, to be signalled with it.
    let _ = syscall(libc::SYS_setpgid, [0, 0]);
    // No core files in the folder of a lesson; where that fails, there is one.
    let none = [0_u64; 2];
    let empty = 0_u64;
    let set = libc::SIG_SETMASK as usize;
    // SAFETY: limits and mask live through their calls, and have the sizes that the
    // kernel expects.
    unsafe {
        let _ = call(
            libc::SYS_prlimit64,
            [0, libc::RLIMIT_CORE as usize, address(&none), 0],
        );
        let _ = call(libc::SYS_rt_sigprocmask, [set, address(&empty), 0, 8]);
    }
    // SAFETY: the string lives through the call.
    if let Err(error) = unsafe { call(libc::SYS_chdir, [address_of(&command.dir)]) } {
        return (Step::Dir, error);
    }
    let (args, env) = (&command.args.pointers, &command.env.pointers);
    // SAFETY: both arrays end with a null pointer, and their strings with a zero.
    let result = unsafe {
        call(
            libc::SYS_execve,
            [
                address_of(&command.file),
                args.as_ptr() as usize,
                env.as_ptr() as usize,
            ],
        )
    };
    // It comes back only where it failed.
    (Step::Exec, result.err().unwrap_or(libc::EIO))
}
