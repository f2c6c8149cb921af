//! The judge asks for nothing that only Rust can do: programs in another language,
//! which use nothing but its standard library, meet the challenges too.

use std::io;

use harness::judge::elsewhere;

#[test]
fn records_can_be_met_in_python() -> io::Result<()> {
    meets("records", "python3", "records.py")
}

#[test]
fn store_can_be_met_in_python() -> io::Result<()> {
    meets("store", "python3", "store.py")
}

#[test]
fn store_can_be_met_in_javascript() -> io::Result<()> {
    meets("store", "node", "store.mjs")
}

fn meets(challenge: &str, interpreter: &str, candidate: &str) -> io::Result<()> {
    let judge = env!("CARGO_BIN_EXE_message-framing-challenges");
    let candidate = format!(
        "{}/tests/candidates/{candidate}",
        env!("CARGO_MANIFEST_DIR")
    );
    elsewhere::meets(judge, challenge, interpreter, candidate)
}
