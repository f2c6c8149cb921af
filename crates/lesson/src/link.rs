//! Where the links of pages and hints lead: out to the web, to a page of the course, or
//! to a file of a lesson's folder. Anything else is an error.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::Findings;
use crate::folder::Refusal;
use crate::hint;
use crate::lesson::Lesson;
use crate::listing;
use crate::suggest;

/// Files that are taken as they are: images without scripts, and captured packets.
const BYTES: [&str; 8] = [
    "avif", "gif", "jpeg", "jpg", "pcap", "pcapng", "png", "webp",
];
/// Files that a page can show as an image. A drawing's scripts are not run where it
/// is an image, but they would be where it is a page: so a link leads to its text.
const IMAGES: [&str; 7] = ["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];
/// For how many broken links of the course the nearest name is looked for.
const SUGGESTION_BUDGET: usize = 500;

/// A link or an image, as a page writes it.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) target: String,
    pub(crate) is_image: bool,
    pub(crate) span: Range<usize>,
}

/// Where a link leads.
#[derive(Debug, Clone)]
pub enum Destination<'c> {
    /// Out of the course, to the address as it is written.
    Elsewhere,
    /// To a lesson's page, and to the heading with this [anchor](crate::Heading::anchor).
    Page {
        /// The lesson.
        lesson: &'c Lesson,
        /// The heading's anchor.
        anchor: Option<String>,
    },
    /// To a text file of a lesson.
    Text {
        /// The lesson.
        lesson: &'c Lesson,
        /// The file, from the lesson's folder.
        file: String,
        /// The lines that are meant, counted from 1.
        lines: Option<RangeInclusive<usize>>,
    },
    /// To a folder of a lesson: to all text files below it.
    Folder {
        /// The lesson.
        lesson: &'c Lesson,
        /// The files, from the lesson's folder, in the order of their names; at least one.
        files: Vec<String>,
    },
    /// To a file of a lesson that is taken as it is: an image, or captured packets.
    Bytes {
        /// The lesson.
        lesson: &'c Lesson,
        /// The file, from the lesson's folder.
        file: String,
    },
}

/// A link that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BrokenLink {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: String,
}

impl BrokenLink {
    fn new(message: String, help: impl Into<String>) -> Self {
        Self {
            message,
            help: help.into(),
        }
    }
}

/// The links of a course.
///
/// A file is read once, however many links lead to it.
#[derive(Debug)]
pub struct Links<'c> {
    lessons: &'c [Lesson],
    /// By the folder, as pages write paths, the place of its lesson; known once a link leads
    /// to one.
    folders: OnceCell<HashMap<String, usize>>,
    /// For each lesson, the anchors of its page; known once a link leads there.
    anchors: Vec<OnceCell<HashSet<String>>>,
    /// What was found where links led before.
    found: RefCell<HashMap<(usize, String), Found>>,
    suggestions: Cell<usize>,
}

/// What stands at a path of a lesson's folder.
#[derive(Debug, Clone)]
enum Found {
    /// A file with so many lines of text.
    Text(usize),
    /// A folder with these files.
    Folder(Vec<String>),
    /// Bytes.
    Bytes,
    /// Nothing.
    Missing,
    /// Something that cannot be linked to: why not.
    Refused(String),
}

impl<'c> Links<'c> {
    /// The links of a course of these lessons.
    #[must_use]
    pub fn of(lessons: &'c [Lesson]) -> Self {
        Self {
            lessons,
            folders: OnceCell::new(),
            anchors: vec![OnceCell::new(); lessons.len()],
            found: RefCell::default(),
            suggestions: Cell::new(SUGGESTION_BUDGET),
        }
    }

