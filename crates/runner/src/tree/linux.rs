//! A tiny init above each program, which finds and ends whatever the program leaves
//! behind: as number 1 of a PID namespace, or as the one to whom orphans fall.

use std::{
    ffi::{CString, NulError, OsStr},
    fs::{self, OpenOptions},
    io,
    os::{
        fd::AsFd,
        unix::{ffi::OsStrExt, fs::OpenOptionsExt, net::UnixStream, process::ExitStatusExt},
    },
    path::Path,
    process::ExitStatus,
    sync::LazyLock,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, Interest},
    time::sleep,
};

pub(crate) use super::pipe::Pipe;
use super::{Event, Notice, Started, marker::Marker};
use crate::{
    Ended, Isolation, Namespaces, Program, Signal, StartError, environment,
    sys::{
        self, Caller, Command, End, Ends, Geometry, Message, Namespace, Plan, Process, Request,
        Ring, Sockets, Step, Tap,
    },
};

/// How long to wait between two looks at what dies of a signal.
const PAUSE: Duration = Duration::from_millis(2);

/// A program and everything it started, under its init.
pub(crate) struct Tree {
    // Dropped first: its end makes the init kill everything, and end.
    control: Control,
    init: Process,
    /// By this a program is found that has killed its init. In a namespace of its own
    /// it cannot.
    marker: Option<Marker>,
    /// The program itself has ended.
    has_ended: bool,
    /// There was somebody to be killed.
    was_killed: bool,
}

impl Tree {
    pub(crate) fn start(
        program: &Program,
        isolation: Isolation,
        notice: Notice,
    ) -> Result<Started, StartError> {
        let file = super::resolve(program)?;
        let (namespace, marker) = match isolation {
            Isolation::Off => (None, Some(Marker::new())),
            Isolation::On(namespaces) => (Some(namespaces.open()), None),
        };
        let command = command(program, &file, marker.as_ref())
            .map_err(|_| StartError::Nul(program.executable.clone()))?;
        let plan = Plan {
            command: Some(command),
            namespace,
            tap: None,
            caller: caller(),
            notice,
        };
        start(plan, marker).map_err(|error| StartError::system(program, "clone", error))
    }

    /// Makes everything ready for a program, and opens a tap on its loopback. The program
    /// starts when it is told to [`go`](Self::go).
    pub(crate) async fn prepare(
        program: &Program,
        namespaces: Namespaces,
        tap: Tap,
    ) -> Result<(Started, Ring), StartError> {
        let file = super::resolve(program)?;
        let command = command(program, &file, None)
            .map_err(|_| StartError::Nul(program.executable.clone()))?;
        let plan = Plan {
            command: Some(command),
            namespace: Some(namespaces.open()),
            tap: Some(tap),
            caller: caller(),
            notice: Notice::OfEnd,
        };
        open(plan, tap.geometry)
            .await
            .map_err(|(step, error)| StartError::system(program, step, error))
    }

    /// Lets a program start that was prepared.
    pub(crate) fn go(&self) {
        self.control.ask(Request::Go);
    }

