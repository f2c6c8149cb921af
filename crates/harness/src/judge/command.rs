//! The command line of a judge: what `cargo xtask verify` and `check --challenges`
//! start. It prints one JSON value a line; what people read is made of those.

use std::{
    ffi::OsString,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, Subcommand};
use serde::Serialize;

use super::{Challenge, Command, Limits, NotMet, Outcome, doomed, judge, stand_in::StandIn};

/// Judges programs that take on a lesson's challenges.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    asked: Asked,
}

#[derive(Debug, Subcommand)]
enum Asked {
    /// Print the challenges and what they require, one JSON object a challenge
    List,
    /// Judge what a command starts, one JSON object a requirement
    Judge {
        /// The challenge's name
        challenge: String,
        /// Judge this requirement only; may be given several times
        #[arg(long = "requirement", value_name = "NAME")]
        requirements: Vec<String>,
        /// Seconds after which a requirement is given up
        #[arg(long, value_name = "SECS")]
        timeout: Option<f64>,
        /// What starts the candidate; the contract's arguments come after it
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// Print the names of programs that meet no requirement, as one JSON array
    StandIns,
    /// Be such a program
    StandIn {
        /// Its name
        #[arg(value_parser = StandIn::named)]
        name: StandIn,
        /// The contract's arguments, of which the last is an address
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Be a server that says something to the first client, and waits to be killed
    Doomed {
        /// What it says, as one line
        greeting: String,
    },
}

/// The program of a challenges crate: lists its challenges, or judges a candidate.
///
/// ```text
/// list
/// judge CHALLENGE [--requirement NAME]… [--timeout SECS] -- COMMAND [ARG]…
/// ```
///
/// `list` prints, for each challenge, one line
/// `{"challenge": …, "summary": …, "requirements": [{"name": …, "reason": …}]}`;
/// `judge` prints, for each requirement and as soon as it is judged, one line
/// `{"requirement": …, "verdict": …, "seconds": …, "report": …}`, with the verdict `met`,
/// `not met`, or `unclear` where the machine was too busy to tell.
///
/// The exit code is 0 where every requirement that was asked for is met, 1 where one
/// is not, or is unclear, and 2 where it could not be judged; standard error says why.
#[must_use]
pub fn main(challenges: &[Challenge]) -> ExitCode {
    let cli = Cli::parse();
    let obeyed = tokio::runtime::Runtime::new()
        .map_err(Refusal::from)
        .and_then(|runtime| {
            runtime.block_on(async {
                tokio::select! {
                    obeyed = obey(cli.asked, challenges) => obeyed,
                    // The runtime ends, and with it all trials and their candidates.
                    interrupted = interrupted() => interrupted,
                }
            })
        });
    obeyed.unwrap_or_else(|Refusal(why)| {
        eprintln!("error: {why}");
        ExitCode::from(2)
    })
}

/// Why nothing could be judged.
struct Refusal(String);

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self(format!("the judge cannot go on: {error}"))
    }
}

