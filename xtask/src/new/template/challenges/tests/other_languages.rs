//! The judge asks for nothing that only Rust can do: programs in another language,
//! which use nothing but its standard library, meet the challenges too.

use std::io;

use harness::judge::elsewhere;

{{other languages}}
fn meets(challenge: &str, interpreter: &str, candidate: &str) -> io::Result<()> {
    let judge = env!("CARGO_BIN_EXE_{{id}}-challenges");
    let candidate = format!(
        "{}/tests/candidates/{candidate}",
        env!("CARGO_MANIFEST_DIR")
    );
    elsewhere::meets(judge, challenge, interpreter, candidate)
}
