//! `cargo xtask COMMAND`: parses the command line, obeys, and ends with the
//! exit code that says how it went.

use std::process::ExitCode;

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
        Err(error) => {
            let bad = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!("{bad}error{bad:#}: {error:#}");
            Outcome::Unchecked.into()
        }
    }
}
