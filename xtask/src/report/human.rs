//! For reading: a line for each lesson, then what does not hold, then the sum.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use anyhow::Result;

use crate::verdict::{Check, Findings, Status, Tally, slashes};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const PASSED_OVER: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();

pub(super) fn print(findings: &Findings) -> Result<()> {
    let mut out = anstream::stdout().lock();
    for lesson in findings
        .checks
        .chunk_by(|one, next| one.lesson == next.lesson)
    {
        print_lesson(&mut out, lesson)?;
    }
    for tally in &findings.tallies {
        print_tally(&mut out, tally)?;
    }
    for check in findings
        .checks
        .iter()
        .filter(|check| check.detail.is_some())
    {
        print_detail(&mut out, check)?;
    }
    print_sum(&mut out, findings)?;
    out.flush()?;
    Ok(())
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

/// `page, 4 listings, 1 run`
fn what_was_checked(checks: &[Check]) -> String {
    let mut parts: Vec<(&str, usize)> = Vec::new();
    for check in checks {
        let kind = check.name.split(' ').next().unwrap_or_default();
        match parts.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => parts.push((kind, 1)),
        }
    }
    let words = parts.into_iter().map(|(kind, count)| match (kind, count) {
        ("page", 1) => "page".to_owned(),
        (kind, 1) => format!("1 {kind}"),
        (kind, count) => format!("{count} {kind}s"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn print_tally(out: &mut impl Write, tally: &Tally) -> Result<()> {
    let Tally {
        lesson,
        program,
        matched,
        runs,
        distinct,
    } = tally;
    let style = if matched == runs { GOOD } else { BAD };
    let outputs = if *distinct == 1 {
        "1 output".to_owned()
    } else {
        format!("{distinct} different outputs")
    };
    write!(
        out,
        "{style}{:>9}{style:#}  {program}  {matched} of {runs} match, {outputs}",
        "repeat"
    )?;
    if lesson != program {
        write!(out, "  ({lesson})")?;
    }
    if matched == runs {
        // The rule of three: with no failure in n runs, the 95 % bound on the rate is 3/n.
        #[expect(
            clippy::cast_precision_loss,
            reason = "a bound for reading, not an exact figure"
        )]
        let bound = (300.0 / *runs as f64).min(100.0);
        write!(
            out,
            "; at most {bound:.2} % of runs fail, with 95 % confidence"
        )?;
    }
    writeln!(out)?;
    Ok(())
}

fn print_detail(out: &mut impl Write, check: &Check) -> Result<()> {
    let Some(detail) = &check.detail else {
        return Ok(());
    };
    writeln!(
        out,
        "\n{STRONG}{}: {} ({}){STRONG:#}\n  at {}:{}\n\n{}",
        check.lesson,
        check.name,
        check.status.word(),
        slashes(&check.file),
        check.line,
        detail.trim_end(),
    )?;
    Ok(())
}

fn print_sum(out: &mut impl Write, findings: &Findings) -> Result<()> {
    let passed = findings.count(|status| status == Status::Passed);
    let failed = findings.count(Status::failed);
    let skipped = findings.count(|status| status == Status::Skipped);
    let seconds = findings.elapsed.as_secs_f64();
    let style = if failed == 0 { GOOD } else { BAD };
    write!(
        out,
        "\n{style}{passed} of {} checks passed{style:#}",
        findings.checks.len()
    )?;
    if failed > 0 {
        write!(out, ", {BAD}{failed} failed{BAD:#}")?;
    }
    if skipped > 0 {
        write!(out, ", {skipped} skipped")?;
    }
    writeln!(out, " in {seconds:.2} s")?;
    Ok(())
}
