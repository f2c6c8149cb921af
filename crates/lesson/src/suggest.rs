//! What somebody meant who wrote a name that does not exist.

/// The candidate that is most like `written`, if one is like it enough to be
/// worth saying.
///
/// Takes time in proportion to the candidates; who asks for many names out of
/// many candidates has to keep count.
pub(crate) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    nearest_few(written, candidates, 1).into_iter().next()
}

/// The candidates that are most like `written`, best first, at most `few`.
pub(crate) fn nearest_few<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    few: usize,
) -> Vec<&'a str> {
    let plain = plain(written);
    let mut likely: Vec<_> = candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(written, &plain, candidate)?, candidate)))
        .collect();
    likely.sort_unstable();
    likely.dedup();
    likely.truncate(few);
    likely.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Longer names are like no other: comparing two takes time in proportion to
/// the product of their lengths.
const LONGEST: usize = 100;

/// How far two names are apart, in edits; `None` where they are not alike.
/// `plain_written` is the first, made plain.
fn distance(written: &str, plain_written: &str, candidate: &str) -> Option<usize> {
    let length = written.len().max(candidate.len());
    if length > LONGEST || written.is_empty() {
        return None;
    }
    let allowed = (length / 3).max(1);
    if written.len().abs_diff(candidate.len()) <= allowed {
        let edits = strsim::osa_distance(plain_written, &plain(candidate));
        if edits <= allowed {
            return Some(edits);
        }
    }
    // Somebody who writes a part of a name means the name.
    let part = written.len() >= 3 && candidate.contains(written)
        || candidate.len() >= 3 && written.contains(candidate);
    part.then_some(allowed + 1)
}

/// Names that differ in case, or in how words are joined, are the same name in
/// the head of who writes them.
fn plain(name: &str) -> String {
    name.replace(['_', ' '], "-").to_lowercase()
}
