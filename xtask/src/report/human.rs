//! For reading: a line for each lesson, then what does not hold, then the sum.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use crate::{
    output,
    verdict::{Check, Findings, Outcome, Status, Tally, slashes},
};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const PASSED_OVER: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();

pub(super) fn print(findings: &Findings, quiet: bool) -> Result<()> {
    let mut text = Vec::new();
    tell(&mut text, findings, quiet)?;
    // Whatever a program printed has become text on its way here.
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(())
}

/// Everything that a check found.
pub(crate) fn tell(out: &mut impl Write, findings: &Findings, quiet: bool) -> Result<()> {
    tell_lessons(out, findings, quiet)?;
    let holds = |tally: &&Tally| tally.matched == tally.runs;
    for tally in &findings.tallies {
        if !quiet || !holds(&tally) {
            print_tally(out, tally)?;
        }
    }
    let is_unbuilt = |status| status == Status::Unbuilt;
    if !quiet
        && findings.stopped.is_none()
        && findings.count(is_unbuilt) == 0
        && findings.tallies.iter().all(|tally| holds(&tally))
    {
        print_bound(out, &findings.tallies)?;
    }
    tell_details(out, findings)?;
    tell_sum(out, findings)?;
    Ok(())
}

/// A line for each lesson that passes, and one for each check that does not.
pub(crate) fn tell_lessons(out: &mut impl Write, findings: &Findings, quiet: bool) -> Result<()> {
    for lesson in findings
        .checks
        .chunk_by(|one, next| one.lesson == next.lesson)
    {
        if !quiet || lesson.iter().any(|check| check.status.failed()) {
            print_lesson(out, lesson)?;
        }
    }
    Ok(())
}

/// What there is to say of single checks: once, where it is the same of several. Why
/// something is skipped is said elsewhere.
pub(crate) fn tell_details(out: &mut impl Write, findings: &Findings) -> Result<()> {
    super::alike(&findings.checks)
        .filter(|checks| checks[0].status != Status::Skipped)
        .try_for_each(|checks| print_detail(out, checks))
}

/// A lesson in a line: what was checked, or what does not hold.
fn print_lesson(out: &mut impl Write, checks: &[Check]) -> Result<()> {
    let Some(first) = checks.first() else {
        return Ok(());
    };
    let failed: Vec<&Check> = checks
        .iter()
        .filter(|check| check.status.failed())
        .collect();
    if failed.is_empty() {
        let skipped = checks.iter().all(|check| check.status == Status::Skipped);
        let (style, word) = if skipped {
            (PASSED_OVER, "skipped")
        } else {
            (GOOD, "ok")
        };
        writeln!(
            out,
            "{style}{word:>9}{style:#}  {}  ({})",
            first.lesson,
            what_was_checked(checks)
        )?;
        return Ok(());
    }
    for check in failed {
        writeln!(
            out,
            "{BAD}{:>9}{BAD:#}  {}  ({})",
            check.status.word(),
            check.lesson,
            check.name
        )?;
    }
    Ok(())
}

/// `page, 4 listings, 2 runs, 1 wire skipped`
fn what_was_checked(checks: &[Check]) -> String {
    let mut parts: Vec<((&str, bool), usize)> = Vec::new();
    for check in checks {
        let kind = check.name.split(' ').next().unwrap_or_default();
        let part = (kind, check.status == Status::Skipped);
        match parts.iter_mut().find(|(known, _)| *known == part) {
            Some((_, count)) => *count += 1,
            None => parts.push((part, 1)),
        }
    }
    let words = parts.into_iter().map(|((kind, skipped), count)| {
        let skipped = if skipped { " skipped" } else { "" };
        match (kind, count) {
            ("page", 1) => format!("page{skipped}"),
            (kind, 1) => format!("1 {kind}{skipped}"),
            (kind, count) => format!("{count} {kind}s{skipped}"),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

/// `repeat  tcp-basics  397 of 400 match, 4 different outputs`
fn print_tally(out: &mut impl Write, tally: &Tally) -> Result<()> {
    let Tally {
        program,
        matched,
        runs,
        distinct,
        ..
    } = tally;
    let style = if matched == runs { GOOD } else { BAD };
    let outputs = match distinct {
        1 => "1 output".to_owned(),
        distinct => format!("{distinct} different outputs"),
    };
    writeln!(
        out,
        "{style}{:>9}{style:#}  {program}  {matched} of {runs} match, {outputs}",
        "repeat"
    )?;
    Ok(())
}

/// What it says that no run of any program failed.
fn print_bound(out: &mut impl Write, tallies: &[Tally]) -> Result<()> {
    let Some(runs) = tallies.iter().map(|tally| tally.runs).min() else {
        return Ok(());
    };
    // The rule of three: no failure in n runs bounds the rate by 3/n.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a bound for reading, not an exact figure"
    )]
    let bound = (300.0 / runs as f64).min(100.0);
    writeln!(
        out,
        "{:>9}  no run of {runs} failed: with 95 % confidence, each program fails less than {bound:.2} % of the time",
        ""
    )?;
    Ok(())
}

fn print_detail(out: &mut impl Write, checks: &[Check]) -> Result<()> {
    let check = &checks[0];
    let Some(detail) = &check.detail else {
        return Ok(());
    };
    writeln!(out)?;
    for check in checks {
        writeln!(
            out,
            "{STRONG}{}: {} ({}){STRONG:#}",
            check.lesson,
            check.name,
            check.status.word()
        )?;
    }
    writeln!(
        out,
        "  at {}:{}\n\n{}",
        slashes(&check.file),
        check.line,
        detail.trim_end(),
    )?;
    Ok(())
}

/// How many checks passed.
pub(crate) fn tell_sum(out: &mut impl Write, findings: &Findings) -> Result<()> {
    let style = if findings.outcome() == Outcome::Holds {
        GOOD
    } else {
        BAD
    };
    writeln!(out, "\n{style}{}{style:#}", super::sum(findings))?;
    Ok(())
}
