//! The judge of the challenges of the lesson `readable-streams`.

mod client;
mod cut;
mod frames;
mod lines;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[lines::challenge(), frames::challenge()])
}
