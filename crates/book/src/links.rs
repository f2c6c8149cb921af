//! Where the links of a page lead: out to the web, to another page of the book, or to
//! a file of a lesson's folder, which the book shows. Anything else is an error.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
    path::Path,
};

use lesson::{Course, Diagnostic, Lesson, Place, Severity};
use percent_encoding::percent_decode_str;

use crate::sources;

/// What the pages link to, and what they should not have.
pub(crate) struct Links<'c> {
    course: &'c Course,
    /// By lesson, the names of the places on its page.
    anchors: HashMap<String, HashSet<String>>,
    /// By lesson, the files that the book shows as text.
    sources: RefCell<Files>,
    /// By lesson, the files that the book copies as they are.
    copies: RefCell<Files>,
    problems: RefCell<Vec<Diagnostic>>,
}

/// Where a link stands.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) lesson: &'a Lesson,
    /// The Markdown file, from the lesson's folder, and its text.
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

/// Files that a browser shows as an image, and nothing in them is run.
const IMAGES: [&str; 7] = ["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];
/// Files that are copied for a reader to keep.
const KEPT: [&str; 2] = ["pcap", "pcapng"];

/// What is wrong with a link, and what to do.
struct Broken(String, &'static str);

impl<'c> Links<'c> {
    /// `anchors` are by lesson the names of the places on its page.
    pub(crate) fn new(course: &'c Course, anchors: HashMap<String, HashSet<String>>) -> Self {
        let sources = course
            .lessons
            .iter()
            .map(|lesson| (lesson.id.clone(), sources::of(lesson)))
            .collect();
        Self {
            course,
            anchors,
            sources: RefCell::new(sources),
            copies: RefCell::default(),
            problems: RefCell::default(),
        }
    }

    /// What was wrong, and by lesson the files to show and the files to copy.
    pub(crate) fn into_parts(self) -> (Vec<Diagnostic>, Files, Files) {
        (
            self.problems.into_inner(),
            self.sources.into_inner(),
            self.copies.into_inner(),
        )
    }

    /// The address of the page on which a file's text stands, from a lesson's page.
    pub(crate) fn to_source(&self, lesson: &Lesson, file: &str) -> Option<String> {
        let sources = self.sources.borrow();
        let shown = sources.get(&lesson.id)?;
        shown
            .contains(file)
            .then(|| format!("{}/sources.html#{}", lesson.id, sources::anchor(file)))
    }

    /// Tells that something of a lesson is wrong.
    pub(crate) fn tell(&self, lesson: &Lesson, message: String) {
        self.problems.borrow_mut().push(Diagnostic {
            file: lesson.page.clone(),
            place: None,
            severity: Severity::Error,
            message,
            help: None,
        });
    }

    /// Where a link leads, from a lesson's page. `None` where that is wrong, which is
    /// then told.
    pub(crate) fn follow(
        &self,
        target: &str,
        origin: Origin<'_>,
        span: Range<usize>,
    ) -> Option<String> {
        self.told(self.link(target, origin), origin, span)
    }

    /// Where an image is, from a lesson's page; likewise.
    pub(crate) fn image(
        &self,
        target: &str,
        origin: Origin<'_>,
        span: Range<usize>,
    ) -> Option<String> {
        self.told(self.picture(target, origin), origin, span)
    }

    fn told(
        &self,
        found: Result<String, Broken>,
        origin: Origin<'_>,
        span: Range<usize>,
    ) -> Option<String> {
        let Broken(message, help) = match found {
            Ok(address) => return Some(address),
            Err(broken) => broken,
        };
        let folder = origin.lesson.page.parent().unwrap_or(Path::new(""));
        self.problems.borrow_mut().push(Diagnostic {
            file: folder.join(origin.file),
            place: Some(Place::of(origin.text, span)),
            severity: Severity::Error,
            message,
            help: Some(help.to_owned()),
        });
        None
    }

    fn link(&self, target: &str, origin: Origin<'_>) -> Result<String, Broken> {
        if let Some(scheme) = scheme(target) {
            return match scheme.to_ascii_lowercase().as_str() {
                "http" | "https" | "mailto" => Ok(target.to_owned()),
                _ => Err(Broken(
                    format!("`{scheme}:` is no address that a page may link to"),
                    "link to `https:`, `http:`, `mailto:`, or to a file of the course",
                )),
            };
        }
        let (path, fragment) = match target.split_once('#') {
            Some((path, fragment)) => (path, Some(decoded(fragment))),
            None => (target, None),
        };
        if path.is_empty() {
            let page = origin.lesson;
            return self.to_page(page, fragment.as_deref(), "");
        }
        let (lesson, file) = self.locate(path, origin)?;
        if file == "lesson.md" {
            return self.to_page(lesson, fragment.as_deref(), &format!("{}.html", lesson.id));
        }
        match sources::below(lesson, &file) {
            files if files.is_empty() => self.to_file(lesson, &file, fragment.as_deref()),
            files => self.to_folder(lesson, &files, fragment.as_deref()),
        }
    }

    /// A place on a lesson's page, which is at `address`.
    fn to_page(
        &self,
        lesson: &Lesson,
        fragment: Option<&str>,
        address: &str,
    ) -> Result<String, Broken> {
        let Some(fragment) = fragment else {
            return Ok(address.to_owned());
        };
        let anchors = self.anchors.get(&lesson.id);
        if anchors.is_some_and(|anchors| anchors.contains(fragment)) {
            return Ok(format!("{address}#{fragment}"));
        }
        Err(Broken(
            format!("`{}` has no heading `#{fragment}`", lesson.id),
            "write the heading in lower case, with `-` for each space",
        ))
    }

    fn to_file(
        &self,
        lesson: &'c Lesson,
        file: &str,
        fragment: Option<&str>,
    ) -> Result<String, Broken> {
        let wrong = |what: &dyn std::fmt::Display| {
            Broken(
                format!("`{file}` of `{}` {what}", lesson.id),
                "link to a file that is there",
            )
        };
        if is_one_of(file, &KEPT) {
            lesson.bytes_of(file).map_err(|refusal| wrong(&refusal))?;
            return Ok(self.copy(lesson, file));
        }
        lesson.text_of(file).map_err(|refusal| wrong(&refusal))?;
        if fragment.is_some_and(|fragment| !is_line_number(fragment)) {
            return Err(Broken(
                format!("`{file}` has no headings to link to"),
                "leave off what follows the `#`",
            ));
        }
        self.sources
            .borrow_mut()
            .entry(lesson.id.clone())
            .or_default()
            .insert(file.to_owned());
        Ok(format!(
            "{}/sources.html#{}",
            lesson.id,
            sources::anchor(file)
        ))
    }

    /// The first of a folder's files, which are all shown.
    fn to_folder(
        &self,
        lesson: &'c Lesson,
        files: &[String],
        fragment: Option<&str>,
    ) -> Result<String, Broken> {
        let mut address = String::new();
        for file in files.iter().rev() {
            address = self.to_file(lesson, file, fragment)?;
        }
        Ok(address)
    }

    fn picture(&self, target: &str, origin: Origin<'_>) -> Result<String, Broken> {
        if scheme(target).is_some() {
            return Err(Broken(
                "an image from elsewhere would be loaded from elsewhere".to_owned(),
                "put the image into the lesson's folder",
            ));
        }
        let (lesson, file) = self.locate(target, origin)?;
        if !is_one_of(&file, &IMAGES) {
            return Err(Broken(
                format!("`{file}` is no image that the book can show"),
                "use avif, gif, jpeg, png, svg or webp",
            ));
        }
        lesson.bytes_of(&file).map_err(|refusal| {
            Broken(
                format!("the image `{file}` {refusal}"),
                "name an image that is there",
            )
        })?;
        Ok(self.copy(lesson, &file))
    }

    /// Notes that a file is to be copied; gives its address.
    fn copy(&self, lesson: &'c Lesson, file: &str) -> String {
        self.copies
            .borrow_mut()
            .entry(lesson.id.clone())
            .or_default()
            .insert(file.to_owned());
        format!("{}/{}", lesson.id, encoded(file))
    }

    /// The lesson in whose folder a path ends, and the rest of the path.
    fn locate(&self, path: &str, origin: Origin<'_>) -> Result<(&'c Lesson, String), Broken> {
        let out = || {
            Broken(
                format!("`{path}` leads to no lesson, and to no file of one"),
                "link to a lesson's page, to a file of its folder, or to an address on the web",
            )
        };
        if path.starts_with('/') || path.contains(['\\', '?']) {
            return Err(out());
        }
        let folder = origin.lesson.page.parent().ok_or_else(out)?;
        let base = folder.join(origin.file);
        let mut parts: Vec<String> = base
            .parent()
            .ok_or_else(out)?
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        let decoded = decoded(path);
        for part in decoded.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop().ok_or_else(out)?),
                part => parts.push(part.to_owned()),
            }
        }
        let whole = parts.join("/");
        let lesson = self.course.lessons.iter().find_map(|lesson| {
            let folder = lesson.page.parent()?;
            let folder: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
            let rest = whole.strip_prefix(&folder.join("/"))?.strip_prefix('/')?;
            Some((lesson, rest.to_owned()))
        });
        lesson.ok_or_else(out)
    }
}

/// Files of lessons, by the lesson's id.
pub(crate) type Files = BTreeMap<String, BTreeSet<String>>;

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

/// `L10`, `L10-L20`: as forges name the lines of a file.
fn is_line_number(fragment: &str) -> bool {
    fragment.split('-').all(|part| {
        part.strip_prefix('L')
            .is_some_and(|digits| digits.parse::<u32>().is_ok())
    })
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A path as an address has it.
fn encoded(path: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEEP: AsciiSet = NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    utf8_percent_encode(path, &KEEP).to_string()
}
