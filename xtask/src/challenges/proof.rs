//! The proof that a judge judges well: the reference solutions meet every
//! requirement, the starters not all, programs that do nothing of use none, and
//! every mutant fails the requirement that it names.

use std::{
    collections::{BTreeMap, BTreeSet},
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
pub struct How<'a> {
    /// What builds the judge and the programs that it is tried with, and may stop it all.
    pub cargo: &'a Cargo,
    /// The only challenges that matter, by name; all of them, where there is none.
    pub only: Option<&'a BTreeSet<String>>,
    /// For each requirement; the judge's own, where there is none.
    pub timeout: Option<Duration>,
    /// Says nothing of what is going on.
    pub quiet: bool,
    /// Hears how many programs have been judged, of how many.
    pub tell: &'a (dyn Fn(usize, usize) + Sync),
}

impl How<'_> {
    fn is_asked(&self, challenge: &str) -> bool {
        self.only.is_none_or(|only| only.contains(challenge))
    }
}

/// Proves the challenges of a lesson. What is wrong is in the checks.
///
/// # Errors
///
/// When nothing can be judged at all.
pub async fn prove(root: &Path, lesson: &Lesson, how: &How<'_>) -> Result<Vec<Check>> {
    match Crate::build(how.cargo, root, lesson).await {
        Ok(built) => prove_built(root, lesson, &built, how).await,
        Err(error) => {
            let place = place(lesson, "challenges/Cargo.toml");
            let unbuilt = Err((Status::Unbuilt, format!("{error:#}")));
            Ok(vec![check(lesson, "judge", place, unbuilt)])
        }
    }
}

async fn prove_built(
    root: &Path,
    lesson: &Lesson,
    built: &Crate,
    how: &How<'_>,
) -> Result<Vec<Check>> {
    let all = built.judge.challenges().await?;
    let stand_ins = built.judge.stand_ins().await?;
    let mut checks = vec![check_page(lesson, &all)];
    let challenges = || all.iter().filter(|challenge| how.is_asked(&challenge.name));
    checks.extend(challenges().map(|challenge| check_hints(lesson, &challenge.name)));
    for challenge in challenges() {
        // Alone on the machine: only its own requirements run side by side.
        let claim = solution(lesson, built, challenge);
        checks.extend(judge_side_by_side(lesson, &built.judge, vec![claim], how).await?);
    }
    let mut claims = Vec::new();
    for challenge in challenges() {
        claims.push(starter(lesson, built, challenge));
        claims.extend(
            stand_ins
                .iter()
                .map(|name| stand_in(lesson, built, challenge, name)),
        );
    }
    match mutation::read(lesson) {
        Ok(mut mutants) => {
            checks.extend(challenges().map(|challenge| {
                let place = place(lesson, mutation::FILE);
                let name = format!("coverage {}", challenge.name);
                check(lesson, &name, place, mutation::cover(challenge, &mutants))
            }));
            mutants.retain(|mutant| how.is_asked(&mutant.challenge));
            claims.extend(mutation::claims(how.cargo, root, lesson, &all, &mutants).await?);
        }
        Err(error) => {
            let invalid = Err((Status::Invalid, format!("{error:#}")));
            checks.push(check(
                lesson,
                "coverage",
                place(lesson, mutation::FILE),
                invalid,
            ));
        }
    }
    checks.extend(judge_side_by_side(lesson, &built.judge, claims, how).await?);
    Ok(checks)
}

/// Judges what is claimed, some at once, and gives the checks in the claims' order.
async fn judge_side_by_side(
    lesson: &Lesson,
    judge: &Judge,
    claims: Vec<Claim>,
    how: &How<'_>,
) -> Result<Vec<Check>> {
    let all = claims.len();
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let going_on = Arc::new(Progress::of(all, how.quiet));
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
                outcome.as_ref().err().map(|(status, _)| *status),
            );
            anyhow::Ok((index, claim, outcome, began.elapsed()))
        });
    }
    let mut checks = BTreeMap::new();
    (how.tell)(0, all);
    while let Some(judged) = judging.join_next().await {
        let (index, claim, outcome, elapsed) = judged.context("a judge failed")??;
        let check = check(lesson, &claim.name, claim.place, outcome);
        checks.insert(
            index,
            Check {
                elapsed,
                runs: 1,
                ..check
            },
        );
        (how.tell)(checks.len(), all);
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
            "The page's challenges are `{}`, and the judge's are `{}`: they have to be the same, in the same order.",
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
    let wrong = match lesson.hints(challenge) {
        Err(error) => Some(format!("The hints cannot be read: {error}.")),
        Ok(hints) if hints.is_empty() => Some(format!(
            "There is no hint for `{challenge}`: begin each with a heading, such as `## What a read gives`."
        )),
        Ok(hints) => hints.iter().find(|hint| hint.text.is_empty()).map(|hint| {
            let title = &hint.title;
            format!("The hint `{title}` says nothing: write it below its heading.")
        }),
    };
    let outcome = wrong.map_or(Ok(()), |detail| Err((Status::Invalid, detail)));
    let place = place(lesson, &lesson::hint_file(challenge));
    check(lesson, &format!("hint-page {challenge}"), place, outcome)
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
        promise,
        candidate: match executable {
            Ok(executable) => Ok(executable.into()),
            Err(error) => Err((Status::Unbuilt, format!("{error:#}"))),
        },
    }
}

fn stand_in(lesson: &Lesson, built: &Crate, challenge: &Challenge, stand_in: &str) -> Claim {
    let name = &challenge.name;
    Claim {
        name: format!("stand-in {name} {stand_in}"),
        place: place(lesson, &format!("challenges/src/{name}.rs")),
        challenge: name.clone(),
        promise: Promise::MeetsNone,
        candidate: Ok(built.judge.stand_in(stand_in)),
    }
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
