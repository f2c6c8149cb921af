//! Changing a page: the content of its blocks, and nothing else.

use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::block::Block;
use crate::folder::{self, Found, Refusal};
use crate::lesson::Lesson;

/// Why a page was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is not what it was when the lesson was read.
    #[error("`{}` has changed meanwhile, and was left as it is: try again", page.display())]
    Changed {
        /// The page, for people.
        page: PathBuf,
    },
    /// What the system said.
    #[error("cannot write `{}`: {source}", page.display())]
    Io {
        /// The page, for people.
        page: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Lesson {
    /// The page with another content in one of its blocks.
    ///
    /// `content` has `\n` at the end of each line. It is written as the page
    /// is: with the page's line endings, and with the indentation and quote
    /// marks of the list or quote in which the block stands. Where the content
    /// has a line that would close the block, its fences become longer.
    #[must_use]
    pub fn with_block(&self, block: &Block, content: &str) -> String {
        self.with_blocks(&[(block, content)])
    }

    /// The page with another content in several of its blocks; see
    /// [`Lesson::with_block`].
    #[must_use]
    pub fn with_blocks(&self, changes: &[(&Block, &str)]) -> String {
        let mut pieces: Vec<(Range<usize>, String)> = changes
            .iter()
            .map(|(block, content)| (block.span.clone(), self.block_with(block, content)))
            .collect();
        pieces.sort_by_key(|(span, _)| span.start);
        let mut page = String::with_capacity(self.source.len());
        let mut from = 0;
        for (span, text) in pieces {
            // A block that is given twice is changed once.
            if span.start >= from {
                page.push_str(&self.source[from..span.start]);
                page.push_str(&text);
                from = span.end;
            }
        }
        page.push_str(&self.source[from..]);
        page
    }

    /// A block, fences included, with another content.
    fn block_with(&self, block: &Block, content: &str) -> String {
        let opening = &self.source[block.span.start..block.content_span.start];
        let closing = &self.source[block.content_span.end..block.span.end];
        let more = longer_fence(opening, content);
        let prefix = self.prefix(block);
        let ending = self.line_ending();

        let mut text = format!("{more}{opening}");
        if !opening.ends_with('\n') {
            text.push_str(ending);
        }
        for line in content.lines() {
            // An empty line ends without blanks, as editors leave it.
            let prefix = if line.is_empty() {
                prefix.trim_end()
            } else {
                &prefix
            };
            text.extend([prefix, line, ending]);
        }
        if !closing.is_empty() {
            // Blanks may follow a fence, and what is behind them is no part of it.
            let (fence, blanks) = closing.split_at(closing.trim_end().len());
            text.extend([fence, &more, blanks]);
        }
        text
    }

    /// What stands before each line of a block: the quote marks and the
    /// indentation of what it stands in.
    fn prefix(&self, block: &Block) -> String {
        let before = &self.source[..block.span.start];
        let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        let keep = |c: char| if c == '>' || c == '\t' { c } else { ' ' };
        line.trim_start_matches('\u{feff}')
            .chars()
            .map(keep)
            .collect()
    }

    /// How the lines of the page end: as its first one does.
    fn line_ending(&self) -> &'static str {
        match self.source.find('\n') {
            Some(at) if self.source[..at].ends_with('\r') => "\r\n",
            _ => "\n",
        }
    }

    /// Whether the page is no longer what it was when the lesson was read.
    ///
    /// # Errors
    ///
    /// Where it is gone, or cannot be read.
    pub fn has_changed(&self) -> io::Result<bool> {
        match folder::within(&self.folder, "lesson.md").and_then(Found::text) {
            Ok(text) => Ok(text != self.source),
            Err(Refusal::Missing) => Err(io::ErrorKind::NotFound.into()),
            // It was no page that can be read, and is none now.
            Err(_) if self.source.is_empty() => Ok(false),
            Err(Refusal::Unreadable(error)) => Err(error),
            // What is no page any more has changed.
            Err(_) => Ok(true),
        }
    }

    /// Writes another page in place of the lesson's, in one step: nobody ever
    /// sees half of it. The lesson itself stays as it was read.
    ///
    /// # Errors
    ///
    /// Where the page has changed since it was read, or cannot be written.
    pub fn write(&self, page: &str) -> Result<(), WriteError> {
        let io = |source| WriteError::Io {
            page: self.page.clone(),
            source,
        };
        if self.has_changed().map_err(io)? {
            return Err(WriteError::Changed {
                page: self.page.clone(),
            });
        }
        replace(&self.page_path(), page).map_err(io)
    }

    fn page_path(&self) -> PathBuf {
        self.folder.join("lesson.md")
    }
}

/// By what a block's fences have to be longer, so that no line of the content
/// is like its closing one.
fn longer_fence(opening: &str, content: &str) -> String {
    let Some(sign) = opening.chars().next() else {
        return String::new();
    };
    let length = |text: &str| text.len() - text.trim_start_matches(sign).len();
    let longest = content.lines().map(|line| length(line.trim_start())).max();
    let needed = longest.map_or(0, |longest| longest + 1);
    sign.to_string()
        .repeat(needed.saturating_sub(length(opening)))
}

/// Writes a file beside another, with the same permissions, and lets it take
/// the other's name.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // A page may be a link within its folder: the link stays one.
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside
        .as_file()
        .set_permissions(fs::metadata(&path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(&path)?;
    Ok(())
}
