//! Taps: what an isolated program puts on its network is seen, packet by packet.
//!
//! The kernel takes its time to set up a ring for packets, and to take it down, some ten
//! milliseconds each, in which it only waits. So what is tapped runs in two steps:
//! [`prepare`] makes everything ready, and [`Prepared::run`] runs the program. Who has many
//! programs to run prepares some of them ahead, and the waiting costs nothing.

use crate::{Budget, Namespaces, Program, Run, StartError, Unavailable};

/// How much of each packet is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snap {
    /// Its headers: the first 160 bytes. Enough to say what happens on a connection.
    Headers,
    /// All of it.
    Whole,
}

/// The proof that this machine can tap an isolated program; [`Tap::detect`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct Tap {
    namespaces: Namespaces,
    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "elsewhere there is no tap")
    )]
    snap: Snap,
}

impl Tap {
    /// Finds out whether this machine lets an isolated program be tapped, by doing it.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], with the reason, where it does not.
    pub async fn detect(namespaces: Namespaces, snap: Snap) -> Result<Self, Unavailable> {
        system::detect(Self { namespaces, snap }).await
    }
}

/// A program for which everything is ready: its namespaces, with a tap on its loopback.
///
/// Dropping it takes all of that down again.
#[derive(Debug)]
pub struct Prepared {
    program: Program,
    stage: system::Stage,
}

/// Makes everything ready for a program, isolated and tapped. It does not start yet.
///
/// Call it within a tokio runtime with time and I/O.
///
/// # Errors
///
/// [`StartError`] where the program cannot be started, as far as that shows before it is.
pub async fn prepare(program: &Program, tap: Tap) -> Result<Prepared, StartError> {
    Ok(Prepared {
        program: program.clone(),
        stage: system::prepare(program, tap).await?,
    })
}

impl Prepared {
    /// Runs the program as [`run`](crate::run) does. [`Run::capture`] has its packets.
    ///
    /// # Errors
    ///
    /// [`StartError`] where the program cannot be started, with what to do about it.
    pub async fn run(self, budget: &Budget) -> Result<Run, StartError> {
        self.run_until(budget, std::future::pending()).await
    }

    /// Runs the program as [`run_until`](crate::run_until) does.
    ///
    /// # Errors
    ///
    /// [`StartError`] where the program cannot be started, with what to do about it.
    pub async fn run_until(
        self,
        budget: &Budget,
        stop: impl Future<Output = ()>,
    ) -> Result<Run, StartError> {
        system::run(self.stage, &self.program, budget, stop).await
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::{fmt, io, time::Duration};

    use tokio::{
        io::unix::AsyncFd,
        time::{Instant, timeout_at},
    };

    use super::{Snap, Tap};
    use crate::{
        Budget, Capture, Packet, Program, Run, StartError, Unavailable,
        record::Record,
        supervise::supervise_until,
        sys::{self, Geometry, Ring},
        tree::{self, Started, Tree},
    };

    /// 16,384 packets: that many can wait to be taken.
    const HEADERS: sys::Tap = sys::Tap {
        geometry: Geometry {
            block: 256 << 10,
            blocks: 16,
            frame: 256,
        },
        snap: 160,
    };

    /// 1,440 packets of up to 64 KiB, which is the largest that a loopback carries.
    const WHOLE: sys::Tap = sys::Tap {
        geometry: Geometry {
            block: 1 << 20,
            blocks: 96,
            frame: 69_904,
        },
        snap: 1 << 18,
    };

    /// How long what is under way may take to arrive, when nothing is left of the program.
    /// Normally it is there already. What the kernel itself has dropped never comes.
    const SETTLE: Duration = Duration::from_millis(200);

    /// How often it is asked meanwhile whether all has arrived; nothing tells of it.
    const ASK: Duration = Duration::from_millis(1);

    impl Tap {
        fn layout(self) -> sys::Tap {
            match self.snap {
                Snap::Headers => HEADERS,
                Snap::Whole => WHOLE,
            }
        }
    }

    pub(super) async fn detect(tap: Tap) -> Result<Tap, Unavailable> {
        match tree::try_tap(tap.namespaces.open(), tap.layout()).await {
            Ok(()) => Ok(tap),
            Err((step, error)) => Err(Unavailable {
                reason: format!(
                    "this system lets nobody see the packets of a network of its own ({step}: {error}); \
                     its kernel needs CONFIG_PACKET, and a container has to be allowed packet sockets"
                ),
            }),
        }
    }

    /// A program that waits for its start, and the tap on its loopback.
    pub(super) struct Stage {
        started: Started,
        listener: Listener,
    }

    impl fmt::Debug for Stage {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Stage").finish_non_exhaustive()
        }
    }

