//! Processes that lead a group of their own, so that they can be ended with what they have
//! started.

use std::io;

use tokio::process::{Child, Command};

/// How a group is ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// Its leader is asked, and ends the rest.
    Ask,
    /// All of it is killed.
    Kill,
}

/// Lets the command lead a group. On a terminal, Ctrl-C no longer reaches it then.
pub(crate) fn lead(command: &mut Command) {
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends the leader of a group and what it has in the group, and waits until they are gone.
///
/// # Errors
///
/// Those of kill(2) and waitpid(2).
#[cfg(unix)]
pub(crate) async fn end(leader: &mut Child, way: Way) -> io::Result<()> {
    use std::time::Duration;

    use nix::{
        sys::signal::{Signal, killpg},
        unistd::Pid,
    };
    use tokio::time::{sleep, timeout};

    /// How often it is asked whether the group is empty: nothing tells of it.
    const ASK: Duration = Duration::from_millis(2);
    /// Until when what was killed has gone, unless there is nobody here who buries orphans.
    const GONE: Duration = Duration::from_secs(2);

    let Some(id) = leader.id().and_then(|id| i32::try_from(id).ok()) else {
        return Ok(());
    };
    let group = Pid::from_raw(id);
    killpg(
        group,
        match way {
            Way::Ask => Signal::SIGTERM,
            Way::Kill => Signal::SIGKILL,
        },
    )?;
    leader.wait().await?;
    let gone = async {
        while killpg(group, None).is_ok() {
            sleep(ASK).await;
        }
    };
    // Nothing more can be done about what is still there.
    let _ = timeout(GONE, gone).await;
    Ok(())
}

/// Ends the process; there are no groups here.
///
/// # Errors
///
/// Where it cannot be ended.
#[cfg(not(unix))]
pub(crate) async fn end(leader: &mut Child, _: Way) -> io::Result<()> {
    leader.kill().await
}
