//! One JSON document on standard output, and nothing else there.

use std::{collections::BTreeMap, io::Write};

use anyhow::Result;
use serde::Serialize;

use crate::verdict::{Findings, Status, Stopped, slashes};

/// The version of the document; it changes when a field is taken away or means
/// something else.
const VERSION: u32 = 1;

pub(super) fn print(findings: &Findings) -> Result<()> {
    let checks: Vec<Check> = findings
        .checks
        .iter()
        .map(|check| Check {
            lesson: &check.lesson,
            name: &check.name,
            file: slashes(&check.file),
            line: check.line,
            status: check.status.word(),
            seconds: check.elapsed.as_secs_f64(),
            runs: check.runs,
            names: &check.names,
            detail: check.plain_detail(),
        })
        .collect();
    let summary = Summary {
        passed: findings.count(|status| status == Status::Passed),
        failed: findings.count(Status::failed),
        skipped: findings.count(|status| status == Status::Skipped),
        seconds: findings.elapsed.as_secs_f64(),
        stopped: findings.stopped.map(Stopped::word),
    };
    write(&Document {
        version: VERSION,
        summary,
        checks,
    })
}

pub(super) fn print_error(error: &anyhow::Error) -> Result<()> {
    write(&Failure {
        version: VERSION,
        error: format!("{error:#}"),
    })
}

fn write(document: &impl Serialize) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    // As what it is: that nobody reads it is no error of this document.
    serde_json::to_writer_pretty(&mut stdout, document).map_err(std::io::Error::from)?;
    writeln!(stdout)?;
    Ok(())
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    summary: Summary,
    checks: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    skipped: usize,
    seconds: f64,
    /// Why not all was checked that was asked for.
    stopped: Option<&'static str>,
}

#[derive(Serialize)]
struct Check<'a> {
    lesson: &'a str,
    #[serde(rename = "check")]
    name: &'a str,
    file: String,
    line: usize,
    status: &'static str,
    seconds: f64,
    runs: usize,
    names: &'a BTreeMap<String, String>,
    detail: Option<String>,
}

#[derive(Serialize)]
struct Failure {
    version: u32,
    error: String,
}
