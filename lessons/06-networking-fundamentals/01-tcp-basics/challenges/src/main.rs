//! The judge of the challenges of the lesson `tcp-basics`.

mod retry;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[retry::challenge()])
}
