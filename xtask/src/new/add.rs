//! Further challenges for a lesson that is there: files of their own, and a few lines in the
//! files that name all challenges.
//!
//! Those files are people's. Each line has one place where it belongs, as `new` lays it
//! out; where a file has no such place, nothing is written, and the error says what to add.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use lesson::{Course, Lesson};

use super::{
    GOOD, STRONG,
    plan::{Refusals, without_repeats},
    template::{self, OfChallenges},
};
use crate::{
    course,
    verdict::{Outcome, slashes},
};

/// Adds challenges to the lesson that is called `name`, and says how to go on.
///
/// # Errors
///
/// When something stands in their way, or they cannot be written.
pub(super) fn add(course: &Course, name: &str, challenges: &[String]) -> Result<Outcome> {
    let lesson = course::one(course, name)?;
    if !lesson.has_challenges || !lesson.is_valid() {
        bail!(
            "`{id}` has to pass its check before it gets a challenge more: cargo xtask check {id}",
            id = lesson.id
        );
    }
    let challenges = without_repeats(challenges.to_vec());
    let of_challenges = OfChallenges::new(&lesson.id, &challenges, lesson.challenges.len() + 1);
    check(lesson, &challenges, &of_challenges)?;
    let changed = changed(lesson, &challenges, &of_challenges)?;
    let page = page(lesson, &of_challenges.items)?;

    let mut out = anstream::stdout().lock();
    let folder = lesson.page.parent().unwrap_or(&lesson.page);
    for (path, text) in &of_challenges.files {
        write_new(&lesson.folder.join(path), text)?;
        let shown = slashes(&folder.join(path));
        writeln!(out, "{GOOD}laid out{GOOD:#}  {shown}")?;
    }
    for (path, text) in &changed {
        let file = lesson.folder.join(path);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        let shown = slashes(&folder.join(path));
        writeln!(out, "{GOOD} changed{GOOD:#}  {shown}")?;
    }
    lesson.write(&page)?;
    writeln!(out, "{GOOD} changed{GOOD:#}  {}", slashes(&lesson.page))?;
    writeln!(
        out,
        "\nIt passes every check as it stands. Change it bit by bit, and keep it so:\n\n  \
         {STRONG}cargo xtask check {} --challenges{STRONG:#}",
        lesson.id
    )?;
    Ok(Outcome::Holds)
}

/// Tells what stands in the way of the challenges.
fn check(lesson: &Lesson, challenges: &[String], of_challenges: &OfChallenges) -> Result<()> {
    let mut refusals = Refusals::default();
    for challenge in challenges {
        refusals.check_challenge(challenge);
        if lesson.challenges.iter().any(|item| item.name == *challenge) {
            refusals.tell(format!(
                "there is a challenge `{challenge}` already: give this one another name with --challenge"
            ));
        }
    }
    let is_told = refusals.are_any();
    for (path, _) in &of_challenges.files {
        if !is_told && fs::symlink_metadata(lesson.folder.join(path)).is_ok() {
            refusals.tell(format!("there is a file {} already", slashes(path)));
        }
    }
    refusals.end("challenges cannot be added")
}

