//! The judge of the challenges of the lesson `tcp-basics`.

mod chat;
mod crash;
mod retry;
mod unreachable;

use std::process::ExitCode;

fn main() -> ExitCode {
    harness::judge::main(&[chat::challenge(), crash::challenge(), retry::challenge()])
}
