//! `watch`: checks and judges again whatever a save touches.
//!
//! It begins with the lesson that is named, and with the challenge that the learner works
//! on. Then a burst of saves is one round: build, check, judge. A save meanwhile that touches the
//! same again stops the round, and begins it anew with what was not done yet; another one
//! waits for its end. So there are never two builds at once, and what is told is always
//! about files as they are.

mod face;
mod round;
mod saves;
mod told;
mod work;

use std::{
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc;

use self::{
    face::Face,
    round::Round,
    saves::Saves,
    work::{Area, Work},
};
#[cfg(unix)]
use crate::output;
use crate::{
    check::{self, Surroundings},
    cli, course, next,
    practice::Progress,
    stop::Stop,
    verdict::Outcome,
};

/// Watches until it is interrupted.
///
/// # Errors
///
/// When there is no such lesson, or files cannot be watched here.
pub fn watch(root: &Path, args: &cli::Watch) -> Result<Outcome> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let signals = Signals::new().context("cannot listen to signals")?;
        Watch::begin(root, args, signals).await?.go_on().await?;
        Ok(Outcome::Holds)
    })
}

struct Watch<'a> {
    root: &'a Path,
    surroundings: Surroundings,
    area: Area,
    saves: Saves,
    signals: Signals,
    face: Face,
    /// What there is to do before anything is saved.
    first: Work,
}

/// How a round ended.
enum Ended {
    /// All has been told.
    Over,
    /// Before it was over: something was saved that it is about.
    Stale,
    /// Somebody has had enough.
    Interrupted,
}

impl<'a> Watch<'a> {
    async fn begin(root: &'a Path, args: &cli::Watch, signals: Signals) -> Result<Self> {
        let course = course::open(root)?;
        let only = match &args.lesson {
            Some(name) => Some(course::one(&course, name)?),
            None => None,
        };
        // Whatever pages come to promise while they are watched.
        let surroundings = check::surroundings(cli::Isolation::Auto, true).await?;
        let area = Area::new(root, only.map(|lesson| lesson.folder.clone()));
        let mut saves = Saves::new()?;
        saves.watch(&area.folders(&course), &[])?;
        let what = match only {
            Some(lesson) => lesson.id.clone(),
            None => match area.lessons(&course).count() {
                1 => "1 lesson".to_owned(),
                count => format!("{count} lessons"),
            },
        };
        // What cannot be read is told of when there is a verdict to note.
        let progress = Progress::read(root).unwrap_or_default();
        let worked_on = next::worked_on(root, &course, only, &progress);
        let first = Work {
            lessons: only.iter().map(|lesson| lesson.folder.clone()).collect(),
            challenges: worked_on
                .map(|(lesson, challenge)| (lesson.folder.clone(), challenge.name.clone()))
                .into_iter()
                .collect(),
            ..Work::default()
        };
        Ok(Self {
            first,
            root,
            surroundings,
            area,
            saves,
            signals,
            face: Face::begin(&what)?,
        })
    }

    async fn go_on(mut self) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.first);
        loop {
            while waiting.is_empty() {
                self.face.wait()?;
                tokio::select! {
                    saved = self.saves.next() => waiting.add(self.take_in(&saved?)?),
                    signal = self.signals.next() => match signal {
                        #[cfg(unix)]
                        Signal::Resized => self.face.draw()?,
                        Signal::Interrupted => return self.face.end(),
                    },
                }
            }
            let work = std::mem::take(&mut waiting);
            match self.round(&work, &mut waiting).await? {
                Ended::Over => {}
                Ended::Stale => waiting.add(work),
                Ended::Interrupted => return self.face.end(),
            }
        }
    }

    /// Does the work, unless a save makes it stale; what else is saved is `waiting` then.
    async fn round(&mut self, work: &Work, waiting: &mut Work) -> Result<Ended> {
        self.face.saved(&work.saved)?;
        self.area.begin_round();
        let (stopper, stop) = Stop::pair();
        let (tell, mut news) = mpsc::unbounded_channel();
        let cargo = self.face.cargo(stop, tell.clone());
        let round = Round {
            root: self.root,
            cargo: &cargo,
            surroundings: self.surroundings.clone(),
            news: tell,
        };
        let running = round.run(work);
        tokio::pin!(running);
        let ended = async {
            loop {
                tokio::select! {
                    biased;
                    signal = self.signals.next() => match signal {
                        #[cfg(unix)]
                        Signal::Resized => self.face.draw()?,
                        Signal::Interrupted => return Ok(Ended::Interrupted),
                    },
                    saved = self.saves.next() => {
                        let more = self.take_in(&saved?)?;
                        let is_stale = more.overlaps(work);
                        waiting.add(more);
                        if is_stale {
                            return Ok(Ended::Stale);
                        }
                    }
                    Some(one) = news.recv() => self.face.hear(one)?,
                    () = &mut running => return anyhow::Ok(Ended::Over),
                }
            }
        };
        let ended = ended.await;
        if !matches!(ended, Ok(Ended::Over)) {
            stopper.stop();
            running.await;
        }
        while let Ok(one) = news.try_recv() {
            self.face.hear(one)?;
        }
        self.area.end_round();
        ended
    }

    /// What there is to do about these saves. What has come or gone with them is watched,
    /// or not any more, before anything is read: so nothing that comes later is missed.
    fn take_in(&mut self, saved: &[PathBuf]) -> Result<Work> {
        if !self.root.is_dir() {
            bail!("{} is not there any more", self.root.display());
        }
        let Ok(course) = course::open(self.root) else {
            // There are no lessons for the moment. When they come back, that is a save.
            return Ok(Work::default());
        };
        let work = self.area.work(&course, saved);
        self.saves.watch(&self.area.folders(&course), saved)?;
        Ok(work)
    }
}

/// What a terminal tells, or a pipe.
enum Signal {
    /// Ctrl-C, the end of the terminal, or of whoever read.
    Interrupted,
    /// It has another size.
    #[cfg(unix)]
    Resized,
}

#[cfg(unix)]
struct Signals {
    signals: [(tokio::signal::unix::Signal, fn() -> Signal); 4],
    /// Nobody reads what is told.
    unread: Stop,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupted = || Signal::Interrupted;
        Ok(Self {
            signals: [
                (signal(SignalKind::interrupt())?, interrupted),
                (signal(SignalKind::terminate())?, interrupted),
                (signal(SignalKind::hangup())?, interrupted),
                (signal(SignalKind::window_change())?, || Signal::Resized),
            ],
            unread: output::unread(),
        })
    }

    /// The next one. Cancel safe.
    async fn next(&mut self) -> Signal {
        let [(one, a), (two, b), (three, c), (four, d)] = &mut self.signals;
        tokio::select! {
            _ = one.recv() => a(),
            _ = two.recv() => b(),
            _ = three.recv() => c(),
            _ = four.recv() => d(),
            () = self.unread.asked() => Signal::Interrupted,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next one. Cancel safe.
    async fn next(&mut self) -> Signal {
        Stop::at_ctrl_c().asked().await;
        Signal::Interrupted
    }
}
