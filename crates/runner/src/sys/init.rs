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

use std::{
    ffi::{CStr, CString, c_char, c_int, c_long},
    os::fd::{AsRawFd, OwnedFd, RawFd},
    ptr,
    sync::atomic::{AtomicI32, Ordering},
};

use super::call::{IS_DIRECT, call, clone};
use crate::Signal;

/// What an init is to do.
pub(crate) struct Plan {
    /// The program; without one, the init only tries its namespace.
    pub(crate) command: Option<Command>,
    /// Where the program is to be alone.
    pub(crate) namespace: Option<Namespace>,
}

/// The ends that an init gets; the parent closes its own copies.
pub(crate) struct Ends {
    /// The program's standard input.
    pub(crate) stdin: OwnedFd,
    /// Where the program prints.
    pub(crate) stdout: OwnedFd,
    /// Where the program complains.
    pub(crate) stderr: OwnedFd,
    /// A socket for messages and requests.
    pub(crate) control: OwnedFd,
}

/// A program as execve(2) wants it.
pub(crate) struct Command {
    file: CString,
    dir: CString,
    args: Strings,
    env: Strings,
    /// Why the program could not be executed: the step, and the error's number.
    failed: [AtomicI32; 2],
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
struct Strings {
    pointers: Vec<*const c_char>,
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
    /// With what flags the init is cloned.
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
}

/// What an init does before its program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Step {
    Files = 1,
    Users,
    Loopback,
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

    fn to_bytes(self) -> [u8; Self::SIZE] {
        let (kind, value) = match self {
            Self::Started => (Self::STARTED, 0),
            Self::Failed(step, error) => (step as i32, error),
            Self::Ended(status) => (Self::ENDED, status),
            Self::Left => (Self::LEFT, 0),
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
            _ => Step::from_number(kind).map(|step| Self::Failed(step, value)),
        }
    }
}

impl Step {
    const ALL: [Self; 7] = [
        Self::Files,
        Self::Users,
        Self::Loopback,
        Self::Orphans,
        Self::Fork,
        Self::Dir,
        Self::Exec,
    ];

    /// What is done in this step.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Files => "take over the streams",
            Self::Users => "map the user to itself",
            Self::Loopback => "bring the loopback up",
            Self::Orphans => "adopt orphans",
            Self::Fork => "fork",
            Self::Dir => "enter the folder",
            Self::Exec => "execute",
        }
    }

    fn from_number(number: i32) -> Option<Self> {
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
}

impl Request {
    const TERMINATE: u8 = 0xf0;
    const KILL: u8 = 0xf1;

    pub(crate) fn to_byte(self) -> u8 {
        match self {
            // A signal is its number, of which the largest is 64.
            Self::Signal(signal) => signal.number() as u8,
            Self::Terminate => Self::TERMINATE,
            Self::Kill => Self::KILL,
        }
    }
}

/// Where the init finds what it needs, once it has closed everything else.
const CONTROL: c_int = 3;
const SIGNALS: c_int = 4;

/// A program's share of the memory for stacks, the lower one. An init that waits
/// for its program to be executed is suspended, but has frames of its own above.
pub(super) const PROGRAM_STACK: usize = 16 << 10;
/// The init's share.
pub(super) const INIT_STACK: usize = 32 << 10;

/// What the init works on, and never changes.
pub(super) struct Work {
    pub(super) plan: Plan,
    /// Standard input, output and error, and the control.
    pub(super) ends: [RawFd; 4],
    /// The upper end of the stack for the program, aligned to 16 bytes.
    pub(super) program_stack: *mut u8,
}

// SAFETY: the stack belongs to the init, whichever thread started it.
unsafe impl Sync for Work {}

impl Ends {
    pub(super) fn numbers(&self) -> [RawFd; 4] {
        [&self.stdin, &self.stdout, &self.stderr, &self.control].map(AsRawFd::as_raw_fd)
    }
}

/// The init's body.
pub(super) extern "C" fn main(work: &Work) -> ! {
    match start(work) {
        Ok(None) => tell(Message::Started),
        Err((step, error)) => tell(Message::Failed(step, error)),
        Ok(Some(program)) => {
            tell(Message::Started);
            watch(program, work.plan.namespace.is_some());
        }
    }
    exit(0)
}

type Failure = (Step, c_int);

