//! The proof that a judge judges well: the reference solutions meet every
//! requirement, the starters not all, programs that do nothing of use none, and
//! every mutant fails the requirement that it names.

use std::{
    collections::BTreeMap,
    fs, iter,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use lesson::Lesson;
use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    Challenge, Crate, Judge,
    claim::{Claim, Failure, Place, Promise},
    mutation,
};
use crate::{
    cargo::Cargo,
    progress::Progress,
    verdict::{Check, Status},
};

/// How many programs that are expected to fail are judged at once. Most of them only
/// wait.
const AT_ONCE: usize = 16;

/// How the proof is gone about.
struct How {
    /// For each requirement; the judge's own, where there is none.
    timeout: Option<Duration>,
    /// Says nothing of what is going on.
    quiet: bool,
}

/// Proves the challenges of a lesson. What is wrong is in the checks.
///
/// # Errors
///
/// When nothing can be judged at all.
pub async fn prove(
    root: &Path,
    lesson: &Lesson,
    timeout: Option<Duration>,
    quiet: bool,
) -> Result<Vec<Check>> {
    match Crate::build(&Cargo::default(), root, lesson).await {
        Ok(built) => {
            let how = How { timeout, quiet };
            prove_built(root, lesson, &built, &how).await
        }
        Err(error) => {
            let place = place(lesson, "challenges/Cargo.toml");
            let unbuilt = Err((Status::Unbuilt, format!("{error:#}")));
            let mut checks = vec![check(lesson, "judge", place, unbuilt)];
            // What needs no judge.
            let names = lesson.challenges.iter().map(|item| &item.name);
            checks.extend(names.map(|name| check_hints(lesson, name)));
            checks.extend(
                mutation::read(lesson)
                    .err()
                    .map(|error| unread(lesson, &error)),
            );
            Ok(checks)
        }
    }
}

async fn prove_built(root: &Path, lesson: &Lesson, built: &Crate, how: &How) -> Result<Vec<Check>> {
    let challenges = built.judge.challenges().await?;
    let stand_ins = built.judge.stand_ins().await?;
    let mut checks = vec![check_page(lesson, &challenges)];
    checks.extend(
        challenges
            .iter()
            .map(|challenge| check_hints(lesson, &challenge.name)),
    );
    for challenge in &challenges {
        // Alone on the machine: only its own requirements run side by side.
        let claim = solution(lesson, built, challenge);
        checks.extend(judge_side_by_side(lesson, &built.judge, vec![claim], how).await?);
    }
    let mut claims = Vec::new();
    for challenge in &challenges {
        claims.push(starter(lesson, built, challenge));
        let requirements = requirements(lesson, challenge);
        claims.extend(stand_ins.iter().map(|name| {
            let promise = Promise::MeetsNone(requirements.clone());
            stand_in(lesson, built, challenge, name, promise)
        }));
    }
    match mutation::read(lesson) {
        Ok(mutants) => {
            checks.extend(challenges.iter().map(|challenge| {
                let place = place(lesson, mutation::FILE);
                let name = format!("coverage {}", challenge.name);
                check(lesson, &name, place, mutation::cover(challenge, &mutants))
            }));
            claims.extend(mutation::claims(root, lesson, &challenges, &mutants).await?);
        }
        Err(error) => checks.push(unread(lesson, &error)),
    }
    checks.extend(judge_side_by_side(lesson, &built.judge, claims, how).await?);
    Ok(checks)
}

/// The mutants cannot be read.
fn unread(lesson: &Lesson, error: &anyhow::Error) -> Check {
    let place = Place {
        line: mutation::line_of(lesson, error),
        ..place(lesson, mutation::FILE)
    };
    let invalid = Err((Status::Invalid, format!("{error:#}")));
    check(lesson, "coverage", place, invalid)
}

/// Judges what is claimed, some at once, and gives the checks in the claims' order.
async fn judge_side_by_side(
    lesson: &Lesson,
    judge: &Judge,
    claims: Vec<Claim>,
    how: &How,
) -> Result<Vec<Check>> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let going_on = Arc::new(Progress::of(claims.len(), how.quiet));
    let mut judging = JoinSet::new();
    for (index, claim) in claims.into_iter().enumerate() {
        let (turns, judge) = (Arc::clone(&turns), judge.clone());
        let (going_on, timeout) = (Arc::clone(&going_on), how.timeout);
        judging.spawn(async move {
            let _turn = turns.acquire().await?;
            let began = Instant::now();
            going_on.began(&claim.name);
            let outcome = claim.judge(&judge, timeout).await;
            going_on.ended(
                &claim.name,
                outcome.as_ref().err().map(|(_, (status, _))| *status),
            );
            anyhow::Ok((index, claim, outcome, began.elapsed()))
        });
    }
    let mut checks = BTreeMap::new();
    while let Some(judged) = judging.join_next().await {
        let (index, claim, outcome, elapsed) = judged.context("a judge failed")??;
        let (place, outcome) = match outcome {
            Ok(()) => (claim.place, Ok(())),
            Err((place, failure)) => (place, Err(failure)),
        };
        let check = check(lesson, &claim.name, place, outcome);
        checks.insert(
            index,
            Check {
                elapsed,
                runs: 1,
                ..check
            },
        );
    }
    Ok(checks.into_values().collect())
}

