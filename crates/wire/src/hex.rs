//! Bytes as hexadecimal digits and as text.

use std::fmt;

use serde::Serializer;

/// How many bytes stand on a line.
const WIDTH: usize = 16;

/// Bytes as JSON has them: two digits a byte, and nothing else, as in `48656c6c6f`.
pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Plain(bytes))
}

struct Plain<'a>(&'a [u8]);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Lines of 16 bytes: where the first one stands, the digits, and the text, with `.`
/// for whatever ASCII does not print.
pub(crate) struct Dump<'a> {
    pub(crate) bytes: &'a [u8],
    /// What each line begins with.
    pub(crate) indent: &'a str,
}

impl fmt::Display for Dump<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, line) in self.bytes.chunks(WIDTH).enumerate() {
            let (left, right) = line.split_at(line.len().min(WIDTH / 2));
            let digits = format!("{:23}  {}", Spaced(left).to_string(), Spaced(right));
            let text: String = line.iter().map(|&byte| printed(byte)).collect();
            let at = nth * WIDTH;
            writeln!(f, "{}{at:04x}  {digits:48}  {text}", self.indent)?;
        }
        Ok(())
    }
}

/// Two digits a byte, with a space between two bytes.
struct Spaced<'a>(&'a [u8]);

impl fmt::Display for Spaced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, byte) in self.0.iter().enumerate() {
            let space = if nth > 0 { " " } else { "" };
            write!(f, "{space}{byte:02x}")?;
        }
        Ok(())
    }
}

fn printed(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' {
        char::from(byte)
    } else {
        '.'
    }
}
