//! What the mutants of a lesson claim: each fails the requirement that it names,
//! and every requirement is named.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use lesson::Lesson;

use super::{
    Challenge,
    claim::{Claim, Failure, Place, Promise, lines},
    mutants::{self, Mutant},
    named, package, proof, solution,
};
use crate::{cargo::Cargo, verdict::Status};

/// Where the mutants are written down, from the lesson's folder.
pub(super) const FILE: &str = "challenges/mutants.toml";

/// Reads a lesson's mutants.
///
/// # Errors
///
/// When the file cannot be read or understood.
pub(super) fn read(lesson: &Lesson) -> Result<Vec<Mutant>> {
    let path = lesson.folder.join(FILE);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Mutant::parse(&text)
}

/// Whether a mutant is aimed at each requirement of a challenge.
///
/// # Errors
///
/// The requirements at which none is.
pub(super) fn cover(challenge: &Challenge, mutants: &[Mutant]) -> Result<(), Failure> {
    let is_aimed_at = |requirement: &str| {
        mutants
            .iter()
            .any(|mutant| mutant.challenge == challenge.name && mutant.fails == requirement)
    };
    let missed = || {
        let names = challenge
            .requirements
            .iter()
            .map(|requirement| &requirement.name);
        names.filter(|name| !is_aimed_at(name))
    };
    if missed().next().is_none() {
        return Ok(());
    }
    let detail = format!(
        "No mutant is aimed at these requirements of `{}`, so nobody knows whether they can fail:\n{}\n\n\
         Write one for each: a mistake that people make, as one change to the solution.",
        challenge.name,
        lines(missed().map(|name| format!("  {name}"))),
    );
    Err((Status::Mismatch, detail))
}

/// Makes the mutants and builds them, all together.
///
/// # Errors
///
/// When cargo cannot be started, or was stopped. What is wrong with one mutant is in its claim.
pub(super) async fn claims(
    cargo: &Cargo,
    root: &Path,
    lesson: &Lesson,
    challenges: &[Challenge],
    mutants: &[Mutant],
) -> Result<Vec<Claim>> {
    let sources: Vec<Result<String>> = mutants
        .iter()
        .map(|mutant| source(lesson, challenges, mutant))
        .collect();
    let to_build: BTreeMap<String, &str> = mutants
        .iter()
        .zip(&sources)
        .filter_map(|(mutant, source)| {
            Some((mutant.binary(&lesson.id), source.as_ref().ok()?.as_str()))
        })
        .collect();
    let executables = mutants::build(cargo, root, &package(lesson), &to_build).await?;
    let claims = mutants.iter().zip(sources).map(|(mutant, source)| {
        let candidate = match (source, executables.get(&mutant.binary(&lesson.id))) {
            (Err(error), _) => Err((Status::Invalid, format!("{error:#}"))),
            (Ok(_), None) => {
                let detail = "Cargo could not build it. What it said stands above.";
                Err((Status::Unbuilt, detail.to_owned()))
            }
            (Ok(_), Some(executable)) => Ok(executable.as_path().into()),
        };
        Claim {
            name: format!("mutant {} {}", mutant.challenge, mutant.number),
            place: Place {
                line: mutant.line,
                ..proof::place(lesson, FILE)
            },
            challenge: mutant.challenge.clone(),
            promise: Promise::Fails(mutant.fails.clone()),
            candidate,
        }
    });
    Ok(claims.collect())
}

/// The right solution with the mutant's one change.
fn source(lesson: &Lesson, challenges: &[Challenge], mutant: &Mutant) -> Result<String> {
    let names = challenges.iter().map(|challenge| challenge.name.as_str());
    named(names, &mutant.challenge)?;
    let challenge = challenges
        .iter()
        .find(|challenge| challenge.name == mutant.challenge);
    let requirements = challenge.map_or(&[][..], |challenge| &challenge.requirements);
    let names = || {
        requirements
            .iter()
            .map(|requirement| requirement.name.as_str())
    };
    if names().all(|name| name != mutant.fails) {
        let nearest = names().min_by_key(|name| strsim::damerau_levenshtein(name, &mutant.fails));
        bail!(
            "the challenge `{}` has no requirement `{}`{}",
            mutant.challenge,
            mutant.fails,
            nearest.map_or(String::new(), |name| format!(": did you mean `{name}`?"))
        );
    }
    let path = lesson.folder.join(solution(&mutant.challenge));
    let solution =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    mutant.apply(&solution)
}
