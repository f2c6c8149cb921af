//! Hearing of files that were saved, by what the system says of its folders.
//!
//! A burst is over when nothing has come for a while. That is gathered here: of the
//! debouncers for `notify`, one hands a burst over in pieces and does not say whether a file
//! was written or only read, which a check does all the time; the other one wakes up many
//! times a second while nothing happens.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use notify::{Error, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Instant, sleep_until},
};

/// A burst is over when nothing has come for this time: long enough for an editor that
/// writes a file in several steps, too short to be felt.
const QUIET: Duration = Duration::from_millis(50);
/// It is over after this time in any case: somebody may be writing all the while.
const LONGEST: Duration = Duration::from_secs(1);

/// Folders, and what is saved in them.
pub(super) struct Saves {
    watcher: RecommendedWatcher,
    heard: UnboundedReceiver<notify::Result<Event>>,
    burst: Option<Burst>,
    watched: BTreeSet<PathBuf>,
}

/// Saves that have come close together.
struct Burst {
    paths: BTreeSet<PathBuf>,
    began: Instant,
    last: Instant,
}

impl Saves {
    /// Watches nothing yet.
    pub(super) fn new() -> Result<Self> {
        let (tell, heard) = unbounded_channel();
        let tell_of_changes = move |event: notify::Result<Event>| {
            if !matches!(&event, Ok(event) if event.kind.is_access()) {
                // Nobody hears it any more when the command is about to end.
                let _ = tell.send(event);
            }
        };
        Ok(Self {
            watcher: notify::recommended_watcher(tell_of_changes)
                .context("cannot watch files on this system")?,
            heard,
            burst: None,
            watched: BTreeSet::new(),
        })
    }

    /// What was saved, or is no more: all of the next burst. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<Vec<PathBuf>> {
        loop {
            let over = self.burst.as_ref().map(Burst::over);
            let quiet = async {
                match over {
                    Some(over) => sleep_until(over).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                event = self.heard.recv() => {
                    let event = event.ok_or_else(|| anyhow!("nobody watches the files any more"))?;
                    self.add(event.map_err(|error| explain(&error))?);
                }
                () = quiet => {}
            }
            if let Some(burst) = self.burst.take_if(|burst| burst.over() <= Instant::now()) {
                return Ok(burst.paths.into_iter().collect());
            }
        }
    }

    fn add(&mut self, event: Event) {
        let now = Instant::now();
        let burst = self.burst.get_or_insert_with(|| Burst {
            paths: BTreeSet::new(),
            began: now,
            last: now,
        });
        burst.last = now;
        if event.need_rescan() {
            // Some were lost. Whatever it was, it is behind the empty path.
            burst.paths.insert(PathBuf::new());
        }
        burst.paths.extend(event.paths);
    }

    /// Watches these folders, as far as they are there, and no others. A folder that was
    /// `saved` may be another one than before: it is watched anew, and what is in it.
    pub(super) fn watch(
        &mut self,
        folders: &BTreeMap<PathBuf, RecursiveMode>,
        saved: &[PathBuf],
    ) -> Result<()> {
        self.watched.retain(|folder| {
            let stays = folders.contains_key(folder) && folder.is_dir();
            if !stays {
                // Of a folder that is no more, the system has done so itself.
                let _ = self.watcher.unwatch(folder);
            }
            stays
        });
        let is_folder = |path: &&PathBuf| path.is_dir() || path.as_os_str().is_empty();
        let new: Vec<&PathBuf> = saved.iter().filter(is_folder).collect();
        for (folder, depth) in folders {
            let is_new = !self.watched.contains(folder)
                || new
                    .iter()
                    .any(|new| new.starts_with(folder) || folder.starts_with(new));
            if !is_new || !folder.is_dir() {
                continue;
            }
            match self.watcher.watch(folder, *depth) {
                Ok(()) => {
                    self.watched.insert(folder.clone());
                }
                // It has gone in this very moment: that will be heard of.
                Err(_) if !folder.is_dir() => {}
                Err(error) => return Err(explain(&error)),
            }
        }
        Ok(())
    }
}

fn explain(error: &Error) -> anyhow::Error {
    let remedy = match error.kind {
        ErrorKind::MaxFilesWatch => {
            ": this system allows no more watches. Name one lesson, or raise fs.inotify.max_user_watches"
        }
        _ => "",
    };
    anyhow!("cannot watch the files of the course{remedy}: {error}")
}

impl Burst {
    fn over(&self) -> Instant {
        (self.last + QUIET).min(self.began + LONGEST)
    }
}
