//! The pages as a site, laid out by mdBook.

use std::{
    collections::{BTreeSet, HashMap},
    fs, io,
    path::{Path, PathBuf},
};

use lesson::{Course, Diagnostic, Lesson, Severity};
use mdbook_core::{
    book::{Book, BookItem, Chapter, SectionNumber},
    config::Config,
};
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer as _};

use crate::{
    challenge::Hints,
    error::BookError,
    facts::Facts,
    home, html,
    links::{Copies, Links, Sources},
    page, sources,
};

const TITLE: &str = "The networking course that proves itself";
const DESCRIPTION: &str = "Lessons about networks in which every line is held against a real run";

const STYLE: &str = include_str!("../theme/course.css");
const SCRIPT: &str = include_str!("../theme/course.js");

/// A file that every book has, and nothing else: by it a folder is known to be a book, which
/// may be replaced.
const MARK: &str = ".networking-course-book";
const MARK_SAYS: &str = "The course's command `book` wrote this folder, and replaces it whole.\n";

/// What mdBook writes into each of its sites, and many others write into theirs: GitHub
/// Pages looks for it. A book has been known by it before there was a mark.
const OLD_MARK: &str = ".nojekyll";

/// Builds the course as a web site in the folder `into`, in place of the book that may
/// be there. Gives the file to open.
///
/// # Errors
///
/// Where a page is wrong, `into` holds something that is no book, or a file cannot be
/// written. What was there before is then left as it was.
pub fn build(course: &Course, facts: &Facts, into: &Path) -> Result<PathBuf, BookError> {
    refuse_wrong_pages(course)?;
    refuse_other_content(into)?;

    let links = Links::new(course);
    let pages = pages(course, facts, Hints::Folded, &links);
    let (shown, copied) = links.into_parts();

    let beside = into.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(beside).map_err(|source| unwritable(beside, source))?;
    let workshop = tempfile::Builder::new()
        .prefix(".book-")
        .tempdir_in(beside)
        .map_err(|source| unwritable(beside, source))?;
    let book = lay_out(
        course,
        bound(course, facts, pages, &shown),
        &shown,
        &copied,
        &workshop.path().join("read"),
    )?;
    // mdBook lets search find all that a page says. Whoever looks for a word should not
    // read an answer: so search is that of a book without hints.
    let pages = self::pages(course, facts, Hints::LeftOut, &Links::new(course));
    let without_hints = lay_out(
        course,
        bound(course, facts, pages, &shown),
        &shown,
        &copied,
        &workshop.path().join("searched"),
    )?;
    replace_index(&book, &without_hints)?;
    write(&book.join(MARK), MARK_SAYS.as_bytes())?;
    replace(&book, into)?;
    Ok(into.join("index.html"))
}

/// Every lesson's page as HTML.
fn pages(course: &Course, facts: &Facts, hints: Hints, links: &Links<'_>) -> Vec<String> {
    course
        .lessons
        .iter()
        .map(|lesson| page::page(course, lesson, facts, hints, links))
        .collect()
}

/// A page that is wrong would make a book that is.
fn refuse_wrong_pages(course: &Course) -> Result<(), BookError> {
    let told = course.lessons.iter().flat_map(|lesson| &lesson.diagnostics);
    let wrong: Vec<Diagnostic> = course
        .diagnostics
        .iter()
        .chain(told)
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .cloned()
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(BookError::Pages(wrong))
    }
}

/// Whatever is in the folder will be gone: it has to be a book and no more, or nothing.
fn refuse_other_content(into: &Path) -> Result<(), BookError> {
    let mut entries = match fs::read_dir(into) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unwritable(into, error)),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    // A folder in a worktree, a file in one that was added or in a submodule.
    if into.join(".git").symlink_metadata().is_ok() {
        return Err(BookError::Repository(into.to_owned()));
    }
    if into.join(MARK).is_file() {
        return Ok(());
    }
    if into.join(OLD_MARK).is_file() {
        return Err(BookError::Unmarked(into.to_owned()));
    }
    Err(BookError::Occupied(into.to_owned()))
}

/// The pages as mdBook's chapters: the first page, then each phase with its lessons, and
/// below each lesson its sources.
fn bound(course: &Course, facts: &Facts, pages: Vec<String>, shown: &Sources) -> Book {
    let mut book = Book::new();
    book.push_item(chapter(
        "Start here",
        &home::page(course, facts, TITLE),
        PathBuf::from("index.md"),
    ));
    let mut phase = None;
    for (number, (lesson, page)) in (1..).zip(course.lessons.iter().zip(pages)) {
        let front = &lesson.front;
        if phase != Some(front.phase) {
            phase = Some(front.phase);
            let title = format!("Phase {}: {}", front.phase, front.phase_title);
            book.push_item(BookItem::PartTitle(title));
        }
        let name = format!("{}.{} {}", front.phase, front.sequence, front.title);
        let mut chapter = chapter(&name, &page, path_of(lesson));
        // mdBook knows by the numbers what stands below what; it shows none of them.
        chapter.number = Some(SectionNumber::new([number]));
        if let Some(files) = shown.get(&lesson.id).filter(|files| !files.is_empty()) {
            let mut sources = self::chapter(
                "Sources",
                &sources::page(lesson, files),
                sources_path_of(lesson),
            );
            sources.number = Some(SectionNumber::new([number, 1]));
            sources.parent_names = vec![name];
            chapter.sub_items.push(BookItem::Chapter(sources));
        }
        book.push_item(chapter);
    }
    book
}

