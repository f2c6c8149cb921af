//! Listings: what a page shows of a file, held against the file.

use crate::block::ListingTie;
use crate::folder::{self, Found, Refusal};
use crate::suggest;
use std::ops::{Range, RangeInclusive};
use std::path::Path;

/// Whether a listing is its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listing {
    /// The page shows what the file holds.
    Same,
    /// It does not.
    Drifted {
        /// What the file holds, and the page should show.
        expected: String,
        /// What the page shows.
        actual: String,
    },
    /// There is nothing that the page could show; the lesson's diagnostics say why.
    Invalid,
}

/// How many names of a folder are looked at for one to suggest.
const MOST_SUGGESTED: usize = 1000;

/// Why a listing cannot be made: what is wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Unlisted {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// What a page should show of a file: the whole of it or a region, without
/// anchor comments, with `\n` at the end of each line.
pub(crate) fn text_of(folder: &Path, tie: &ListingTie) -> Result<String, Unlisted> {
    let text = folder::within(folder, &tie.file)
        .and_then(Found::text)
        .map_err(|refusal| unreadable(folder, &tie.file, &refusal))?;
    let lines = lines_of(&text);
    let lines = match &tie.region {
        None => lines,
        Some(region) => dedented(lines[region_of(&lines, region, &tie.file)?].to_vec()),
    };
    let shown: Vec<&str> = lines
        .into_iter()
        .filter(|line| anchor(line).is_none())
        .collect();
    if shown.iter().all(|line| line.trim().is_empty()) {
        let what = match &tie.region {
            None => format!("the file `{}`", tie.file),
            Some(region) => format!("the region `{region}` of `{}`", tie.file),
        };
        return Err(Unlisted {
            message: format!("{what} is empty"),
            help: Some("write what the page is to show, or take the block away".to_owned()),
        });
    }
    Ok(shown.iter().flat_map(|line| [line, "\n"]).collect())
}

/// Where the lines of a region are in its file, counted from 1. `None` where the whole
/// file is shown, or there is no such region.
pub(crate) fn place(folder: &Path, tie: &ListingTie) -> Option<RangeInclusive<usize>> {
    let region = tie.region.as_ref()?;
    let text = folder::within(folder, &tie.file)
        .and_then(Found::text)
        .ok()?;
    let lines = region_of(&lines_of(&text), region, &tie.file).ok()?;
    Some(lines.start + 1..=lines.end)
}

fn lines_of(text: &str) -> Vec<&str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().collect()
}

/// An anchor comment: a line that begins a region, or ends one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor<'a> {
    Begin(&'a str),
    End(&'a str),
}

/// The anchor of a line that is nothing but its comment, in whatever language:
/// `// ANCHOR: name`, `# ANCHOR_END: name`, `<!-- ANCHOR: name -->`.
fn anchor(line: &str) -> Option<Anchor<'_>> {
    let line = line.trim_start();
    let comment = line.trim_start_matches(['/', '#', '-', ';', '%', '*', '<', '!', '(']);
    if comment.len() == line.len() {
        return None;
    }
    let comment = comment.trim_start();
    let ends = comment.strip_prefix("ANCHOR_END:");
    let name = ends
        .or_else(|| comment.strip_prefix("ANCHOR:"))?
        .trim_start();
    let length = name
        .find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(name.len());
    match &name[..length] {
        "" => None,
        name if ends.is_some() => Some(Anchor::End(name)),
        name => Some(Anchor::Begin(name)),
    }
}

/// The lines between the anchors of a region, counted from 0.
fn region_of(lines: &[&str], region: &str, file: &str) -> Result<Range<usize>, Unlisted> {
    let places = |wanted: Anchor| -> Vec<usize> {
        let is_wanted = |at: &usize| anchor(lines[*at]) == Some(wanted);
        (0..lines.len()).filter(is_wanted).collect()
    };
    let begins = places(Anchor::Begin(region));
    let ends = places(Anchor::End(region));
    let unlisted = |message: String, help: String| Unlisted {
        message,
        help: Some(help),
    };
    match (&begins[..], &ends[..]) {
        ([begin], [end]) if begin < end => Ok(begin + 1..*end),
        ([], _) => Err(unlisted(
            format!("`{file}` has no region `{region}`"),
            instead_of(lines, region),
        )),
        ([begin], [] | [_]) => Err(unlisted(
            format!("the region `{region}` of `{file}` never ends"),
            format!(
                "it begins on line {}: write `ANCHOR_END: {region}` in a comment below what it shows",
                begin + 1
            ),
        )),
        ([first, rest @ ..], _) => Err(unlisted(
            format!("the region `{region}` of `{file}` begins or ends more than once"),
            match rest.first() {
                Some(second) => format!(
                    "it begins on line {}, and again on line {}: give one of them another name",
                    first + 1,
                    second + 1
                ),
                None => format!("keep one line `ANCHOR_END: {region}`"),
            },
        )),
    }
}

fn instead_of(lines: &[&str], region: &str) -> String {
    let regions = lines.iter().filter_map(|line| match anchor(line)? {
        Anchor::Begin(name) => Some(name),
        Anchor::End(_) => None,
    });
    match suggest::nearest(region, regions) {
        Some(meant) => format!("did you mean `#{meant}`?"),
        None => format!(
            "write `ANCHOR: {region}` and `ANCHOR_END: {region}` in comments around what the page is to show"
        ),
    }
}

/// The lines without the white space with which all of them begin; blank lines
/// have no say in it.
fn dedented(lines: Vec<&str>) -> Vec<&str> {
    let has_say = |line: &&&str| !line.trim().is_empty() && anchor(line).is_none();
    let mut solid = lines.iter().filter(has_say);
    let Some(first) = solid.next() else {
        return lines;
    };
    let indent = &first[..first.len() - first.trim_start().len()];
    let common = solid.fold(indent, |common, line| {
        let same = common.bytes().zip(line.bytes()).take_while(|(a, b)| a == b);
        let length = common.floor_char_boundary(same.count());
        &common[..length]
    });
    lines
        .iter()
        .map(|line| {
            line.strip_prefix(common)
                .unwrap_or_else(|| line.trim_start())
        })
        .collect()
}

fn unreadable(folder: &Path, file: &str, refusal: &Refusal) -> Unlisted {
    let help = match refusal {
        Refusal::LeadsOut => {
            Some("name a file of this lesson, from its folder: `experiment/src/main.rs`".to_owned())
        }
        Refusal::LinkLeadsOut => Some("put the file itself into the lesson's folder".to_owned()),
        Refusal::Missing => instead_of_file(folder, file),
        Refusal::NotAFile => Some("name a file".to_owned()),
        Refusal::TooLarge => Some("nobody reads that much: show a smaller file".to_owned()),
        Refusal::NotText { .. } => Some("show a text file".to_owned()),
        Refusal::Unreadable(_) => None,
    };
    let message = format!("the file `{file}` {refusal}");
    Unlisted { message, help }
}

/// A file like `file`, out of those in the folder where it would be.
pub(crate) fn instead_of_file(folder: &Path, file: &str) -> Option<String> {
    let (parent, name) = match file.rsplit_once('/') {
        Some((parent, name)) => (parent, name),
        None => ("", file),
    };
    let parent_folder = folder::within(folder, parent).ok()?;
    let names = folder::names(&parent_folder.path).ok()?;
    let names = names.iter().take(MOST_SUGGESTED).map(String::as_str);
    let meant = suggest::nearest(name, names)?;
    let path = if parent.is_empty() {
        meant.to_owned()
    } else {
        format!("{parent}/{meant}")
    };
    Some(format!("did you mean `{path}`?"))
}