    /// What happens next. Cancel safe.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            match self.control.hear().await {
                Some(Message::Started) => return Event::Running,
                Some(Message::Failed(step, error)) => {
                    return Event::Refused(Refusal { step, error });
                }
                Some(Message::Ended(status)) => {
                    self.has_ended = true;
                    return Event::Ended(Ended::from_status(ExitStatus::from_raw(status)));
                }
                Some(Message::Left) => self.was_killed = true,
                // That was heard when the program was prepared.
                Some(Message::Ready) => {}
                // The init was killed, and the program will be, once the marker finds it.
                None if !self.has_ended => {
                    self.has_ended = true;
                    return Event::Ended(Ended::KILLED);
                }
                None => return self.gone().await,
            }
        }
    }

    /// Waits until nothing is left, now that the init has ended, or ends in an instant:
    /// its control is closed.
    async fn gone(&mut self) -> Event {
        if let (End::Killed, Some(marker)) = (self.init.wait(), &self.marker) {
            while marker.kill() {
                self.was_killed = true;
                sleep(PAUSE).await;
            }
        }
        Event::Gone {
            was_killed: self.was_killed,
        }
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&mut self, signal: Signal) {
        self.control.ask(Request::Signal(signal));
    }

    /// Asks the program and its group to end.
    pub(crate) fn terminate(&mut self) {
        self.control.ask(Request::Terminate);
        self.init.resume();
    }

    /// Ends the program and everything it started.
    pub(crate) fn kill(&mut self) {
        self.control.ask(Request::Kill);
        self.init.resume();
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        match (self.init.try_wait(), &self.marker) {
            // It ends everything, since its control is closed with this.
            (None, _) => self.init.resume(),
            (Some(End::Killed), Some(marker)) => {
                marker.kill();
            }
            _ => {}
        }
    }
}

/// Why a program could not be executed: the step that failed, and the error's number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    step: Step,
    error: i32,
}

impl Refusal {
    pub(crate) fn explain(self, program: &Program) -> StartError {
        let error = io::Error::from_raw_os_error(self.error);
        match self.step {
            Step::Dir => StartError::bad_dir(program, error),
            Step::Exec => match super::resolve(program) {
                Ok(file) => StartError::explain(program, &file, error),
                Err(vanished) => vanished,
            },
            step => StartError::system(program, step.name(), error),
        }
    }
}

/// Opens a namespace as a program would get it, and closes it again.
///
/// # Errors
///
/// Which step failed, and why.
pub(crate) async fn try_namespace(namespace: Namespace) -> Result<(), (&'static str, io::Error)> {
    let plan = Plan {
        command: None,
        namespace: Some(namespace),
        tap: None,
        caller: caller(),
        notice: Notice::OfStart,
    };
    let mut started = start(plan, None).map_err(|error| ("clone", error))?;
    match started.tree.control.hear().await {
        Some(Message::Started) => Ok(()),
        Some(Message::Failed(step, error)) => {
            Err((step.name(), io::Error::from_raw_os_error(error)))
        }
        _ => Err(("clone", io::ErrorKind::UnexpectedEof.into())),
    }
}

/// Opens a namespace and a tap in it, as a program would get them, and closes both again.
///
/// # Errors
///
/// Which step failed, and why.
pub(crate) async fn try_tap(
    namespace: Namespace,
    tap: Tap,
) -> Result<(), (&'static str, io::Error)> {
    let plan = Plan {
        command: None,
        namespace: Some(namespace),
        tap: Some(tap),
        caller: caller(),
        notice: Notice::OfEnd,
    };
    open(plan, tap.geometry).await.map(drop)
}

/// Starts an init that opens a tap, and waits until it has.
async fn open(
    plan: Plan,
    geometry: Geometry,
) -> Result<(Started, Ring), (&'static str, io::Error)> {
    let mut started = start(plan, None).map_err(|error| ("clone", error))?;
    match started.tree.control.hear_with_sockets().await {
        Some((Message::Ready, Some(sockets))) => match Ring::map(sockets, geometry) {
            Ok(ring) => Ok((started, ring)),
            Err(error) => Err(("map the packets", error)),
        },
        Some((Message::Failed(step, error), _)) => {
            Err((step.name(), io::Error::from_raw_os_error(error)))
        }
        _ => Err(("clone", io::ErrorKind::UnexpectedEof.into())),
    }
}

/// Starts an init. What becomes of its plan, it will tell.
fn start(plan: Plan, marker: Option<Marker>) -> io::Result<Started> {
    let (stdout, stdout_end) = io::pipe()?;
    let (stderr, stderr_end) = io::pipe()?;
    let (control, control_end) = UnixStream::pair()?;
    let ends = Ends {
        stdout: stdout_end.into(),
        stderr: stderr_end.into(),
        control: control_end.into(),
    };
    let (stdout, stderr) = (Pipe::new(stdout)?, Pipe::new(stderr)?);
    let control = Control::new(control)?;
    let init = Process::start(plan, ends)?;
    Ok(Started {
        stdout,
        stderr,
        tree: Tree {
            control,
            init,
            marker,
            has_ended: false,
            was_killed: false,
        },
    })
}

