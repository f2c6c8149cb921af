//! `verify`: judges a learner's work, the reference solution, or any program.

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
    challenges::{self, Challenge, Crate, Judged, Verdict},
    cli, course,
    practice::{Practice, Progress},
    progress,
    verdict::{Outcome, slashes},
};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
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
    let candidates = Candidates::of(root, lesson, args)?;
    let built = Crate::build(root, lesson)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let challenges = runtime.block_on(built.judge.challenges())?;

    let mut outcome = Outcome::Holds;
    for challenge in select(&challenges, args.challenge.as_deref())? {
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
        let judged = runtime.block_on(judge(&built, challenge, &command, args.timeout))?;
        let met = judged.iter().filter(|judged| judged.is_met()).count();
        report(challenge, &judged, met)?;
        if candidates.are_the_learners() {
            note(root, lesson, challenge, met);
            tell_what_is_next(lesson, challenge, &judged)?;
        }
        outcome = judged
            .iter()
            .map(|judged| match judged.verdict {
                Verdict::Met => Outcome::Holds,
                Verdict::NotMet => Outcome::Fails,
                Verdict::Unclear => Outcome::Unchecked,
            })
            .fold(outcome, Outcome::max);
    }
    Ok(outcome)
}

/// Judges a candidate, and shows on a terminal what is still being judged.
async fn judge(
    built: &Crate,
    challenge: &Challenge,
    command: &[OsString],
    timeout: Option<Duration>,
) -> Result<Vec<Judged>> {
    let going_on = progress::Progress::of(challenge.requirements.len(), false);
    for requirement in &challenge.requirements {
        going_on.began(&requirement.name);
    }
    let tell = |judged: &Judged| going_on.ended(&judged.requirement, None);
    built
        .judge
        .judge(&challenge.name, &[], command, timeout, tell)
        .await
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
    fn of(root: &Path, lesson: &Lesson, args: &cli::Verify) -> Result<Self> {
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
        let executables = practice.build()?;
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
            Self::Practice(practice, executables) => match executables.get(challenge) {
                Some(executable) => Ok(vec![executable.into()]),
                None if practice.file(challenge).exists() => {
                    bail!(
                        "{} does not build (see above)",
                        practice.file(challenge).display()
                    )
                }
                None => bail!(
                    "there is no {}: `cargo xtask start` lays it out again",
                    practice.file(challenge).display()
                ),
            },
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

fn select<'a>(challenges: &'a [Challenge], name: Option<&str>) -> Result<Vec<&'a Challenge>> {
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

/// First what is not met, with its conversation, then each requirement in a line: the
/// end of a long output is what a terminal shows.
fn report(challenge: &Challenge, judged: &[Judged], met: usize) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let name = &challenge.name;
    for judged in in_order(challenge, judged).filter(|judged| !judged.is_met()) {
        let (style, word) = styled(judged);
        writeln!(
            out,
            "{style}{word}{style:#}  {STRONG}{name}: {}{STRONG:#}\n",
            judged.requirement
        )?;
        for line in judged.report.lines() {
            let indented = format!("    {line}");
            writeln!(out, "{}", indented.trim_end())?;
        }
        writeln!(out)?;
    }
    for judged in in_order(challenge, judged) {
        let (style, word) = styled(judged);
        writeln!(
            out,
            "{style}{word:>9}{style:#}  {name}: {}",
            judged.requirement
        )?;
    }
    let all = challenge.requirements.len();
    let style = if met == all { GOOD } else { BAD };
    writeln!(
        out,
        "\n{style}{name}: {met} of {all} requirements are met{style:#}"
    )?;
    out.flush()?;
    Ok(())
}

fn styled(judged: &Judged) -> (Style, &'static str) {
    let style = match judged.verdict {
        Verdict::Met => GOOD,
        Verdict::NotMet => BAD,
        Verdict::Unclear => UNSURE,
    };
    (style, judged.verdict.word())
}

/// What was judged, in the order in which a learner would meet it.
fn in_order<'a>(
    challenge: &'a Challenge,
    judged: &'a [Judged],
) -> impl Iterator<Item = &'a Judged> {
    let of = |name: &str| judged.iter().find(|judged| judged.requirement == name);
    challenge
        .requirements
        .iter()
        .filter_map(move |requirement| of(&requirement.name))
}

/// Keeps what was met. That it cannot be kept is no reason to keep the verdict back.
fn note(root: &Path, lesson: &Lesson, challenge: &Challenge, met: usize) {
    let noted = Progress::read(root).and_then(|mut progress| {
        progress.judged(
            &lesson.id,
            &challenge.name,
            met,
            challenge.requirements.len(),
        );
        progress.write()
    });
    if let Err(error) = noted {
        anstream::eprintln!("note: your progress is not kept: {error:#}");
    }
}

fn tell_what_is_next(lesson: &Lesson, challenge: &Challenge, judged: &[Judged]) -> Result<()> {
    let mut out = anstream::stdout().lock();
    let name = &challenge.name;
    if let Some(first) = in_order(challenge, judged).find(|judged| !judged.is_met()) {
        let hint = format!("cargo xtask hint {} {name}", lesson.id);
        writeln!(out, "Next: {}", first.requirement)?;
        writeln!(out, "For a hint: {STRONG}{hint}{STRONG:#}\n")?;
        return Ok(());
    }
    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    let solution = slashes(&folder.join(challenges::solution(name)));
    writeln!(
        out,
        "Compare it with the reference solution: {STRONG}{solution}{STRONG:#}\n"
    )?;
    Ok(())
}
