//! `match`: does this output satisfy that transcript?
//!
//! For authors who try a transcript out, and for the output of any program, in
//! any language. Nothing of a course is needed.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use lesson::{Diagnostic, Look, Place, Severity};
use transcript::{Kinds, Medium, Problem, ReportHeader, Transcript};

use crate::{cli, verdict::Outcome};

/// An expected text is at most so long, as a page is.
const LONGEST_EXPECTED: u64 = 1 << 20;

/// Holds an output against a transcript, and reports on standard output.
///
/// # Errors
///
/// When a file cannot be read, or a kind of the command line is not one.
pub fn matching(args: &cli::Match) -> Result<Outcome> {
    let kinds = kinds(&args.placeholder)?;
    let expected = read_expected(&args.expected)?;
    let (name, actual) = read_actual(args.actual.as_deref())?;
    let mut out = anstream::stdout().lock();
    let transcript = match Transcript::parse(&expected, args.order, &kinds) {
        Ok(transcript) => transcript,
        Err(error) => {
            print_problems(&mut out, &args.expected, &expected, &error.problems)?;
            return Ok(Outcome::Unchecked);
        }
    };
    print_problems(&mut out, &args.expected, &expected, transcript.warnings())?;

    let comparison = transcript.compare(&actual);
    if !comparison.matches() {
        let page = args.expected.to_string_lossy();
        let header = ReportHeader {
            page: &page,
            first_line: 1,
            program: &name,
            medium: Medium::Output,
        };
        write!(out, "{}", comparison.report(&header).ansi())?;
        return Ok(Outcome::Fails);
    }
    let good = anstyle::AnsiColor::Green.on_default().bold();
    writeln!(
        out,
        "{good}ok{good:#}  {name} is what {} promises",
        args.expected.display()
    )?;
    let mut bindings = comparison.bindings();
    bindings.sort();
    bindings.dedup();
    for (name, text) in bindings {
        writeln!(out, "    <{name}> is {text}")?;
    }
    Ok(Outcome::Holds)
}

fn kinds(declared: &[cli::Placeholder]) -> Result<Kinds> {
    let mut kinds = Kinds::default();
    for cli::Placeholder { name, pattern } in declared {
        kinds
            .declare(name, pattern)
            .with_context(|| format!("--placeholder {name}={pattern} does not declare a kind"))?;
    }
    Ok(kinds)
}

fn read_expected(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(LONGEST_EXPECTED + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}", path.display()))?;
    if bytes.len() as u64 > LONGEST_EXPECTED {
        bail!("{} is longer than 1 MiB: promise less", path.display());
    }
    String::from_utf8(bytes).with_context(|| {
        format!(
            "{} is not UTF-8: write other bytes as <byte ff>",
            path.display()
        )
    })
}

/// What there is to match, and what reports call it.
fn read_actual(path: Option<&Path>) -> Result<(String, Vec<u8>)> {
    let Some(path) = path else {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        return Ok(("standard input".to_owned(), bytes));
    };
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok((path.display().to_string(), bytes))
}

fn print_problems(
    out: &mut impl Write,
    file: &Path,
    source: &str,
    problems: &[Problem],
) -> Result<()> {
    for problem in problems {
        let diagnostic = Diagnostic {
            file: file.to_path_buf(),
            place: Some(Place::of(source, problem.span.clone())),
            severity: match problem.severity {
                transcript::Severity::Warning => Severity::Warning,
                transcript::Severity::Error => Severity::Error,
            },
            message: problem.message.clone(),
            help: problem.help.clone(),
        };
        writeln!(out, "{}", diagnostic.render(Look::Coloured))?;
    }
    Ok(())
}
