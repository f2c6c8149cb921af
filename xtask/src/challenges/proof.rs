//! The proof that a judge judges well: the reference solutions meet every
//! requirement, the starters not all, programs that do nothing of use none, and
//! every mutant fails the requirement that it names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, iter,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use lesson::Lesson;
use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    Challenge, Crate, Judge,
    claim::{Claim, Failure, Place, Promise},
    mutation, package,
};
use crate::{
    cargo::Cargo,
    check::sentence,
    progress::Progress,
    verdict::{Check, Findings, Status, Stopped},
};

/// How many programs that are expected to fail are judged at once. Most of them only
/// wait.
const AT_ONCE: usize = 16;

/// The file of a lesson in which its judge begins.
const JUDGE: &str = "challenges/src/main.rs";

/// How a proof is gone about.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// The only challenges that matter, by name; all of them, where there are none.
    pub only: Option<&'a BTreeSet<String>>,
    /// For each requirement; the judge's own, where there is none.
    pub timeout: Option<Duration>,
    /// Says nothing of what is going on.
    pub quiet: bool,
    /// Hears of how many programs there is a verdict, and how many there are.
    pub tell: &'a (dyn Fn(usize, usize) + Sync),
}

/// A proof that is going on.
struct Proof<'a> {
    root: &'a Path,
    lesson: &'a Lesson,
    cargo: &'a Cargo,
    how: How<'a>,
    /// What is known so far.
    checks: Vec<Check>,
}

/// Proves the challenges of a lesson, as far as what may stop cargo lets it. What is wrong
/// is in the checks: that nothing can be judged at all, too.
pub async fn prove(root: &Path, lesson: &Lesson, cargo: &Cargo, how: How<'_>) -> Findings {
    let mut proof = Proof {
        root,
        lesson,
        cargo,
        how,
        checks: Vec::new(),
    };
    let stopped = match proof.go().await {
        Ok(()) => None,
        Err(_) if cargo.stop.is_asked() => Some(Stopped::Interrupted),
        Err(error) => {
            proof.unbuilt(JUDGE, format!("{error:#}"));
            None
        }
    };
    Findings {
        checks: proof.checks,
        stopped,
        ..Findings::default()
    }
}

