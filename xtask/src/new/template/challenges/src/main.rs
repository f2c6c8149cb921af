//! The judge of the challenges of the lesson `{{id}}`.

{{modules}}

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[{{challenges}}])
}