/// The files of the lesson that name all challenges, with these too.
fn changed(
    lesson: &Lesson,
    challenges: &[String],
    of_challenges: &OfChallenges,
) -> Result<Vec<(PathBuf, String)>> {
    let read = |file: &str| {
        let path = Path::new("challenges").join(file);
        fs::read_to_string(lesson.folder.join(&path))
            .with_context(|| format!("cannot read {}", slashes(&path)))
    };
    let other_languages = match read("tests/other_languages.rs") {
        Ok(text) => with_test(&text, &of_challenges.other_languages),
        Err(_) => Some(template::other_languages(
            &lesson.id,
            &of_challenges.other_languages,
        )),
    };
    let mutants = format!(
        "{}\n\n{}",
        read("mutants.toml")?.trim_end(),
        of_challenges.mutants
    );
    let files = [
        (
            "Cargo.toml",
            with_binaries(&read("Cargo.toml")?, &of_challenges.binaries),
            of_challenges.binaries.clone(),
        ),
        (
            "src/main.rs",
            with_modules(&read("src/main.rs")?, challenges),
            named(challenges),
        ),
        ("mutants.toml", Some(mutants), String::new()),
        (
            "tests/other_languages.rs",
            other_languages,
            of_challenges.other_languages.clone(),
        ),
    ];
    files
        .into_iter()
        .map(|(file, text, wanted)| {
            let path = Path::new("challenges").join(file);
            match text {
                Some(text) => Ok((path, text)),
                None => bail!(
                    "{} is not as `new` lays it out, so nothing was added. With these challenges it has\n\n{}",
                    slashes(&path),
                    wanted.trim_end()
                ),
            }
        })
        .collect()
}

/// What a judge's `main.rs` says of challenges.
fn named(challenges: &[String]) -> String {
    let modules = challenges
        .iter()
        .map(|name| format!("mod {};\n", template::module(name)));
    let calls = challenges.iter().map(|name| template::call(name));
    let calls: Vec<String> = calls.collect();
    format!(
        "{}\nharness::judge::main(&[…, {}])",
        modules.collect::<String>(),
        calls.join(", ")
    )
}

/// The manifest with binaries behind its last one.
fn with_binaries(manifest: &str, binaries: &str) -> Option<String> {
    let last = manifest.rfind("[[bin]]")?;
    let (head, rest) = match manifest[last..].find("\n\n") {
        Some(end) => manifest.split_at(last + end),
        None => (manifest.trim_end(), ""),
    };
    let binaries = binaries.trim_end();
    let rest = if rest.is_empty() { "\n" } else { rest };
    Some(format!("{head}\n\n{binaries}{rest}"))
}

/// The judge's `main.rs` with these challenges behind the others.
fn with_modules(main: &str, challenges: &[String]) -> Option<String> {
    let (before, rest) = main.split_once("main(&[")?;
    let (elements, after) = rest.split_once("])")?;
    let mut calls: Vec<String> = elements
        .split(',')
        .map(|element| element.trim().to_owned())
        .filter(|element| !element.is_empty())
        .collect();
    calls.extend(challenges.iter().map(|name| template::call(name)));

    let mut lines: Vec<String> = before.split('\n').map(str::to_owned).collect();
    for challenge in challenges {
        let module = format!("mod {};", template::module(challenge));
        let is_module = |line: &String| line.starts_with("mod ");
        let behind = lines.iter().rposition(is_module)? + 1;
        let at = lines
            .iter()
            .position(|line| is_module(line) && *line > module)
            .unwrap_or(behind);
        lines.insert(at, module);
    }
    Some(format!(
        "{}main(&[{}]){after}",
        lines.join("\n"),
        template::array(&calls)
    ))
}

/// The test of other languages with these before the function that all of them call.
fn with_test(test: &str, tests: &str) -> Option<String> {
    let (before, rest) = test.split_once("fn meets(")?;
    Some(format!("{before}{tests}fn meets({rest}"))
}

/// The page with these items behind its last one.
fn page(lesson: &Lesson, items: &str) -> Result<String> {
    let last = lesson
        .challenges
        .last()
        .context("the page has no challenges")?;
    let mut end = 0;
    for (line, number) in lesson.source.split_inclusive('\n').zip(1..) {
        let belongs = line.starts_with([' ', '\t']) || line.trim().is_empty();
        if number > last.line && !belongs {
            break;
        }
        end += line.len();
    }
    let (before, after) = lesson.source.split_at(end);
    let (before, items) = (before.trim_end(), items.trim_end());
    let after = if after.is_empty() {
        String::new()
    } else {
        format!("\n{after}")
    };
    Ok(format!("{before}\n\n{items}\n{after}"))
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    fs::File::create_new(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}
