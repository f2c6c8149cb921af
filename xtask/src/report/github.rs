//! For GitHub Actions: annotations on the page's own lines, and a summary.
//!
//! Annotations are workflow commands on standard output
//! (<https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>);
//! GitHub shows ten of a kind for a step, so the failures beyond ten are
//! counted in one more, of another kind. The summary is Markdown, appended to the file that
//! `GITHUB_STEP_SUMMARY` names.

use std::{env, fmt::Write as _, fs::OpenOptions, io::Write as _, path::Path};

use anyhow::{Context, Result};

use crate::verdict::{Check, Findings, Status, slashes};

/// How many failures are annotated on their own.
const ANNOTATIONS: usize = 10;

/// GitHub takes a summary of at most 1 MiB for a step; past this many bytes the
/// details are left out and counted.
const SUMMARY_BYTES: usize = 900 << 10;

pub(super) fn print(findings: &Findings) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(annotations(findings).as_bytes())?;
    if let Some(path) = env::var_os("GITHUB_STEP_SUMMARY") {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot open the summary {}", path.display()))?;
        file.write_all(summary(findings).as_bytes())
            .with_context(|| format!("cannot write the summary {}", path.display()))?;
    }
    Ok(())
}

pub(super) fn print_error(error: &anyhow::Error) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "::error title=check::{}",
        escape_data(&format!("{error:#}"))
    )?;
    Ok(())
}

/// One for each place at which something failed. Where there is no room for all, each
/// failure comes first with one.
fn annotations(findings: &Findings) -> String {
    let all: Vec<Vec<String>> = failed(findings).map(annotations_of).collect();
    let (firsts, others): (Vec<_>, Vec<_>) = all
        .iter()
        .flat_map(|of_one| of_one.iter().enumerate())
        .partition(|(nth, _)| *nth == 0);
    let mut text = String::new();
    for (_, annotation) in firsts.iter().chain(&others).take(ANNOTATIONS) {
        text.push_str(annotation);
    }
    let more = (firsts.len() + others.len()).saturating_sub(ANNOTATIONS);
    if more > 0 {
        let _ = writeln!(
            text,
            "::warning title=check::{more} more failures: see the summary"
        );
    }
    let _ = writeln!(text, "{}", super::sum(findings));
    text
}

/// Of checks that are alike.
fn annotations_of(checks: &[Check]) -> Vec<String> {
    let check = &checks[0];
    let title = format!(
        "{}: {} ({})",
        check.lesson,
        names(checks),
        check.status.word()
    );
    let annotation = |file: &Path, line: usize, detail: &str| {
        format!(
            "::error file={},line={line},title={}::{}\n",
            escape_property(&slashes(file)),
            escape_property(&title),
            escape_data(detail),
        )
    };
    if check.spots.is_empty() {
        let detail = check.plain_detail().unwrap_or_else(|| title.clone());
        return vec![annotation(&check.file, check.line, &detail)];
    }
    let spots = check.spots.iter();
    spots
        .map(|spot| annotation(&spot.file, spot.line, &spot.detail))
        .collect()
}

fn summary(findings: &Findings) -> String {
    let mut text = format!("## Lessons\n\n{}\n\n", super::sum(findings));
    let mut left_out = 0;
    for checks in failed(findings) {
        let piece = failure(checks);
        if text.len() + piece.len() > SUMMARY_BYTES {
            left_out += checks.len();
        } else {
            text.push_str(&piece);
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "{left_out} more failed; this summary has no room for them."
        );
    }
    if !findings.checks.is_empty() && findings.outcome() == crate::verdict::Outcome::Holds {
        let skipped = findings.count(|status| status == Status::Skipped);
        if skipped > 0 {
            let checks = if skipped == 1 {
                "check was"
            } else {
                "checks were"
            };
            let _ = writeln!(text, "{skipped} {checks} skipped.");
        }
    }
    text
}

/// What failed, and together what there is the same to say of.
fn failed(findings: &Findings) -> impl Iterator<Item = &[Check]> {
    super::alike(&findings.checks).filter(|checks| checks[0].status.failed())
}

fn names(checks: &[Check]) -> String {
    let names: Vec<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    names.join(", ")
}

/// One failed check, or several that are alike: what and where, then its report in a fence that nothing in
/// the report can close.
fn failure(checks: &[Check]) -> String {
    let check = &checks[0];
    let mut text = format!(
        "### {}: {} — {}\n\n`{}:{}`\n\n",
        check.lesson,
        names(checks),
        check.status.word(),
        slashes(&check.file),
        check.line
    );
    if let Some(detail) = check.plain_detail() {
        let fence = "`".repeat(longest_run_of_backticks(&detail).max(2) + 1);
        let _ = writeln!(text, "{fence}diff\n{}\n{fence}\n", detail.trim_end());
    }
    text
}

fn longest_run_of_backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// As the runner's own toolkit escapes a command's message.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Likewise, a command's property.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