impl Proof<'_> {
    /// Goes to the end, or until it is stopped, which is an error.
    async fn go(&mut self) -> Result<()> {
        let lesson = self.lesson;
        let built = match Crate::build(self.cargo, self.root, lesson).await {
            Ok(built) => built,
            Err(error) if self.cargo.stop.is_asked() => return Err(error),
            Err(error) => {
                self.unbuilt("challenges/Cargo.toml", format!("{error:#}"));
                self.check_without_judge();
                return Ok(());
            }
        };
        let (challenges, stand_ins) = match ask(&built.judge).await {
            Ok(told) => told,
            Err(error) if self.cargo.stop.is_asked() => return Err(error),
            Err(error) => {
                self.unbuilt(JUDGE, unanswered(lesson, &error));
                self.check_without_judge();
                return Ok(());
            }
        };
        self.checks.push(check_page(lesson, &challenges));
        let challenges: Vec<Challenge> = challenges
            .into_iter()
            .filter(|challenge| self.is_asked(&challenge.name))
            .collect();
        let hints = challenges
            .iter()
            .map(|challenge| check_hints(lesson, &challenge.name));
        self.checks.extend(hints);
        for challenge in &challenges {
            // Alone on the machine: only its own requirements run side by side.
            let claim = solution(lesson, &built, challenge);
            self.judge_side_by_side(&built.judge, vec![claim]).await?;
        }
        let mut claims = Vec::new();
        for challenge in &challenges {
            claims.push(starter(lesson, &built, challenge));
            let requirements = requirements(lesson, challenge);
            claims.extend(stand_ins.iter().map(|name| {
                let promise = Promise::MeetsNone(requirements.clone());
                stand_in(lesson, &built, challenge, name, promise)
            }));
        }
        claims.extend(self.mutants(&challenges).await?);
        self.judge_side_by_side(&built.judge, claims).await
    }

    /// There is no judge, or none that can be asked, and that is to be mended in this file.
    fn unbuilt(&mut self, file: &str, detail: String) {
        let place = Place::of(self.lesson, file);
        let unbuilt = Err((Status::Unbuilt, detail));
        self.checks
            .push(check(self.lesson, "judge", place, unbuilt));
    }

    /// What can be said where there is no judge.
    fn check_without_judge(&mut self) {
        let lesson = self.lesson;
        let challenges = lesson.challenges.iter().map(|item| &item.name);
        let asked: Vec<&String> = challenges.filter(|name| self.is_asked(name)).collect();
        let hints = asked.into_iter().map(|name| check_hints(lesson, name));
        self.checks.extend(hints);
        if let Err(error) = mutation::read(lesson) {
            self.checks.push(unread(lesson, &error));
        }
    }

    fn is_asked(&self, challenge: &str) -> bool {
        self.how.only.is_none_or(|only| only.contains(challenge))
    }

    /// What the mutants claim, once it is checked that there are enough of them.
    async fn mutants(&mut self, challenges: &[Challenge]) -> Result<Vec<Claim>> {
        let (lesson, place) = (self.lesson, Place::of(self.lesson, mutation::FILE));
        let mut mutants = match mutation::read(lesson) {
            Ok(mutants) => mutants,
            Err(error) => {
                self.checks.push(unread(lesson, &error));
                return Ok(Vec::new());
            }
        };
        self.checks.extend(challenges.iter().map(|challenge| {
            let name = format!("coverage {}", challenge.name);
            let covered = mutation::cover(challenge, &mutants);
            check(lesson, &name, place.clone(), covered)
        }));
        if self.how.only.is_some() {
            mutants.retain(|mutant| self.is_asked(&mutant.challenge));
        }
        match mutation::claims(self.root, lesson, challenges, &mutants, self.cargo).await {
            Err(error) if !self.cargo.stop.is_asked() => {
                let unbuilt = Err((Status::Unbuilt, sentence(&format!("{error:#}"))));
                self.checks.push(check(lesson, "mutants", place, unbuilt));
                Ok(Vec::new())
            }
            claims => claims,
        }
    }

    /// Judges what is claimed, some at once, and adds the checks in the claims' order.
    async fn judge_side_by_side(&mut self, judge: &Judge, claims: Vec<Claim>) -> Result<()> {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let all = claims.len();
        let going_on = Arc::new(Progress::of(all, self.how.quiet));
        let mut judging = JoinSet::new();
        for (index, claim) in claims.into_iter().enumerate() {
            let (turns, judge) = (Arc::clone(&turns), judge.clone());
            let (going_on, timeout) = (Arc::clone(&going_on), self.how.timeout);
            let stop = self.cargo.stop.clone();
            judging.spawn(async move {
                let _turn = turns.acquire().await?;
                if stop.is_asked() {
                    return Ok(None);
                }
                let began = Instant::now();
                going_on.began(&claim.name);
                let outcome = claim.judge(&judge, timeout).await;
                if outcome.is_err() && stop.is_asked() {
                    return Ok(None);
                }
                going_on.ended(
                    &claim.name,
                    outcome.as_ref().err().map(|(_, (status, _))| *status),
                );
                anyhow::Ok(Some((index, claim, outcome, began.elapsed())))
            });
        }
        let mut checks = BTreeMap::new();
        let mut is_whole = true;
        (self.how.tell)(0, all);
        while let Some(judged) = judging.join_next().await {
            let Some((index, claim, outcome, elapsed)) = judged.context("a judge failed")?? else {
                is_whole = false;
                continue;
            };
            let (place, outcome) = match outcome {
                Ok(()) => (claim.place, Ok(())),
                Err((place, failure)) => (place, Err(failure)),
            };
            let check = check(self.lesson, &claim.name, place, outcome);
            checks.insert(
                index,
                Check {
                    elapsed,
                    runs: 1,
                    ..check
                },
            );
            (self.how.tell)(checks.len(), all);
        }
        self.checks.extend(checks.into_values());
        ensure!(is_whole, "the proof was stopped");
        Ok(())
    }
}

/// What a judge says before anything is judged: its challenges, and the names of its
/// stand-ins.
async fn ask(judge: &Judge) -> Result<(Vec<Challenge>, Vec<String>)> {
    let challenges = judge.challenges().await;
    let challenges = challenges.context("the judge does not answer `list`")?;
    let stand_ins = judge.stand_ins().await;
    let stand_ins = stand_ins.context("the judge does not answer `stand-ins`")?;
    Ok((challenges, stand_ins))
}

/// What there is to tell of a judge that does not say what it judges.
fn unanswered(lesson: &Lesson, error: &anyhow::Error) -> String {
    format!(
        "{}\n\n`cargo run --package {package} --bin {package} -- list`, or `stand-ins`, shows what it says instead.",
        sentence(&format!("{error:#}")),
        package = package(lesson),
    )
}

/// The mutants cannot be read.
fn unread(lesson: &Lesson, error: &anyhow::Error) -> Check {
    let place = Place {
        line: mutation::line_of(lesson, error),
        ..Place::of(lesson, mutation::FILE)
    };
    let invalid = Err((Status::Invalid, format!("{error:#}")));
    check(lesson, "coverage", place, invalid)
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
    let place = Place::of(lesson, lesson::hint_file(challenge));
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
        place: Place::of(lesson, format!("challenges/{what}s/{name}.rs")),
        challenge: name.clone(),
        alone: matches!(promise, Promise::MeetsAll)
            .then(|| format!("cargo xtask verify {} {name} --solution", lesson.id)),
        promise,
        candidate: match executable {
            Ok(executable) => Ok(executable.into()),
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
        place: Place::of(lesson, format!("challenges/src/{}.rs", module(name))),
        challenge: name.clone(),
        promise,
        alone: None,
        candidate: Ok(built.judge.stand_in(stand_in)),
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
                let file = Place::of(lesson, &file).file;
                places.insert(requirement.name.clone(), Place { file, line });
            }
        }
    }
    places
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
        spots: Vec::new(),
    }
}
