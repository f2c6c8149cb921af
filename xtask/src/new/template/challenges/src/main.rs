//! The judge of the challenges of the lesson `{{id}}`.

mod {{module}};

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[{{module}}::challenge()])
}