    /// Where a link leads that stands in `file` of a lesson.
    ///
    /// # Errors
    ///
    /// Where it leads nowhere.
    pub fn follow(
        &self,
        target: &str,
        lesson: &Lesson,
        file: &str,
    ) -> Result<Destination<'c>, BrokenLink> {
        if let Some(scheme) = scheme(target) {
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" | "mailto" => Ok(Destination::Elsewhere),
                _ => Err(BrokenLink::new(
                    format!("`{scheme}:` is no address that a page may link to"),
                    "link to `https:`, `http:`, `mailto:`, or to a file of the course",
                )),
            };
        }
        let (path, fragment) = match target.split_once('#') {
            Some((path, fragment)) => (path, Some(decoded(fragment))),
            None => (target, None),
        };
        let (at, file) = if path.is_empty() {
            self.locate("lesson.md", lesson, "lesson.md")?
        } else {
            self.locate(path, lesson, file)?
        };
        if file == "lesson.md" {
            return self.to_page(at, fragment);
        }
        self.to_file(at, file, fragment.as_deref())
    }

    /// Where an image is that stands in `file` of a lesson.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn image(
        &self,
        target: &str,
        lesson: &Lesson,
        file: &str,
    ) -> Result<Destination<'c>, BrokenLink> {
        if scheme(target).is_some() {
            return Err(BrokenLink::new(
                "an image from elsewhere would be loaded from elsewhere".to_owned(),
                "put the image into the lesson's folder",
            ));
        }
        let (at, file) = self.locate(target, lesson, file)?;
        if !is_one_of(&file, &IMAGES) {
            return Err(BrokenLink::new(
                format!("`{file}` is no image that a page can show"),
                "use avif, gif, jpeg, png, svg or webp",
            ));
        }
        let why = match self.look(at, &file) {
            Found::Bytes | Found::Text(_) => {
                return Ok(Destination::Bytes {
                    lesson: &self.lessons[at],
                    file,
                });
            }
            Found::Folder(_) => Refusal::NotAFile.to_string(),
            Found::Refused(why) => why,
            Found::Missing => {
                return Err(BrokenLink::new(
                    format!("the image `{file}` {}", Refusal::Missing),
                    self.instead_of(at, &file, "name an image that is there"),
                ));
            }
        };
        Err(BrokenLink::new(
            format!("the image `{file}` {why}"),
            "name another image",
        ))
    }

    fn to_page(&self, at: usize, fragment: Option<String>) -> Result<Destination<'c>, BrokenLink> {
        let lesson = &self.lessons[at];
        if let Some(anchor) = &fragment
            && let anchors = self.anchors(at)
            && !anchors.contains(anchor.as_str())
        {
            let meant = self
                .may_suggest()
                .then(|| suggest::nearest(anchor, anchors.iter().map(String::as_str)))
                .flatten();
            return Err(BrokenLink::new(
                format!("`{}` has no heading `#{anchor}`", lesson.id),
                match meant {
                    Some(meant) => format!("did you mean `#{meant}`?"),
                    None => "write the heading in lower case, with `-` for each space".to_owned(),
                },
            ));
        }
        Ok(Destination::Page {
            lesson,
            anchor: fragment,
        })
    }

    fn to_file(
        &self,
        at: usize,
        file: String,
        fragment: Option<&str>,
    ) -> Result<Destination<'c>, BrokenLink> {
        let lesson = &self.lessons[at];
        match (self.look(at, &file), fragment) {
            (Found::Text(length), fragment) => {
                let lines = fragment.map(|fragment| lines(fragment, &file, length));
                Ok(Destination::Text {
                    lesson,
                    file,
                    lines: lines.transpose()?,
                })
            }
            (Found::Folder(files), None) => Ok(Destination::Folder { lesson, files }),
            (Found::Bytes, None) => Ok(Destination::Bytes { lesson, file }),
            (Found::Folder(_) | Found::Bytes, Some(_)) => Err(no_headings(&file)),
            (Found::Missing, _) => Err(BrokenLink::new(
                format!("`{file}` of `{}` {}", lesson.id, Refusal::Missing),
                self.instead_of(at, &file, "link to a file that is there"),
            )),
            (Found::Refused(why), _) => Err(BrokenLink::new(
                format!("`{file}` of `{}` {why}", lesson.id),
                "link to another file",
            )),
        }
    }

    fn anchors(&self, at: usize) -> &HashSet<String> {
        self.anchors[at].get_or_init(|| {
            let headings = self.lessons[at].headings.iter();
            headings.map(|one| one.anchor.clone()).collect()
        })
    }

    /// The place of the lesson in this folder, if there is one.
    fn at(&self, folder: &str) -> Option<usize> {
        let folders = self.folders.get_or_init(|| {
            let lessons = self.lessons.iter().enumerate();
            lessons
                .map(|(at, lesson)| (folder_of(lesson), at))
                .collect()
        });
        folders.get(folder).copied()
    }

    fn look(&self, at: usize, file: &str) -> Found {
        let key = (at, file.to_owned());
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone();
        }
        let found = looked(&self.lessons[at], file);
        self.found.borrow_mut().insert(key, found.clone());
        found
    }

    fn may_suggest(&self) -> bool {
        let left = self.suggestions.get();
        self.suggestions.set(left.saturating_sub(1));
        left > 0
    }

    /// What to write instead of a file that is not there.
    fn instead_of(&self, at: usize, file: &str, otherwise: &str) -> String {
        self.may_suggest()
            .then(|| listing::instead_of_file(&self.lessons[at].folder, file))
            .flatten()
            .unwrap_or_else(|| otherwise.to_owned())
    }

    /// The lesson in whose folder a path ends that stands in a file, and the rest of the
    /// path.
    fn locate(
        &self,
        path: &str,
        lesson: &Lesson,
        file: &str,
    ) -> Result<(usize, String), BrokenLink> {
        let out = || {
            BrokenLink::new(
                format!("`{path}` leads to no lesson, and to no file of one"),
                "link to a lesson's page, to a file of its folder, or to an address on the web",
            )
        };
        if path.starts_with('/') || path.contains(['\\', '?']) {
            return Err(out());
        }
        let base = format!("{}/{file}", folder_of(lesson));
        let mut parts: Vec<&str> = base.split('/').collect();
        parts.pop();
        let decoded = decoded(path);
        for part in decoded.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop().ok_or_else(out)?),
                part => parts.push(part),
            }
        }
        // A lesson's folder is `lessons/PHASE/LESSON`.
        let (folder, rest) = parts.split_at_checked(3).ok_or_else(out)?;
        let at = self.at(&folder.join("/")).ok_or_else(out)?;
        if rest.is_empty() {
            return Err(out());
        }
        Ok((at, rest.join("/")))
    }
}

