//! Names in kebab case: of lessons, of their folders, of challenges.

/// Whether a name is in kebab case: words of small letters and digits, joined
/// by single hyphens, a letter first.
pub(crate) fn is_kebab(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(word)
}

/// A title in kebab case: `Networking Fundamentals` is `networking-fundamentals`,
/// `What's next?` is `whats-next`.
pub(crate) fn kebab(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    for c in title.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if c != '\'' && c != '’' && !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}
