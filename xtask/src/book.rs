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
use lesson::Course;
use serde_json::{Value, json};

use crate::{
    cargo::Cargo, challenges::Crate, check, cli, course, git::Git, report, verdict::Outcome,
};

/// Proves the pages, and builds the book.
///
/// # Errors
///
/// When the course cannot be read, a judge or the book cannot be built, or the book's
/// folder holds something else.
pub fn book(root: &Path, args: &cli::Book) -> Result<Outcome> {
    if !args.draft {
        let findings = check::all(root)?;
        if findings.outcome() != Outcome::Holds {
            report::print(cli::Format::Human, &findings, true)?;
            anstream::eprintln!(
                "no book is made of pages that do not hold; --draft makes one that says so"
            );
            return Ok(findings.outcome());
        }
    }
    let course = course::open(root)?;
    let facts = json!({
        "proved": !args.draft,
        "commit": commit(root),
        "challenges": challenges(root, &course)?,
    });
    let out = args.out.clone().unwrap_or_else(|| root.join("target/book"));
    make(root, &out, args.open, &facts)
}

/// The commit that is checked out, where git knows the course.
fn commit(root: &Path) -> Option<Value> {
    let git = Git::at(root).ok()??;
    let hash = git.head().ok().filter(|hash| !hash.is_empty())?;
    Some(json!({ "hash": hash, "dirty": git.is_dirty().ok()? }))
}

/// By lesson, what its judge says of its challenges.
fn challenges(root: &Path, course: &Course) -> Result<Value> {
    let lessons = course.lessons.iter().filter(|lesson| lesson.has_challenges);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let mut told = serde_json::Map::new();
    let cargo = Cargo::default();
    for built in runtime.block_on(Crate::build_all(&cargo, root, lessons))? {
        let challenges = runtime.block_on(built.judge.challenges())?;
        told.insert(built.lesson().to_owned(), json!(challenges));
    }
    Ok(told.into())
}

/// Builds the program `book`, and has it make the book.
fn make(root: &Path, out: &Path, open: bool, facts: &Value) -> Result<Outcome> {
    let mut command = Command::new(program()?);
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

/// The executable, from the workspace that this command itself is from: the course may
/// be another one.
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
