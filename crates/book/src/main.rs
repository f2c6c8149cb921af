//! Builds the course as a web site: `cargo xtask book` runs this, once the pages are
//! proved, and says on standard input what it has found out.

use std::{io, path::PathBuf, process::ExitCode};

use book::{BookError, Facts};
use clap::Parser;
use lesson::Course;

/// Builds the course as a web site. Facts about it, as JSON, come from standard input.
#[derive(Debug, Parser)]
struct Cli {
    /// The folder that holds `lessons/`
    #[arg(long, value_name = "DIR")]
    root: PathBuf,

    /// The folder to write the book to; a book that is there is replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Show the book in a browser
    #[arg(long)]
    open: bool,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(index) => {
            println!("{}", index.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            match error.downcast_ref() {
                // They say of each thing themselves that it is an error.
                Some(BookError::Pages(_)) => eprintln!("{error}"),
                _ => eprintln!("error: {error}"),
            }
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let facts: Facts = serde_json::from_reader(io::stdin().lock())
        .map_err(|error| format!("standard input is no list of facts: {error}"))?;
    let course = Course::open(&cli.root)?;
    let index = book::build(&course, &facts, &cli.out)?;
    if cli.open {
        opener::open(&index)
            .map_err(|error| format!("no browser opens {}: {error}", index.display()))?;
        // Nobody says whether a browser came: there may be none, as on a server.
        eprintln!("a browser shows it now; if none does, open this file in one:");
    }
    Ok(index)
}
