//! The judge of the challenges of the lesson `readable-streams`.

mod frames;
mod lines;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[lines::challenge(), frames::challenge()])
}
