//! A speaker's tag: `[client]` at the beginning of a line.

/// The name in the tag that the line begins with.
///
/// A tag is `[`, a letter, then letters, digits, `_`, `-` or spaces, `]`, and
/// after it a space or the end of the line.
pub(crate) fn speaker(line: &[u8]) -> Option<&str> {
    let inner = line.strip_prefix(b"[")?;
    let close = memchr::memchr(b']', inner)?;
    if !matches!(inner.get(close + 1), None | Some(b' ')) {
        return None;
    }
    let name = std::str::from_utf8(&inner[..close]).ok()?;
    let starts_well = name.starts_with(char::is_alphabetic);
    (starts_well && name.chars().all(belongs)).then_some(name)
}

/// The length of a tag with this name.
pub(crate) fn length(name: &str) -> usize {
    name.len() + 2
}

/// Whether the character may stand in a tag after its first letter.
pub(crate) fn belongs(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | ' ')
}
