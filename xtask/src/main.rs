//! `cargo xtask COMMAND`: parses the command line, obeys, and ends with the
//! exit code that says how it went.

use std::{
    io::{self, ErrorKind},
    process::ExitCode,
};

use clap::Parser;
use xtask::{
    cli::{Cli, Color},
    verdict::Outcome,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    match xtask::obey(&cli) {
        Ok(outcome) => outcome.into(),
        // Whoever was told has gone: there is nobody to complain to.
        Err(error) if is_broken_output(&error) => Outcome::Unchecked.into(),
        Err(error) => {
            let bad = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{bad}error{bad:#}: {error:#}");
            Outcome::Unchecked.into()
        }
    }
}

/// Is it our own standard output that nobody reads any more, as in `cargo xtask list | head`?
/// Any other error of this kind comes with words about what could not be done.
fn is_broken_output(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    let first = causes
        .next()
        .and_then(|cause| cause.downcast_ref::<io::Error>());
    first.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) && causes.next().is_none()
}
