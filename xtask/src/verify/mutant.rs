//! `verify --mutant`: judges one wrong solution, for whoever is writing it.

use std::{io::Write, num::NonZeroUsize, path::Path};

use anyhow::{Context, Result};
use lesson::Lesson;

use super::{BAD, GOOD, Reports, STRONG, judge_and_show, select};
use crate::{
    cargo::Cargo,
    challenges::{self, Crate, Mutated},
    cli,
    verdict::{Outcome, slashes},
};

/// Judges a mutant by all requirements, and says whether it fails the one that it is
/// aimed at.
pub(super) async fn judge(
    root: &Path,
    lesson: &Lesson,
    args: &cli::Verify,
    number: NonZeroUsize,
) -> Result<Outcome> {
    let cargo = Cargo::default();
    let built = Crate::build(&cargo, root, lesson).await?;
    let challenges = built.judge.challenges().await?;
    let challenge = select(&challenges, args.challenge.as_deref())?
        .into_iter()
        .next()
        .context("the judge has no challenges")?;
    let mutant = Mutated::build(&cargo, root, lesson, challenge, number).await?;
    let candidate = mutant.executable.as_path().into();
    let verdicts = judge_and_show(&built, challenge, &candidate, args.timeout).await?;

    let mut out = anstream::stdout().lock();
    verdicts.tell_what_is_not_met(&mut out, Reports::asked(args.all, 1))?;
    verdicts.tell_each(&mut out)?;
    writeln!(
        out,
        "\n{STRONG}mutant {} {number}{STRONG:#} ({}:{})",
        challenge.name,
        slashes(&mutant.file),
        mutant.line
    )?;
    let is_seen = !verdicts.is_met(&mutant.fails);
    if is_seen {
        writeln!(
            out,
            "{GOOD}It fails the requirement that it is aimed at{GOOD:#}: {}",
            mutant.fails
        )?;
    } else {
        writeln!(
            out,
            "{BAD}It meets the requirement that it is aimed at{BAD:#}: {}\n{}",
            mutant.fails,
            challenges::UNSEEN
        )?;
    }
    out.flush()?;
    Ok(if is_seen {
        Outcome::Holds
    } else {
        Outcome::Fails
    })
}
