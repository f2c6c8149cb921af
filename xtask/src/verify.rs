//! `verify`: judges a learner's work, the reference solution, a mutant, or any program.

mod mutant;
mod verdicts;

use std::{collections::BTreeMap, io::Write, path::Path, time::Duration};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, anyhow, bail};
use lesson::Lesson;

use crate::{
    cargo::{Built, Cargo},
    challenges::{self, Candidate, Challenge, Crate, Judged},
    cli, course,
    practice::{CommandLine, Practice, Progress},
    progress,
    verdict::Outcome,
};

pub use verdicts::{Reports, Verdicts};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const STRONG: Style = Style::new().bold();

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
    runtime.block_on(async {
        match args.mutant {
            Some(number) => mutant::judge(root, lesson, args, number).await,
            None => judge_all(root, lesson, args).await,
        }
    })
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
    let reports = Reports::asked(args.all, selected.len());
    let mut outcome = Outcome::Holds;
    for challenge in selected {
        let name = &challenge.name;
        let candidate = match candidates.candidate(root, lesson, &built, name) {
            Ok(candidate) => candidate,
            // What can be judged is judged all the same.
            Err(error) if args.challenge.is_none() => {
                anstream::eprintln!("{BAD}error{BAD:#}: {name}: {error:#}");
                outcome = Outcome::Unchecked;
                continue;
            }
            Err(error) => return Err(error),
        };
        let elsewhere = candidates.elsewhere(name);
        if let (Some(program), None) = (elsewhere, &args.command) {
            let line = &program.line;
            anstream::eprintln!("note: judging `{line}` for {name}, as before");
        }
        let verdicts = judge_and_show(&built, challenge, &candidate, args.timeout).await?;
        // What was met is kept, whether or not anybody listens to the end.
        if candidates.are_the_learners() {
            verdicts.note(root, lesson, elsewhere);
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
    candidate: &Candidate,
    timeout: Option<Duration>,
) -> Result<Verdicts> {
    let going_on = progress::Progress::of(challenge.requirements.len(), false);
    for requirement in &challenge.requirements {
        going_on.began(&requirement.name);
    }
    let tell = |judged: &Judged| going_on.ended(&judged.requirement, None);
    judge(built, challenge, candidate, timeout, tell).await
}

/// Judges a candidate. `tell` hears each verdict as soon as there is one.
///
/// # Errors
///
/// When it could not be judged, or was stopped.
pub(crate) async fn judge(
    built: &Crate,
    challenge: &Challenge,
    candidate: &Candidate,
    timeout: Option<Duration>,
    tell: impl FnMut(&Judged),
) -> Result<Verdicts> {
    let judged = built
        .judge
        .judge(&challenge.name, &[], candidate, timeout, tell)
        .await?;
    Ok(Verdicts::new(challenge.clone(), judged))
}

/// What is judged.
enum Candidates {
    /// The reference solutions.
    Solutions,
    /// The learner's programs.
    Learners {
        /// Those that were laid out, as cargo built them; or why it built none.
        built: Result<Built>,
        /// All others, by challenge.
        elsewhere: BTreeMap<String, CommandLine>,
    },
}

impl Candidates {
    async fn of(cargo: &Cargo, root: &Path, lesson: &Lesson, args: &cli::Verify) -> Result<Self> {
        if args.solution {
            return Ok(Self::Solutions);
        }
        if let (Some(line), Some(challenge)) = (&args.command, &args.challenge) {
            let program = CommandLine::here(root, line)?;
            program.words()?;
            return Ok(Self::Learners {
                built: Ok(Built::default()),
                elsewhere: BTreeMap::from([(challenge.clone(), program)]),
            });
        }
        if !lesson.has_challenges {
            bail!("the lesson `{}` has no challenges to judge", lesson.id);
        }
        let practice = Practice::of(root, lesson);
        let progress = Progress::read_or_none(root);
        let is_asked = |name: &&String| args.challenge.as_ref().is_none_or(|only| only == *name);
        let names = lesson.challenges.iter().map(|item| &item.name);
        let asked: Vec<&String> = names.filter(is_asked).collect();
        let elsewhere: BTreeMap<String, CommandLine> = asked
            .iter()
            .filter_map(|name| {
                Some((
                    (*name).clone(),
                    practice.elsewhere(lesson, name, &progress)?,
                ))
            })
            .collect();
        let built = if !asked.is_empty() && elsewhere.len() == asked.len() {
            Ok(Built::default())
        } else {
            practice.build(cargo, args.challenge.as_deref()).await
        };
        match built {
            Err(error) if elsewhere.is_empty() => Err(error),
            built => Ok(Self::Learners { built, elsewhere }),
        }
    }

    fn are_the_learners(&self) -> bool {
        matches!(self, Self::Learners { .. })
    }

    /// What starts the learner's program, where it is not the one that was laid out.
    fn elsewhere(&self, challenge: &str) -> Option<&CommandLine> {
        match self {
            Self::Solutions => None,
            Self::Learners { elsewhere, .. } => elsewhere.get(challenge),
        }
    }

    /// The candidate for a challenge.
    fn candidate(
        &self,
        root: &Path,
        lesson: &Lesson,
        built: &Crate,
        challenge: &str,
    ) -> Result<Candidate> {
        if let Some(program) = self.elsewhere(challenge) {
            return candidate_of(root, program);
        }
        match self {
            Self::Solutions => Ok(built.solution(challenge)?.into()),
            Self::Learners { built, .. } => {
                let built = built.as_ref().map_err(|error| anyhow!("{error:#}"))?;
                let practice = Practice::of(root, lesson);
                Ok(practice.executable(built, challenge)?.into())
            }
        }
    }
}

/// The candidate that a command starts.
pub(crate) fn candidate_of(root: &Path, program: &CommandLine) -> Result<Candidate> {
    let folder = program.folder(root);
    if !folder.is_dir() {
        bail!(
            "{} is not there any more, where `{}` was started: name what to judge with --command \"…\"",
            folder.display(),
            program.line
        );
    }
    Ok(Candidate {
        command: program.words()?,
        folder: Some(folder),
    })
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
