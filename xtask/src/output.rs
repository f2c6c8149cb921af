//! Standard output for long texts.

use std::io::{Result, Write};

/// Prints a text that is styled for a terminal, in one go, and without the styles where it
/// goes elsewhere. Line by line, as it is printed otherwise, a long text takes a call to
/// the system for each line and each style.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    if out.current_choice() == anstream::ColorChoice::Never {
        let plain = anstream::adapter::strip_str(text).to_string();
        let mut out = out.into_inner();
        out.write_all(plain.as_bytes())?;
        return out.flush();
    }
    out.write_all(text.as_bytes())?;
    out.flush()
}