/// What is wrong with the links of each lesson, on its page and in its hints.
pub(crate) fn check(lessons: &mut [Lesson]) {
    let links = Links::of(lessons);
    let told: Vec<_> = lessons
        .iter()
        .map(|lesson| (on_page(&links, lesson), in_hints(&links, lesson)))
        .collect();
    for (lesson, (findings, diagnostics)) in lessons.iter_mut().zip(told) {
        lesson.tell(findings);
        lesson.diagnostics.extend(diagnostics);
    }
}

fn on_page(links: &Links, lesson: &Lesson) -> Findings {
    let mut findings = Findings::default();
    tell(links, lesson, "lesson.md", &lesson.links, &mut findings);
    findings
}

fn in_hints(links: &Links, lesson: &Lesson) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    if !lesson.may_have_hints {
        return told;
    }
    let folder = lesson.page.parent().unwrap_or(Path::new(""));
    for challenge in &lesson.challenges {
        let file = hint::file(&challenge.name);
        let shown = folder.join(&file);
        match lesson.text_of(&file) {
            Ok(text) => {
                let mut findings = Findings::default();
                let markdown = hint::markdown_of(&text);
                if hint::headings(&markdown).next().is_none() {
                    findings
                        .error_of_page("this file of hints has none")
                        .help("begin each with a heading, such as `## What a read gives`");
                }
                tell(links, lesson, &file, &markdown.links, &mut findings);
                told.extend(findings.tell(&shown, &text));
            }
            Err(Refusal::Missing) => {}
            Err(refusal) => told.push(Diagnostic {
                file: shown,
                place: None,
                severity: Severity::Error,
                message: format!("this file of hints {refusal}"),
                help: None,
            }),
        }
    }
    told
}

fn tell(links: &Links, lesson: &Lesson, file: &str, written: &[Link], findings: &mut Findings) {
    for link in written {
        let led = if link.is_image {
            links.image(&link.target, lesson, file)
        } else {
            links.follow(&link.target, lesson, file)
        };
        if let Err(broken) = led {
            findings
                .error(link.span.clone(), broken.message)
                .help(broken.help);
        }
    }
}

fn looked(lesson: &Lesson, file: &str) -> Found {
    if is_one_of(file, &BYTES) {
        return match lesson.bytes_of(file) {
            Ok(_) => Found::Bytes,
            Err(Refusal::Missing) => Found::Missing,
            Err(refusal) => Found::Refused(refusal.to_string()),
        };
    }
    match lesson.text_of(file) {
        Ok(text) => Found::Text(text.lines().count()),
        Err(Refusal::Missing) => Found::Missing,
        Err(refusal) => {
            let files = match refusal {
                Refusal::NotAFile => lesson.files_below(file),
                _ => Vec::new(),
            };
            if files.is_empty() {
                Found::Refused(refusal.to_string())
            } else {
                Found::Folder(files)
            }
        }
    }
}

/// `L10`, `L10-L20`: as forges name the lines of a file, which has `length` of them.
fn lines(fragment: &str, file: &str, length: usize) -> Result<RangeInclusive<usize>, BrokenLink> {
    let number = |part: &str| part.strip_prefix('L')?.parse::<usize>().ok();
    let (first, last) = fragment.split_once('-').unwrap_or((fragment, fragment));
    let (Some(first), Some(last)) = (number(first), number(last)) else {
        return Err(no_headings(file));
    };
    if first == 0 || last < first || last > length {
        return Err(BrokenLink::new(
            format!("`{file}` has no lines `#{fragment}`"),
            match length {
                0 => "it is empty: leave off what follows the `#`".to_owned(),
                _ => format!("its lines are `#L1` to `#L{length}`"),
            },
        ));
    }
    Ok(first..=last)
}

fn no_headings(file: &str) -> BrokenLink {
    BrokenLink::new(
        format!("`{file}` has no headings to link to"),
        "leave off what follows the `#`",
    )
}

/// A lesson's folder from the course's root, as pages write paths: with `/` on any system.
#[must_use]
pub fn folder_of(lesson: &Lesson) -> String {
    let folder = lesson.page.parent().unwrap_or(Path::new(""));
    let parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// What stands before the colon of an address.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || matches!(one, '+' | '-' | '.'));
    is_scheme.then_some(scheme)
}

fn is_one_of(file: &str, extensions: &[&str]) -> bool {
    let extension = Path::new(file).extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| extensions.contains(&it.to_ascii_lowercase().as_str()))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
