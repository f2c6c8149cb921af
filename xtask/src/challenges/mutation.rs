//! What the mutants of a lesson claim: each fails the requirement that it names,
//! and every requirement is named.

use std::{
    collections::BTreeMap,
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    slice,
};

use anyhow::{Context, Result, bail};
use lesson::Lesson;

use super::{
    Challenge,
    claim::{Claim, Failure, Place, Promise, lines},
    mutants::{self, Mutant},
    named, package, solution,
};
use crate::{cargo::Cargo, check::sentence, verdict::Status};

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

/// The line of [`FILE`] on which something is wrong, counted from 1.
pub(super) fn line_of(lesson: &Lesson, error: &anyhow::Error) -> usize {
    let span = error
        .downcast_ref()
        .and_then(|error: &toml::de::Error| error.span());
    let text = lesson.text_of(FILE).unwrap_or_default();
    span.map_or(1, |span| mutants::line_of(&text, &span))
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
        "No mutant is aimed at these requirements of `{challenge}`, so nobody knows whether they can fail:\n{}\n\n\
         Write one for each, a mistake that people make, as one change to the solution:\n\n{}",
        lines(missed().map(|name| format!("  {name}"))),
        lines(missed().map(|name| skeleton(&challenge.name, name))),
        challenge = challenge.name,
    );
    Err((Status::Mismatch, detail))
}

/// A mutant to fill in.
fn skeleton(challenge: &str, requirement: &str) -> String {
    let [challenge, requirement] =
        [challenge, requirement].map(|text| toml::Value::from(text).to_string());
    format!(
        "[[mutant]]\nchallenge = {challenge}\nfails = {requirement}\nreplace = '…'\nwith = '…'\n"
    )
}

/// Makes the mutants and builds them, all together.
///
/// # Errors
///
/// When cargo cannot be started. What is wrong with one mutant is in its claim.
pub(super) async fn claims(
    root: &Path,
    lesson: &Lesson,
    challenges: &[Challenge],
    mutants: &[Mutant],
    cargo: &Cargo,
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
    let built = mutants::build(cargo, root, &package(lesson), &to_build).await?;
    let claims = mutants.iter().zip(sources).map(|(mutant, source)| {
        let binary = mutant.binary(&lesson.id);
        let candidate = match (source, built.executable(&binary)) {
            (Err(error), _) => Err((Status::Invalid, sentence(&format!("{error:#}")))),
            (Ok(_), None) => Err((Status::Unbuilt, built.why_not(&binary))),
            (Ok(_), Some(executable)) => Ok(executable.into()),
        };
        Claim {
            name: format!("mutant {} {}", mutant.challenge, mutant.number),
            place: Place {
                line: mutant.line,
                ..Place::of(lesson, FILE)
            },
            challenge: mutant.challenge.clone(),
            promise: Promise::Fails(mutant.fails.clone()),
            alone: Some(format!(
                "cargo xtask verify {} {} --mutant {}",
                lesson.id, mutant.challenge, mutant.number
            )),
            candidate,
        }
    });
    Ok(claims.collect())
}

/// One mutant, built alone.
pub(crate) struct Mutated {
    /// Where it is written down, from the course's root.
    pub(crate) file: PathBuf,
    /// The line there on which it begins, counted from 1.
    pub(crate) line: usize,
    /// The requirement that it is aimed at.
    pub(crate) fails: String,
    /// The wrong solution.
    pub(crate) executable: PathBuf,
}

impl Mutated {
    /// Makes and builds the mutant of a challenge that has this number, as a check calls
    /// it: counted from 1.
    ///
    /// # Errors
    ///
    /// When there is no such mutant, it cannot be made, or does not build.
    pub(crate) async fn build(
        cargo: &Cargo,
        root: &Path,
        lesson: &Lesson,
        challenge: &Challenge,
        number: NonZeroUsize,
    ) -> Result<Self> {
        let mutants = read(lesson)?;
        let of_challenge: Vec<&Mutant> = mutants
            .iter()
            .filter(|mutant| mutant.challenge == challenge.name)
            .collect();
        let Some(&mutant) = of_challenge.get(number.get() - 1) else {
            bail!(
                "`{}` has no mutant {number}. Those of {FILE} are\n{}",
                challenge.name,
                lines(of_challenge.iter().map(|mutant| format!(
                    "  {}  (line {})  {}",
                    mutant.number, mutant.line, mutant.fails
                )))
            );
        };
        let source = source(lesson, slice::from_ref(challenge), mutant)?;
        let binary = mutant.binary(&lesson.id);
        let sources = BTreeMap::from([(binary.clone(), source.as_str())]);
        let built = mutants::build(cargo, root, &package(lesson), &sources).await?;
        let Some(executable) = built.executable(&binary) else {
            bail!("{}", built.why_not(&binary));
        };
        Ok(Self {
            file: Place::of(lesson, FILE).file,
            line: mutant.line,
            fails: mutant.fails.clone(),
            executable: executable.to_owned(),
        })
    }
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