    pub(super) async fn prepare(program: &Program, tap: Tap) -> Result<Stage, StartError> {
        let (started, ring) = Tree::prepare(program, tap.namespaces, tap.layout()).await?;
        let listener = Listener::new(ring)
            .map_err(|error| StartError::system(program, "watch the packets", error))?;
        Ok(Stage { started, listener })
    }

    pub(super) async fn run(
        stage: Stage,
        program: &Program,
        budget: &Budget,
        stop: impl Future<Output = ()>,
    ) -> Result<Run, StartError> {
        let Stage {
            started,
            mut listener,
        } = stage;
        let record = Record::default();
        started.tree.go();
        let outcome = tokio::select! {
            outcome = supervise_until(started, budget, &record, stop) => outcome,
            never = listener.listen() => match never {},
        };
        let outcome = outcome.map_err(|refusal| refusal.explain(program))?;
        let capture = listener.settle().await;
        let run = outcome.with(record.stdout.take(), record.stderr.take());
        Ok(Run {
            capture: Some(capture),
            ..run
        })
    }

    /// Takes what comes into the ring, while there is room for more.
    struct Listener {
        ring: AsyncFd<Ring>,
        capture: Capture,
    }

    impl Listener {
        fn new(ring: Ring) -> io::Result<Self> {
            Ok(Self {
                ring: ring.watch()?,
                capture: Capture::default(),
            })
        }

        /// Takes all that is there.
        fn take(&mut self) {
            let capture = &mut self.capture;
            let ring = self.ring.get_mut();
            while ring.next(|frame| {
                capture.push(Packet {
                    time: frame.time,
                    bytes: frame.bytes,
                    length: frame.length,
                });
            }) {}
        }

        /// Takes what comes, for ever. Cancel safe.
        async fn listen(&mut self) -> std::convert::Infallible {
            loop {
                match self.ring.readable().await {
                    // Only what comes from now on is news.
                    Ok(mut ready) => ready.clear_ready(),
                    // The runtime is shutting down, and with it goes whoever waits for this.
                    Err(_) => std::future::pending().await,
                }
                self.take();
            }
        }

        /// Waits until nothing is under way any more, and gives all that was seen.
        async fn settle(mut self) -> Capture {
            let deadline = Instant::now() + SETTLE;
            while !self.ring.get_mut().is_quiet() && Instant::now() < deadline {
                let next = deadline.min(Instant::now() + ASK);
                let _ = timeout_at(next, self.listen()).await;
            }
            self.take();
            let lost = self.ring.get_ref().lost();
            self.capture.lose(lost);
            self.capture
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::convert::Infallible;

    use super::Tap;
    use crate::{Budget, Program, Run, StartError, Unavailable};

    pub(super) type Stage = Infallible;

    #[expect(
        clippy::unused_async,
        reason = "on Linux there is something to wait for"
    )]
    pub(super) async fn detect(tap: Tap) -> Result<Tap, Unavailable> {
        match tap.namespaces.never {}
    }

    #[expect(
        clippy::unused_async,
        reason = "on Linux there is something to wait for"
    )]
    pub(super) async fn prepare(_: &Program, tap: Tap) -> Result<Stage, StartError> {
        match tap.namespaces.never {}
    }

    #[expect(
        clippy::unused_async,
        reason = "on Linux there is something to wait for"
    )]
    pub(super) async fn run(
        stage: Stage,
        _: &Program,
        _: &Budget,
        _: impl Future<Output = ()>,
    ) -> Result<Run, StartError> {
        match stage {}
    }
}
