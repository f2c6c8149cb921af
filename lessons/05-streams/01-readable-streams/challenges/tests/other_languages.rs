//! The judge asks for nothing that only Rust can do: programs in another language,
//! which use nothing but its standard library, meet the challenges too.

use std::io;

use harness::judge::elsewhere;

#[test]
fn lines_can_be_met_in_python() -> io::Result<()> {
    meets("lines", "python3", "lines.py")
}

#[test]
fn frames_can_be_met_in_python() -> io::Result<()> {
    meets("frames", "python3", "frames.py")
}

fn meets(challenge: &str, interpreter: &str, candidate: &str) -> io::Result<()> {
    let judge = env!("CARGO_BIN_EXE_readable-streams-challenges");
    let candidate = format!(
        "{}/tests/candidates/{candidate}",
        env!("CARGO_MANIFEST_DIR")
    );
    elsewhere::meets(judge, challenge, interpreter, candidate)
}
