//! `book`: the course as a web site.
//!
//! The pages are proved first: a book shows only what held. The site itself is made by
//! the program `book`, a package that nobody compiles who does not ask for it; here it
//! is built, and told what its pages cannot know.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use lesson::{Course, Lesson};
use serde_json::{Value, json};

use crate::{
    cargo::Cargo,
    challenges::Crate,
    check, cli, course,
    git::Git,
    report,
    verdict::{Outcome, slashes},
};

/// Proves the pages, and builds the book.
///
/// # Errors
///
/// When the course cannot be read, a judge or the book cannot be built, a page was saved
/// since it was proved, or the book's folder holds something else.
pub fn book(root: &Path, args: &cli::Book) -> Result<Outcome> {
    // Read first: what is still the same in the end was the same when it was proved.
    let course = course::open(root)?;
    if !args.draft {
        let findings = check::all(root)?;
        if findings.outcome() != Outcome::Holds {
            report::print(cli::Format::Human, &findings, true)?;
            let pages = if findings.stopped.is_some() {
                "before all pages are proved"
            } else {
                "of pages that do not hold"
            };
            anstream::eprintln!("no book is made {pages}; --draft makes one that says so");
            return Ok(findings.outcome());
        }
    }
    let facts = json!({
        "proved": !args.draft,
        "commit": commit(root),
        "challenges": challenges(root, &course)?,
    });
    let out = args.out.clone().unwrap_or_else(|| root.join("target/book"));
    // Each build may have taken minutes.
    if !args.draft {
        check_unchanged(root, &course)?;
    }
    let program = program()?;
    if !args.draft {
        check_unchanged(root, &course)?;
    }
    make(&program, root, &out, args.open, &facts)
}

/// The book is made of the pages as they are by then: have they been proved?
fn check_unchanged(root: &Path, proved: &Course) -> Result<()> {
    let now = course::open(root)?;
    let is_new = |lesson: &&Lesson| proved.lessons.iter().all(|one| one.page != lesson.page);
    let changed = proved
        .lessons
        .iter()
        .filter(|lesson| lesson.has_changed().unwrap_or(true))
        .chain(now.lessons.iter().filter(is_new));
    let pages: Vec<String> = changed.map(|lesson| slashes(&lesson.page)).collect();
    if !pages.is_empty() {
        bail!(
            "saved since the pages were proved: {}. No book is made of what is not proved: run `cargo xtask book` again",
            pages.join(", ")
        );
    }
    Ok(())
}

/// The commit that is checked out, where git knows the course.
fn commit(root: &Path) -> Option<Value> {
    let told = || {
        let Some(git) = Git::at(root)? else {
            return Ok(None);
        };
        let hash = git.head()?;
        let dirty = git.is_dirty()?;
        anyhow::Ok((!hash.is_empty()).then(|| json!({ "hash": hash, "dirty": dirty })))
    };
    told().unwrap_or_else(|error| {
        anstream::eprintln!("note: the book does not say of which commit it is: {error:#}");
        None
    })
}

/// By lesson, what its judge says of its challenges.
fn challenges(root: &Path, course: &Course) -> Result<Value> {
    let lessons = course.lessons.iter().filter(|lesson| lesson.has_challenges);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let mut told = serde_json::Map::new();
    let cargo = Cargo::default();
    for built in runtime.block_on(Crate::build_all(&cargo, root, lessons))? {
        let challenges = runtime.block_on(built.judge.challenges());
        let challenges = challenges.with_context(|| format!("the judge of {}", built.lesson()))?;
        told.insert(built.lesson().to_owned(), json!(challenges));
    }
    Ok(told.into())
}

/// Has the program `book` make the book.
fn make(program: &Path, root: &Path, out: &Path, open: bool, facts: &Value) -> Result<Outcome> {
    let mut command = Command::new(program);
    command.arg("--root").arg(root).arg("--out").arg(out);
    if open {
        command.arg("--open");
    }
    let mut book = command
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start the program that makes the book")?;
    if let Some(mut stdin) = book.stdin.take() {
        stdin
            .write_all(facts.to_string().as_bytes())
            .context("the program that makes the book does not listen")?;
    }
    let status = book.wait().context("cannot wait for the book")?;
    Ok(if status.success() {
        Outcome::Holds
    } else {
        Outcome::Unchecked
    })
}

/// Builds that program, in the workspace that this command itself is from: the course may
/// be in another one.
fn program() -> Result<PathBuf> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask is in no workspace")?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let built = runtime.block_on(Cargo::default().build(ours, ["book"]))?;
    match built.executable("book") {
        Some(executable) => Ok(executable.to_owned()),
        None => bail!("{}", built.why_not("book")),
    }
}