/// What of this process no program should have.
fn caller() -> Caller {
    // Who ignores signals does so at its start; and another terminal it never gets, which
    // takes the leader of a session.
    static CALLER: LazyLock<Caller> = LazyLock::new(|| Caller {
        ignored: ignored_signals(),
        has_terminal: has_terminal(),
    });
    *CALLER
}

/// The signals that this process ignores, as /proc shows them: signal n is bit n - 1.
fn ignored_signals() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Not knowing, take it for all of them.
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(u64::MAX)
}

/// Whether this process has a terminal.
fn has_terminal() -> bool {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NOCTTY);
    let terminal = options.open("/dev/tty");
    // Any other failure is no answer.
    !terminal.is_err_and(|error| error.raw_os_error() == Some(libc::ENXIO))
}

/// The program as the system wants it.
fn command(program: &Program, file: &Path, marker: Option<&Marker>) -> Result<Command, NulError> {
    let mut args = vec![c_string(program.executable.as_os_str())?];
    for arg in &program.args {
        args.push(c_string(arg)?);
    }
    let mut env = Vec::new();
    for (name, value) in environment::of(program) {
        env.push(variable(name, value)?);
    }
    if let Some(marker) = marker {
        env.push(variable(Marker::NAME.as_ref(), marker.value().as_ref())?);
    }
    Ok(Command::new(
        c_string(file.as_os_str())?,
        c_string(program.dir.as_os_str())?,
        args,
        env,
    ))
}

/// A variable of the environment, as execve(2) wants it.
fn variable(name: &OsStr, value: &OsStr) -> Result<CString, NulError> {
    // With room for the zero behind it.
    let mut text = Vec::with_capacity(name.len() + value.len() + 2);
    text.extend_from_slice(name.as_bytes());
    text.push(b'=');
    text.extend_from_slice(value.as_bytes());
    CString::new(text)
}

fn c_string(text: &OsStr) -> Result<CString, NulError> {
    CString::new(text.as_bytes())
}

/// The conversation with an init.
struct Control {
    messages: tokio::net::UnixStream,
    /// What was received of the next message.
    part: Vec<u8>,
}

impl Control {
    fn new(socket: UnixStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            messages: tokio::net::UnixStream::from_std(socket)?,
            part: Vec::with_capacity(Message::SIZE),
        })
    }

    /// The next message; None if there will be no more. Cancel safe.
    async fn hear(&mut self) -> Option<Message> {
        loop {
            if let Some((&message, rest)) = self.part.split_first_chunk() {
                self.part = rest.to_vec();
                return Message::from_bytes(message);
            }
            match self.messages.read_buf(&mut self.part).await {
                Ok(1..) => {}
                // The init has ended, or was killed.
                Ok(0) | Err(_) => return None,
            }
        }
    }

    /// The next message, and what comes with it. It is said in one piece, and alone.
    async fn hear_with_sockets(&mut self) -> Option<(Message, Option<Sockets>)> {
        let mut bytes = [0; Message::SIZE];
        let received = self
            .messages
            .async_io(Interest::READABLE, || {
                sys::receive(self.messages.as_fd(), &mut bytes)
            })
            .await;
        let (length, sockets) = received.ok()?;
        let message = (length == bytes.len()).then(|| Message::from_bytes(bytes))??;
        Some((message, sockets))
    }

    /// Asks the init for something.
    fn ask(&self, request: Request) {
        // There is always room for the few requests of one run; and where the init is
        // gone, so is what they are about.
        let _ = sys::send(self.messages.as_fd(), &[request.to_byte()]);
    }
}