fn path_of(lesson: &Lesson) -> PathBuf {
    PathBuf::from(format!("lessons/{}.md", lesson.id))
}

fn sources_path_of(lesson: &Lesson) -> PathBuf {
    PathBuf::from(format!("lessons/{}/sources.md", lesson.id))
}

/// To mdBook, a chapter is Markdown: one block of HTML is Markdown too.
fn chapter(name: &str, page: &str, path: PathBuf) -> Chapter {
    let content = format!("<div class=\"course\">{}</div>\n", html::on_one_line(page));
    Chapter::new(name, content, path, Vec::new())
}

/// Lets mdBook write the site below `root`; gives its folder.
fn lay_out(
    course: &Course,
    book: Book,
    shown: &Sources,
    copied: &Copies,
    root: &Path,
) -> Result<PathBuf, BookError> {
    write(&root.join("course.css"), STYLE.as_bytes())?;
    write(&root.join("course.js"), SCRIPT.as_bytes())?;
    fs::create_dir_all(root.join("src")).map_err(|source| unwritable(root, source))?;
    for lesson in &course.lessons {
        copy(lesson, copied.get(&lesson.id), root)?;
    }
    let config = config(shown).map_err(|error| BookError::Layout(format!("{error:#}")))?;
    let site = root.join("book");
    let context = RenderContext::new(root, book, config, &site);
    HtmlHandlebars::new()
        .render(&context)
        .map_err(|error| BookError::Layout(format!("{error:#}")))?;
    Ok(site)
}

/// Gives a site the search index of another, which has the same headings.
fn replace_index(site: &Path, other: &Path) -> Result<(), BookError> {
    let (to, from) = (index_of(site)?, index_of(other)?);
    fs::copy(from, &to).map_err(|source| unwritable(&to, source))?;
    Ok(())
}

/// The file in which a site has its search index; a hash is part of its name.
fn index_of(site: &Path) -> Result<PathBuf, BookError> {
    let entries = fs::read_dir(site).map_err(|source| unwritable(site, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| unwritable(site, source))?;
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with("searchindex")
        {
            return Ok(entry.path());
        }
    }
    Err(BookError::Layout("it writes no search index".to_owned()))
}

fn copy(lesson: &Lesson, files: Option<&BTreeSet<String>>, root: &Path) -> Result<(), BookError> {
    for file in files.into_iter().flatten() {
        let to = root.join("src/lessons").join(&lesson.id).join(file);
        let bytes = lesson
            .bytes_of(file)
            .map_err(|refusal| unwritable(&to, io::Error::other(refusal)))?;
        write(&to, &bytes)?;
    }
    Ok(())
}

fn config(shown: &Sources) -> Result<Config, Box<dyn std::error::Error + Send + Sync>> {
    let mut config = Config::default();
    config.book.title = Some(TITLE.to_owned());
    config.book.description = Some(DESCRIPTION.to_owned());
    config.book.language = Some("en".to_owned());
    config.build.create_missing = false;
    // A page's text is no template.
    config.build.use_default_preprocessors = false;
    for (key, value) in [
        ("output.html.additional-css", "course.css"),
        ("output.html.additional-js", "course.js"),
    ] {
        config.set(key, [value])?;
    }
    config.set("output.html.default-theme", "light")?;
    config.set("output.html.preferred-dark-theme", "navy")?;
    config.set("output.html.no-section-label", true)?;
    // Its links would only work on a server.
    config.set("output.html.input-404", "")?;
    config.set("output.html.playground.runnable", false)?;
    config.set("output.html.playground.copy-js", false)?;
    config.set("output.html.search.use-boolean-and", true)?;
    config.set("output.html.search.boost-title", 3)?;
    // A word is looked for in what the pages say; the sources would drown it.
    let unsearched: HashMap<String, HashMap<&str, bool>> = shown
        .iter()
        .filter(|(_, files)| !files.is_empty())
        .map(|(id, _)| {
            let path = format!("lessons/{id}/sources.md");
            (path, HashMap::from([("enable", false)]))
        })
        .collect();
    config.set("output.html.search.chapter", unsearched)?;
    Ok(config)
}

/// Puts the finished book where the old one was.
fn replace(new: &Path, into: &Path) -> Result<(), BookError> {
    match fs::remove_dir_all(into) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(unwritable(into, error));
        }
        _ => {}
    }
    fs::rename(new, into).map_err(|source| unwritable(into, source))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BookError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
    }
    fs::write(path, bytes).map_err(|source| unwritable(path, source))
}

fn unwritable(path: &Path, source: io::Error) -> BookError {
    BookError::Unwritable {
        path: path.to_owned(),
        source,
    }
}
