//! Contestants who have their turns, one after the other, and what each turn takes.

use std::{thread, time::Duration};

use anyhow::{Context, Result};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};

use crate::figures::{median, number, wall_time};

/// Something that is done again and again.
pub(crate) struct Contestant {
    pub(crate) name: String,
    act: Box<dyn Fn() -> Result<()>>,
    turns: Vec<Turn>,
}

/// What a turn took, in seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// By the clock on the wall.
    pub(crate) wall: f64,
    /// Of all processors, by this process and all that it has waited for.
    pub(crate) processor: f64,
}

impl Contestant {
    pub(crate) fn new(name: impl Into<String>, act: impl Fn() -> Result<()> + 'static) -> Self {
        Self {
            name: name.into(),
            act: Box::new(act),
            turns: Vec::new(),
        }
    }

    /// Has its turn.
    fn take_turn(&self) -> Result<Turn> {
        let before = processor_time()?;
        let (wall, result) = wall_time(&self.act);
        result.with_context(|| self.name.clone())?;
        Ok(Turn {
            wall: wall.as_secs_f64(),
            processor: processor_time()? - before,
        })
    }

    /// The median of its turns.
    pub(crate) fn median(&self, figure: impl Fn(&Turn) -> f64) -> f64 {
        median(self.turns.iter().map(figure))
    }

    /// The median of the ratios, round by round, of its figure to another one's.
    pub(crate) fn ratio(&self, other: &Self, figure: impl Fn(&Turn) -> f64) -> f64 {
        let rounds = self.turns.iter().zip(&other.turns);
        median(rounds.map(|(mine, its)| figure(mine) / figure(its)))
    }
}

/// Lets each have its turn, `runs` times, after a round that does not count.
pub(crate) fn in_turn(runs: usize, contestants: &mut [Contestant]) -> Result<()> {
    // The kernel takes namespaces down after their end, and the next one shall not pay
    // for that.
    const PAUSE: Duration = Duration::from_millis(300);
    for run in 0..=runs {
        for one in &mut *contestants {
            eprintln!("round {run} of {runs}: {}", one.name);
            let turn = one.take_turn()?;
            if run > 0 {
                one.turns.push(turn);
            }
            thread::sleep(PAUSE);
        }
    }
    Ok(())
}

/// The seconds of a processor that this process has taken so far, and all that it has
/// waited for.
fn processor_time() -> Result<f64> {
    let mut microseconds = 0;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        microseconds += (usage.user_time() + usage.system_time()).num_microseconds();
    }
    Ok(number(microseconds) / 1e6)
}
