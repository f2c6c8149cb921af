//! `verify`: judges a learner's work, the reference solution, or any program.

mod verdicts;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};
use lesson::Lesson;

use crate::{
    cargo::Cargo,
    challenges::{self, Challenge, Crate, Judged},
    cli, course,
    practice::Practice,
    progress,
    verdict::Outcome,
};

pub use verdicts::{Reports, Verdicts};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// Judges what `args` name, and reports.
///
/// # Errors
///
/// When it could not be judged: there is no such lesson or challenge, the judge does
/// not build, or the candidate cannot be started.
pub fn verify(root: &Path, args: &cli::Verify) -> Result<Outcome> {
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    check_name(lesson, args)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(judge_all(root, lesson, args))
}

/// A challenge that the page does not have is a mistake, and is said before anything is
/// built. An author may judge the solution of one that the page does not tell of yet.
fn check_name(lesson: &Lesson, args: &cli::Verify) -> Result<()> {
    let mut names = lesson.challenges.iter().map(|item| item.name.as_str());
    match &args.challenge {
        Some(name) if !args.solution && names.len() > 0 => {
            challenges::named(&mut names, name).map(drop)
        }
        _ => Ok(()),
    }
}

async fn judge_all(root: &Path, lesson: &Lesson, args: &cli::Verify) -> Result<Outcome> {
    let cargo = Cargo::default();
    let candidates = Candidates::of(&cargo, root, lesson, args).await?;
    let built = Crate::build(&cargo, root, lesson).await?;
    let challenges = built.judge.challenges().await?;

    let selected = select(&challenges, args.challenge.as_deref())?;
    let reports = if args.all {
        Reports::All
    } else {
        Reports::of_one_among(selected.len())
    };
    let mut outcome = Outcome::Holds;
    for challenge in selected {
        let name = &challenge.name;
        let command = match candidates.command(&built, name) {
            Ok(command) => command,
            // What can be judged is judged all the same.
            Err(error) if args.challenge.is_none() => {
                anstream::eprintln!("{BAD}error{BAD:#}: {name}: {error:#}");
                outcome = Outcome::Unchecked;
                continue;
            }
            Err(error) => return Err(error),
        };
        let verdicts = judge_and_show(&built, challenge, &command, args.timeout).await?;
        // What was met is kept, whether or not anybody listens to the end.
        if candidates.are_the_learners() {
            verdicts.note(root, lesson);
        }
        let mut out = anstream::stdout().lock();
        verdicts.tell(&mut out, reports)?;
        if candidates.are_the_learners() {
            verdicts.tell_what_is_next(&mut out, lesson)?;
        }
        out.flush()?;
        outcome = outcome.max(verdicts.outcome());
    }
    Ok(outcome)
}

/// Judges a candidate, and shows what is still being judged.
async fn judge_and_show(
    built: &Crate,
    challenge: &Challenge,
    command: &[OsString],
    timeout: Option<Duration>,
) -> Result<Verdicts> {
    let going_on = progress::Progress::of(challenge.requirements.len(), false);
    for requirement in &challenge.requirements {
        going_on.began(&requirement.name);
    }
    let tell = |judged: &Judged| going_on.ended(&judged.requirement, None);
    judge(built, challenge, command, timeout, tell).await
}

/// Judges a candidate. `tell` hears each verdict as soon as there is one.
///
/// # Errors
///
/// When it could not be judged, or was stopped.
pub(crate) async fn judge(
    built: &Crate,
    challenge: &Challenge,
    command: &[OsString],
    timeout: Option<Duration>,
    tell: impl FnMut(&Judged),
) -> Result<Verdicts> {
    let judged = built
        .judge
        .judge(&challenge.name, &[], command, timeout, tell)
        .await?;
    Ok(Verdicts::new(challenge.clone(), judged))
}

/// What is judged.
enum Candidates {
    /// The reference solutions.
    Solutions,
    /// One program, in any language.
    Command(Vec<OsString>),
    /// The learner's programs, by challenge.
    Practice(Practice, BTreeMap<String, PathBuf>),
}

impl Candidates {
    async fn of(cargo: &Cargo, root: &Path, lesson: &Lesson, args: &cli::Verify) -> Result<Self> {
        if let Some(command) = &args.command {
            return Ok(Self::Command(split(command)?));
        }
        if args.solution {
            return Ok(Self::Solutions);
        }
        if !lesson.has_challenges {
            bail!("the lesson `{}` has no challenges to judge", lesson.id);
        }
        let practice = Practice::of(root, lesson);
        let executables = practice.build(cargo, args.challenge.as_deref()).await?;
        Ok(Self::Practice(practice, executables))
    }

    fn are_the_learners(&self) -> bool {
        !matches!(self, Self::Solutions)
    }

    /// What starts the candidate for a challenge.
    fn command(&self, built: &Crate, challenge: &str) -> Result<Vec<OsString>> {
        match self {
            Self::Solutions => Ok(vec![built.solution(challenge)?.into()]),
            Self::Command(command) => Ok(command.clone()),
            Self::Practice(practice, executables) => {
                let executable = practice.executable(executables, challenge)?;
                Ok(vec![executable.into()])
            }
        }
    }
}

/// Splits a command line as a shell would.
fn split(command: &str) -> Result<Vec<OsString>> {
    let words = shell_words::split(command)
        .with_context(|| format!("cannot split the command {command:?}"))?;
    if words.is_empty() {
        bail!(
            "the command is empty: write what starts your program, such as --command \"node chat.mjs\""
        );
    }
    Ok(words.into_iter().map(OsString::from).collect())
}

/// The challenge of this name, or all of them.
pub(crate) fn select<'a>(
    challenges: &'a [Challenge],
    name: Option<&str>,
) -> Result<Vec<&'a Challenge>> {
    let Some(name) = name else {
        return Ok(challenges.iter().collect());
    };
    let names = challenges.iter().map(|challenge| challenge.name.as_str());
    let name = challenges::named(names, name)?;
    Ok(challenges
        .iter()
        .filter(|challenge| challenge.name == name)
        .collect())
}
