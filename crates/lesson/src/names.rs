//! Names in kebab case: of lessons, of their folders, of challenges.

use std::ops::Range;
use std::path::Path;

use crate::finding::Findings;

/// Whether a name is in kebab case: words of small letters and digits, joined
/// by single hyphens, a letter first.
#[must_use]
pub fn is_kebab(name: &str) -> bool {
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
#[must_use]
pub fn kebab(title: &str) -> String {
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

/// The name of a folder of the course, of a phase or a lesson: its number, of at least
/// two digits so that the folders stand in the course's order, `-`, and its name in kebab
/// case.
#[must_use]
pub fn folder_name(number: u32, name: &str) -> String {
    format!("{number:02}-{name}")
}

/// The name of a folder of the course: a number of two digits, `-`, a name.
#[derive(Debug)]
pub(crate) struct FolderName {
    whole: String,
    /// `None` where the folder has no such name.
    pub(crate) number: Option<u32>,
    pub(crate) name: String,
}

impl FolderName {
    pub(crate) fn of(folder: &Path) -> Self {
        let whole = folder.file_name().unwrap_or_default();
        let whole = whole.to_string_lossy().into_owned();
        let digits = whole.bytes().take_while(u8::is_ascii_digit).count();
        // Two digits, so that the folders stand in the course's order.
        let number = whole[..digits]
            .parse()
            .ok()
            .filter(|number: &u32| format!("{number:02}").len() == digits)
            .filter(|_| whole[digits..].starts_with('-'));
        Self {
            number,
            name: whole[digits..].trim_start_matches('-').to_owned(),
            whole,
        }
    }

    /// Holds the number against what the page says at `place`, under `key`.
    pub(crate) fn check_number(
        &self,
        key: &str,
        said: u32,
        place: Option<&Range<usize>>,
        findings: &mut Findings,
    ) {
        if self.number != Some(said) {
            self.tell(key, &folder_name(said, &self.name), place, findings);
        }
    }

    /// Holds the name against what the page says at `place`, under `key`.
    pub(crate) fn check_name(
        &self,
        key: &str,
        said: &str,
        place: Option<&Range<usize>>,
        findings: &mut Findings,
    ) {
        if self.name != said {
            let number = self
                .number
                .map_or("NN".to_owned(), |number| format!("{number:02}"));
            self.tell(key, &format!("{number}-{said}"), place, findings);
        }
    }

    fn tell(&self, key: &str, wanted: &str, place: Option<&Range<usize>>, findings: &mut Findings) {
        // What the page does not say cannot differ.
        let Some(place) = place else { return };
        let message = format!(
            "`{key}` is not what the folder's name says, `{}`",
            self.whole
        );
        let help = format!("change one of the two; for this `{key}` the folder is `{wanted}`");
        findings.error(place.clone(), message).help(help);
    }
}
