//! A process group on Unix, the process alone on Windows.
//!
//! What leaves its group, as a daemon does, is not found: that takes Linux.

use std::{io, path::Path, process::Stdio};

use tokio::{
    io::AsyncRead,
    process::{Child, Command},
};

use super::{Event, Notice, Started};
use crate::{Ended, Isolation, Program, Signal, StartError, environment};

/// An output of a program.
pub(crate) type Pipe = Box<dyn AsyncRead + Send + Unpin>;

/// A program and everything it started.
pub(crate) struct Tree {
    child: Child,
    group: group::Group,
    stage: Stage,
    /// There was somebody to be killed.
    was_killed: bool,
}

/// What of a program is known already.
enum Stage {
    Started,
    Running,
    Ended,
}

/// Why a program could not be executed. Here a start says so itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {}

impl Refusal {
    pub(crate) fn explain(self, _: &Program) -> StartError {
        match self {}
    }
}

impl Tree {
    pub(crate) fn start(program: &Program, _: Isolation, _: Notice) -> Result<Started, StartError> {
        let file = super::resolve(program)?;
        let mut child =
            spawn(program, &file).map_err(|error| StartError::explain(program, &file, error))?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            unreachable!("both outputs were asked for");
        };
        Ok(Started {
            stdout: Box::new(stdout),
            stderr: Box::new(stderr),
            tree: Self {
                group: group::Group::of(&child),
                child,
                stage: Stage::Started,
                was_killed: false,
            },
        })
    }

    /// What happens next. Cancel safe.
    pub(crate) async fn event(&mut self) -> Event {
        match self.stage {
            Stage::Started => {
                self.stage = Stage::Running;
                Event::Running
            }
            Stage::Running => {
                let status = self.child.wait().await;
                self.stage = Stage::Ended;
                Event::Ended(status.map_or(Ended::KILLED, Ended::from_status))
            }
            Stage::Ended => {
                self.group.gone().await;
                Event::Gone {
                    was_killed: self.was_killed,
                }
            }
        }
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if !group::signal(&self.child, signal) {
            self.kill();
        }
    }

    /// Asks the program and its group to end.
    pub(crate) fn terminate(&mut self) {
        if !self.group.signal(Signal::Terminate) {
            self.kill();
        }
    }

    /// Ends the program and its group.
    pub(crate) fn kill(&mut self) {
        self.was_killed |= self.group.signal(Signal::Kill);
        // Fails only where the program has ended already.
        let _ = self.child.start_kill();
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(program: &Program, file: &Path) -> io::Result<Child> {
    let mut command = Command::new(file);
    command
        .args(&program.args)
        .env_clear()
        .envs(environment::of(program))
        .current_dir(&program.dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    command.spawn()
}

#[cfg(unix)]
mod group {
    use std::time::Duration;

    use tokio::{process::Child, time::sleep};

    use crate::{Signal, sys};

    /// How often it is asked whether a group is empty; nothing tells of it.
    const ASK: Duration = Duration::from_millis(5);

    /// The process group that a program leads.
    pub(super) struct Group(Option<i32>);

    impl Group {
        pub(super) fn of(leader: &Child) -> Self {
            Self(pid(leader))
        }

        /// Signals the group; false where that did not do.
        pub(super) fn signal(&self, signal: Signal) -> bool {
            self.0
                .is_some_and(|leader| sys::kill(-leader, signal.number()))
        }

        /// Waits until the group is empty.
        pub(super) async fn gone(&mut self) {
            while self.0.is_some_and(|leader| sys::kill(-leader, 0)) {
                sleep(ASK).await;
            }
            // The number may soon be somebody else's.
            self.0 = None;
        }
    }

    /// Signals one process; false where that did not do.
    pub(super) fn signal(child: &Child, signal: Signal) -> bool {
        pid(child).is_some_and(|pid| sys::kill(pid, signal.number()))
    }

    fn pid(child: &Child) -> Option<i32> {
        child.id().and_then(|id| i32::try_from(id).ok())
    }
}

#[cfg(not(unix))]
mod group {
    use tokio::process::Child;

    use crate::Signal;

    /// There are no process groups here.
    pub(super) struct Group;

    impl Group {
        pub(super) fn of(_: &Child) -> Self {
            Self
        }

        /// Signals the group; false where that did not do.
        #[expect(clippy::unused_self, reason = "elsewhere there is a group")]
        pub(super) fn signal(&self, _: Signal) -> bool {
            false
        }

        #[expect(
            clippy::unused_async,
            reason = "elsewhere there is something to wait for"
        )]
        pub(super) async fn gone(&mut self) {}
    }

    /// Signals one process; false where that did not do.
    pub(super) fn signal(_: &Child, _: Signal) -> bool {
        false
    }
}
