//! The judge of the challenges of the lesson `message-framing`.

mod records;
mod store;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[records::challenge(), store::challenge()])
}