/// The page and the judge have to know the same challenges.
fn check_page(lesson: &Lesson, challenges: &[Challenge]) -> Check {
    let judged: Vec<&str> = challenges
        .iter()
        .map(|challenge| challenge.name.as_str())
        .collect();
    let told: Vec<&str> = lesson
        .challenges
        .iter()
        .map(|item| item.name.as_str())
        .collect();
    let outcome = if judged == told {
        Ok(())
    } else {
        let detail = format!(
            "The page's challenges are `{}`, and the judge's are `{}`: they have to be the same, in the same order. \
             The judge's are named in challenges/src/main.rs.",
            told.join("`, `"),
            judged.join("`, `"),
        );
        Err((Status::Mismatch, detail))
    };
    let line = lesson.challenges.first().map_or(1, |item| item.line);
    let place = Place {
        file: lesson.page.clone(),
        line,
    };
    check(lesson, "judge", place, outcome)
}

/// Whoever is stuck finds a hint for each challenge.
fn check_hints(lesson: &Lesson, challenge: &str) -> Check {
    let place = place(lesson, &lesson::hint_file(challenge));
    let wrong = match lesson.hints(challenge) {
        Err(refusal) => Some((
            1,
            format!(
                "This file {refusal}. Write it: each hint below a heading, such as `## What a read gives`, from a nudge \
                 to almost the answer."
            ),
        )),
        Ok(hints) if hints.is_empty() => Some((
            1,
            format!(
                "There is no hint for `{challenge}`: begin each with a heading, such as `## What a read gives`."
            ),
        )),
        Ok(hints) => hints.iter().find(|hint| hint.text.is_empty()).map(|hint| {
            let title = &hint.title;
            (
                hint.line,
                format!("The hint `{title}` says nothing: write it below its heading."),
            )
        }),
    };
    let name = format!("hint-page {challenge}");
    match wrong {
        None => check(lesson, &name, place, Ok(())),
        Some((line, detail)) => {
            let outcome = Err((Status::Invalid, detail));
            check(lesson, &name, Place { line, ..place }, outcome)
        }
    }
}

fn solution(lesson: &Lesson, built: &Crate, challenge: &Challenge) -> Claim {
    let executable = built.solution(&challenge.name);
    claim(lesson, "solution", challenge, Promise::MeetsAll, executable)
}

fn starter(lesson: &Lesson, built: &Crate, challenge: &Challenge) -> Claim {
    let executable = built.starter(&challenge.name);
    claim(
        lesson,
        "starter",
        challenge,
        Promise::MeetsNotAll,
        executable,
    )
}

fn claim(
    lesson: &Lesson,
    what: &str,
    challenge: &Challenge,
    promise: Promise,
    executable: Result<&Path>,
) -> Claim {
    let name = &challenge.name;
    Claim {
        name: format!("{what} {name}"),
        place: place(lesson, &format!("challenges/{what}s/{name}.rs")),
        challenge: name.clone(),
        alone: matches!(promise, Promise::MeetsAll)
            .then(|| format!("cargo xtask verify {} {name} --solution", lesson.id)),
        promise,
        command: match executable {
            Ok(executable) => Ok(vec![executable.into()]),
            Err(error) => Err((Status::Unbuilt, format!("{error:#}"))),
        },
    }
}

fn stand_in(
    lesson: &Lesson,
    built: &Crate,
    challenge: &Challenge,
    stand_in: &str,
    promise: Promise,
) -> Claim {
    let name = &challenge.name;
    Claim {
        name: format!("stand-in {name} {stand_in}"),
        place: place(lesson, &format!("challenges/src/{}.rs", module(name))),
        challenge: name.clone(),
        promise,
        alone: None,
        command: Ok(built.judge.stand_in(stand_in)),
    }
}

/// The module of the judge that a challenge has.
fn module(challenge: &str) -> String {
    challenge.replace('-', "_")
}

/// Where each requirement of a challenge is named in the judge's sources, as far as they
/// write its name in one piece.
fn requirements(lesson: &Lesson, challenge: &Challenge) -> BTreeMap<String, Place> {
    let module = format!("challenges/src/{}", module(&challenge.name));
    let parts = fs::read_dir(lesson.folder.join(&module))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .map(|name| format!("{module}/{name}"));
    let mut places = BTreeMap::new();
    for file in iter::once(format!("{module}.rs")).chain(parts) {
        let text = lesson.text_of(&file).unwrap_or_default();
        for requirement in &challenge.requirements {
            let name = format!("{:?}", requirement.name);
            if let Some(at) = text.find(&name) {
                let line = text[..at].matches('\n').count() + 1;
                let file = place(lesson, &file).file;
                places.insert(requirement.name.clone(), Place { file, line });
            }
        }
    }
    places
}

/// The beginning of a file of the lesson.
pub(super) fn place(lesson: &Lesson, file: &str) -> Place {
    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    Place {
        file: folder.join(file),
        line: 1,
    }
}

fn check(lesson: &Lesson, name: &str, place: Place, outcome: Result<(), Failure>) -> Check {
    let (status, detail) = match outcome {
        Ok(()) => (Status::Passed, None),
        Err((status, detail)) => (status, Some(detail)),
    };
    Check {
        lesson: lesson.id.clone(),
        name: name.to_owned(),
        file: place.file,
        line: place.line,
        status,
        elapsed: Duration::ZERO,
        runs: 0,
        names: BTreeMap::new(),
        detail,
    }
}
