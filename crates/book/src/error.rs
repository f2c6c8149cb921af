//! Why there is no book.

use std::{io, path::PathBuf};

use lesson::{Diagnostic, Look};
use thiserror::Error;

/// Why there is no book.
#[derive(Debug, Error)]
pub enum BookError {
    /// Pages are wrong.
    #[error("{}", told(.0))]
    Pages(Vec<Diagnostic>),
    /// The folder that the book is to be written to holds something else.
    #[error(
        "`{}` is no book: name another folder, or take away what is in it", .0.display()
    )]
    Occupied(PathBuf),
    /// The folder that the book is to be written to holds a web site that no book's mark is
    /// in: a book of a time before there was one, or another's.
    #[error(
        "`{}` is a web site, and may be another's: remove it yourself if it is a book that an \
         older version wrote, or name another folder", .0.display()
    )]
    Unmarked(PathBuf),
    /// The folder that the book is to be written to is git's as well.
    #[error(
        "`{}` is a checkout of git, which a book would replace: name another folder, and copy \
         the book from there", .0.display()
    )]
    Repository(PathBuf),
    /// A file or folder cannot be read or written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// mdBook could not make a site of it.
    #[error("mdBook cannot lay the site out: {0}")]
    Layout(String),
}

fn told(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&diagnostic.render(Look::Plain));
        text.push('\n');
    }
    let things = match diagnostics.len() {
        1 => "one thing is".to_owned(),
        several => format!("{several} things are"),
    };
    text + &things + " wrong with the pages"
}
