//! `new`: lays out a lesson that passes `check --challenges` as it stands.
//!
//! Whatever would stand in its way is told before anything is written. The files are
//! written to a folder beside the course's, and moved to their place in one step, so
//! that no command ever sees half a lesson.

mod add;
mod plan;
mod template;

use std::{fs, io::Write, path::Path};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

use crate::{cli, course, verdict::Outcome};

use plan::Plan;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const STRONG: Style = Style::new().bold();

/// Lays out the lesson that `args` ask for, and says how to go on.
///
/// # Errors
///
/// When something of the course stands in its way, or it cannot be written.
pub fn new(root: &Path, args: &cli::New) -> Result<Outcome> {
    if !root.join("Cargo.toml").is_file() {
        bail!(
            "{} has no Cargo.toml: a lesson's crates are members of a workspace",
            root.display()
        );
    }
    let course = course::open(root)?;
    let (id, lesson) = (args.id.as_deref(), args.into.as_deref());
    let id = match (id, lesson) {
        (_, Some(lesson)) => return add::add(&course, lesson, &args.challenges),
        (Some(id), None) => id,
        (None, None) => bail!("name the lesson: cargo xtask new ID"),
    };
    let plan = Plan::of(root, &course, id, args)?;
    lay_out(root, &plan)?;
    print(&plan)?;
    Ok(Outcome::Holds)
}

fn lay_out(root: &Path, plan: &Plan) -> Result<()> {
    let lessons = root.join("lessons");
    // So deep that no pattern of the workspace finds it.
    let beside = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(&lessons)
        .with_context(|| format!("cannot write in {}", lessons.display()))?;
    let folder = beside.path().join("phase/lesson");
    for (path, text) in template::files(plan) {
        let path = folder.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let place = root.join(plan.folder());
    if let Some(phase) = place.parent() {
        fs::create_dir_all(phase).with_context(|| format!("cannot create {}", phase.display()))?;
    }
    fs::rename(&folder, &place)
        .with_context(|| format!("cannot move the lesson to {}", place.display()))
}

fn print(plan: &Plan) -> Result<()> {
    let folder = plan.folder();
    let id = &plan.id;
    let mut out = anstream::stdout().lock();
    for (path, _) in template::files(plan) {
        writeln!(
            out,
            "{GOOD}laid out{GOOD:#}  {}",
            folder.join(path).display()
        )?;
    }
    writeln!(
        out,
        "\n{STRONG}{}.{} {}{STRONG:#} passes every check as it stands. Change it bit by bit, and keep it so:\n",
        plan.phase, plan.sequence, plan.title
    )?;
    let steps = [
        (
            format!("cargo xtask run {id}"),
            "runs what experiment/ has so far".to_owned(),
        ),
        (
            format!("cargo xtask bless {id}"),
            "writes programs and their output into the page".to_owned(),
        ),
        (
            format!("cargo xtask check {id} --challenges"),
            "says all that is wrong, and what to do".to_owned(),
        ),
        (
            format!("cargo xtask verify {id} --solution"),
            "judges the reference solutions".to_owned(),
        ),
    ];
    let widest = steps.iter().map(|(command, _)| command.len()).max();
    let width = widest.unwrap_or_default();
    for (command, what) in steps {
        writeln!(out, "  {STRONG}{command:width$}{STRONG:#}  {what}")?;
    }
    writeln!(
        out,
        "\nThe next of these adds the lesson's two crates to Cargo.lock: commit it with the lesson.\n\
         CONTRIBUTING.md has the rest of the way, to a pull request."
    )?;
    Ok(())
}