/// Prepares everything and starts the program, if there is one; says its id.
fn start(work: &Work) -> Result<Option<c_int>, Failure> {
    let plan = &work.plan;
    files(work.ends).map_err(|error| (Step::Files, error))?;
    match &plan.namespace {
        Some(namespace) => {
            limit_processes(namespace);
            users(namespace).map_err(|error| (Step::Users, error))?;
            loopback().map_err(|error| (Step::Loopback, error))?;
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
fn files([stdin, stdout, stderr, control]: [RawFd; 4]) -> Result<(), c_int> {
    // In a session of its own there is no terminal, whose signals would reach it, and
    // at which the program could wait for somebody to type.
    syscall(libc::SYS_setsid, [])?;
    forget_handlers();
    dup(stdin, 0)?;
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

/// Gives every signal its default action. Handlers would run in the parent's memory,
/// and what the caller ignores a program would ignore, too.
fn forget_handlers() {
    // A kernel's sigaction of zeros: the default action, no flags, an empty mask.
    let default = [0_usize; 8];
    for signal in 1..=64 {
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
    let kind = libc::SOCK_DGRAM | libc::SOCK_CLOEXEC;
    let socket = syscall(libc::SYS_socket, [libc::AF_INET as usize, kind as usize, 0])?;
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
    let program = unsafe { clone(flags, stack, ptr::null_mut(), execute, command) }
        .map_err(|error| (Step::Fork, error))?;
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
    // Lead a group, to be signalled with it; a session would cost more, and the init
    // has seen to that.
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

/// Reaps what ends and does what it is asked, until nothing is left.
fn watch(program: c_int, is_alone: bool) {
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
        let mut byte = 0_u8;
        let flags = libc::MSG_DONTWAIT as usize;
        // SAFETY: there is room for the one byte that is asked for.
        let received = unsafe {
            call(
                libc::SYS_recvfrom,
                [control as usize, address_mut(&mut byte), 1, flags, 0, 0],
            )
        };
        match (received, self.program) {
            (Ok(0), _) => return false,
            (Err(error), _) => return error == libc::EAGAIN || error == libc::EINTR,
            (Ok(_), program) => match (byte, program) {
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
fn wait_for(control: c_int) {
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

/// A child that has ended, and how; none, if all of them live on. An error, if there
/// are no children.
fn reap() -> Result<Option<(c_int, c_int)>, c_int> {
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
fn for_each_child(act: impl Fn(c_int)) {
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

/// Tells the parent something. If it is no more, the next request will say so.
fn tell(message: Message) {
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

fn kill(pid: c_int, signal: c_int) {
    // Who is already gone needs no signal.
    let _ = syscall(libc::SYS_kill, [pid as isize as usize, signal as usize]);
}

fn write_file(path: &CStr, text: &CStr) -> Result<(), c_int> {
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

fn open(path: &CStr, flags: c_int) -> Result<c_int, c_int> {
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
fn dup(from: RawFd, to: RawFd) -> Result<(), c_int> {
    let flags = if to == CONTROL { libc::O_CLOEXEC } else { 0 };
    syscall(libc::SYS_dup3, [from as usize, to as usize, flags as usize]).map(drop)
}

/// Closes everything from `first` on.
fn close_from(first: c_int) {
    let last = u32::MAX as usize;
    if syscall(libc::SYS_close_range, [first as usize, last, 0]).is_ok() {
        return;
    }
    // Before Linux 5.9, or where it is forbidden: as far as anybody gets.
    for fd in first..4096 {
        close(fd);
    }
}

fn close(fd: c_int) {
    let _ = syscall(libc::SYS_close, [fd as usize]);
}

fn exit(code: usize) -> ! {
    loop {
        let _ = syscall(libc::SYS_exit_group, [code]);
    }
}

/// A call that gets numbers only.
fn syscall<const N: usize>(number: c_long, args: [usize; N]) -> Result<usize, c_int> {
    // SAFETY: no argument is a pointer, so that the kernel touches no memory.
    unsafe { call(number, args) }
}

fn address<T>(value: &T) -> usize {
    ptr::from_ref(value) as usize
}

fn address_mut<T>(value: &mut T) -> usize {
    ptr::from_mut(value) as usize
}

fn address_of(string: &CStr) -> usize {
    string.as_ptr() as usize
}