async fn obey(asked: Asked, challenges: &[Challenge]) -> Result<ExitCode, Refusal> {
    match asked {
        Asked::List => {
            for challenge in challenges {
                print(&Listed::from(challenge))?;
            }
        }
        Asked::Judge {
            challenge,
            requirements,
            timeout,
            command,
        } => {
            let challenge = find(challenges, &challenge)?;
            check_names(challenge, &requirements)?;
            let (limits, command) = (limits(timeout)?, parse_command(command)?);
            return judge_and_tell(challenge, &requirements, limits, &command).await;
        }
        Asked::StandIns => print(&StandIn::ALL.map(StandIn::name))?,
        Asked::Doomed { greeting } => doomed::serve(&greeting).await?,
        Asked::StandIn { name, args } => {
            return Ok(name.run(args.last().map(String::as_str)).await);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn judge_and_tell(
    challenge: &Challenge,
    requirements: &[String],
    limits: Limits,
    command: &Command,
) -> Result<ExitCode, Refusal> {
    let selected = |name: &str| requirements.is_empty() || requirements.iter().any(|it| it == name);
    let mut all_met = true;
    let mut trouble = Ok(());
    judge(
        challenge,
        |requirement| selected(requirement.name),
        command,
        limits,
        |outcome| {
            all_met &= outcome.verdict.is_ok();
            let told = match &outcome.verdict {
                Err(NotMet::Trouble(why)) => Err(Refusal(why.clone())),
                _ => print(&Told::from(&outcome)).map_err(Refusal::from),
            };
            if trouble.is_ok() {
                trouble = told;
            }
        },
    )
    .await;
    trouble?;
    Ok(if all_met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn find<'a>(challenges: &'a [Challenge], name: &str) -> Result<&'a Challenge, Refusal> {
    challenges
        .iter()
        .find(|challenge| challenge.name == name)
        .ok_or_else(|| Refusal(format!("there is no challenge `{name}`")))
}

fn check_names(challenge: &Challenge, names: &[String]) -> Result<(), Refusal> {
    let known = |name: &&String| {
        challenge
            .requirements
            .iter()
            .any(|it| it.name == name.as_str())
    };
    match names.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(name) => Err(Refusal(format!(
            "the challenge `{}` has no requirement `{name}`",
            challenge.name
        ))),
    }
}

/// Nobody waits longer than a year.
const LONGEST: Duration = Duration::from_hours(365 * 24);

fn limits(timeout: Option<f64>) -> Result<Limits, Refusal> {
    let Some(seconds) = timeout else {
        return Ok(Limits::default());
    };
    let time = Duration::try_from_secs_f64(seconds)
        .map_err(|error| Refusal(format!("--timeout {seconds}: {error}")))?;
    Ok(Limits::within(time.min(LONGEST)))
}

fn parse_command(command: Vec<OsString>) -> Result<Command, Refusal> {
    let mut words = command.into_iter();
    let executable = words
        .next()
        .ok_or_else(|| Refusal("no command to judge".to_owned()))?;
    Ok(Command {
        executable: executable.into(),
        args: words.collect(),
        dir: std::env::current_dir()?,
    })
}

/// One line on standard output, at once.
fn print(value: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Ctrl-C, or SIGTERM where there is one.
async fn interrupted() -> Result<ExitCode, Refusal> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Err(Refusal("interrupted".to_owned()))
}

#[derive(Serialize)]
struct Listed {
    challenge: &'static str,
    summary: &'static str,
    requirements: Vec<ListedRequirement>,
}

#[derive(Serialize)]
struct ListedRequirement {
    name: &'static str,
    reason: &'static str,
}

impl From<&Challenge> for Listed {
    fn from(challenge: &Challenge) -> Self {
        let requirements = challenge
            .requirements
            .iter()
            .map(|requirement| ListedRequirement {
                name: requirement.name,
                reason: requirement.reason,
            })
            .collect();
        Self {
            challenge: challenge.name,
            summary: challenge.summary,
            requirements,
        }
    }
}

#[derive(Serialize)]
struct Told<'a> {
    requirement: &'static str,
    verdict: &'static str,
    seconds: f64,
    report: &'a str,
}

impl<'a> From<&'a Outcome> for Told<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        Self {
            requirement: outcome.requirement,
            verdict: match &outcome.verdict {
                Ok(()) => "met",
                Err(NotMet::Unclear { .. }) => "unclear",
                Err(_) => "not met",
            },
            seconds: outcome.elapsed.as_secs_f64(),
            report: &outcome.report,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_takes_whatever_arguments_a_contract_has() {
        let words = [
            "judge",
            "stand-in",
            "exits-at-once",
            "--seed",
            "7",
            "1.2.3.4:5",
        ];
        match Cli::try_parse_from(words).unwrap().asked {
            Asked::StandIn { args, .. } => assert_eq!(args, ["--seed", "7", "1.2.3.4:5"]),
            asked => panic!("{asked:?}"),
        }
    }

    #[test]
    fn whoever_has_all_the_time_in_the_world_gets_a_year() {
        for seconds in [1e9, 1e19] {
            let limits = limits(Some(seconds)).map_err(|Refusal(why)| why).unwrap();
            assert_eq!(limits.time, LONGEST);
        }
        assert!(limits(Some(-1.0)).is_err());
    }
}
