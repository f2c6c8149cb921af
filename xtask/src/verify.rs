//! `verify`: judges a learner's work, the reference solution, or any program.

use std::{ffi::OsString, io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

use crate::{
    challenges::{Challenge, Crate, Judged},
    cli, course,
    verdict::Outcome,
};

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
    let built = Crate::build(root, lesson)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let challenges = runtime.block_on(built.judge.challenges())?;
    let selected = select(&challenges, args.challenge.as_deref())?;

    let mut outcome = Outcome::Holds;
    for challenge in selected {
        let command = command(&built, challenge, args)?;
        let judging = built
            .judge
            .judge(&challenge.name, &[], &command, args.timeout, |_| ());
        let judged = runtime.block_on(judging)?;
        report(challenge, &judged)?;
        if judged.iter().any(|judged| !judged.met) {
            outcome = Outcome::Fails;
        }
    }
    Ok(outcome)
}

fn select<'a>(challenges: &'a [Challenge], name: Option<&str>) -> Result<Vec<&'a Challenge>> {
    let Some(name) = name else {
        return Ok(challenges.iter().collect());
    };
    if let Some(challenge) = challenges.iter().find(|challenge| challenge.name == name) {
        return Ok(vec![challenge]);
    }
    let names: Vec<&str> = challenges
        .iter()
        .map(|challenge| challenge.name.as_str())
        .collect();
    bail!(
        "there is no challenge `{name}`: there are {}",
        names.join(", ")
    )
}

fn command(built: &Crate, challenge: &Challenge, args: &cli::Verify) -> Result<Vec<OsString>> {
    if let Some(command) = &args.command {
        let words = shell_words::split(command)
            .with_context(|| format!("cannot split the command {command:?}"))?;
        if words.is_empty() {
            bail!(
                "the command is empty: write what starts your program, such as --command \"node chat.mjs\""
            );
        }
        return Ok(words.into_iter().map(OsString::from).collect());
    }
    if args.solution {
        return Ok(vec![built.solution(&challenge.name)?.into()]);
    }
    bail!("name what to judge: --solution, or --command \"…\" for a program of yours")
}

/// First what is not met, with its conversation, then each requirement in a line:
/// the end of a long output is what a terminal shows.
fn report(challenge: &Challenge, judged: &[Judged]) -> Result<()> {
    let of = |name: &str| judged.iter().find(|judged| judged.requirement == name);
    let mut out = anstream::stdout().lock();
    for judged in challenge
        .requirements
        .iter()
        .filter_map(|requirement| of(&requirement.name))
    {
        if judged.met {
            continue;
        }
        writeln!(
            out,
            "{BAD}not met{BAD:#}  {STRONG}{}: {}{STRONG:#}\n",
            challenge.name, judged.requirement
        )?;
        for line in judged.report.lines() {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    for requirement in &challenge.requirements {
        let (style, word) = match of(&requirement.name) {
            Some(judged) if judged.met => (GOOD, "met"),
            _ => (BAD, "not met"),
        };
        writeln!(
            out,
            "{style}{word:>9}{style:#}  {}: {}",
            challenge.name, requirement.name
        )?;
    }
    let met = judged.iter().filter(|judged| judged.met).count();
    let all = challenge.requirements.len();
    let style = if met == all { GOOD } else { BAD };
    writeln!(
        out,
        "\n{style}{}: {met} of {all} requirements are met{style:#}\n",
        challenge.name
    )?;
    out.flush()?;
    Ok(())
}
