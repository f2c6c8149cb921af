//! Reading from a lesson's folder, and from nowhere else.
//!
//! A page names files. It may come from a stranger, and is held to its own
//! folder: no path and no link leads out of it, nothing but a plain file is
//! opened (a pipe would wait for ever), and no more is read than a page could
//! show.

use std::ffi::OsString;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// The most that is read of any file: 1 MiB.
pub(crate) const LARGEST: u64 = 1024 * 1024;

/// Why a file cannot be read; said of a file that has been named.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The path is absolute, or goes up.
    #[error("leads out of the lesson's folder")]
    LeadsOut,
    /// A link on the way leads out of the folder.
    #[error("is a link that leads out of the lesson's folder")]
    LinkLeadsOut,
    /// There is no such file.
    #[error("does not exist")]
    Missing,
    /// It is a folder, a pipe, a device.
    #[error("is not a plain file")]
    NotAFile,
    /// It has more than 1 MiB.
    #[error("has more than 1 MiB")]
    TooLarge,
    /// It has a byte at `at` that is not UTF-8.
    #[error("is not UTF-8: its byte {at} is not")]
    NotText {
        /// The byte.
        at: usize,
        /// The whole file.
        bytes: Vec<u8>,
    },
    /// What the system said.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            _ => Self::Unreadable(error),
        }
    }
}

/// Where something is, and what the system said of it on the way, where it is no link.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    about: Option<Metadata>,
}

impl Found {
    /// Whether it is a plain file, or a link to one.
    pub(crate) fn is_file(&self) -> bool {
        match &self.about {
            Some(about) => about.is_file(),
            None => self.path.is_file(),
        }
    }

    /// The text of a file of at most [`LARGEST`] bytes.
    pub(crate) fn text(self) -> Result<String, Refusal> {
        String::from_utf8(self.bytes()?).map_err(|error| Refusal::NotText {
            at: error.utf8_error().valid_up_to(),
            bytes: error.into_bytes(),
        })
    }

    /// The bytes of a file of at most [`LARGEST`].
    pub(crate) fn bytes(self) -> Result<Vec<u8>, Refusal> {
        let about = match self.about {
            Some(about) => about,
            None => fs::metadata(&self.path)?,
        };
        if !about.is_file() {
            return Err(Refusal::NotAFile);
        }
        if about.len() > LARGEST {
            return Err(Refusal::TooLarge);
        }
        let size = usize::try_from(about.len()).unwrap_or_default();
        let mut file = File::open(&self.path)?;
        let mut bytes = vec![0; size + 1];
        let read = match file.read(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            read => read?,
        };
        bytes.truncate(read);
        // With room for more, a read that gives what there should be has come to the end.
        if read != size {
            // The file has grown since, or shrunk.
            let most = LARGEST + 1 - read as u64;
            file.take(most).read_to_end(&mut bytes)?;
        }
        if bytes.len() as u64 > LARGEST {
            return Err(Refusal::TooLarge);
        }
        Ok(bytes)
    }
}

/// Where `file` is, which is in `folder` and stays there.
pub(crate) fn within(folder: &Path, file: &str) -> Result<Found, Refusal> {
    further(folder, folder, file)
}

/// Where `file` is, by its path from `from`, which is in `folder`; it stays in `folder`.
pub(crate) fn further(folder: &Path, from: &Path, file: &str) -> Result<Found, Refusal> {
    let mut path = from.to_owned();
    let mut about = None;
    let mut linked = false;
    for component in Path::new(file).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => continue,
            _ => return Err(Refusal::LeadsOut),
        }
        let found = path.symlink_metadata()?;
        linked |= found.is_symlink();
        about = Some(found).filter(|found| !found.is_symlink());
    }
    if linked && !path.canonicalize()?.starts_with(folder.canonicalize()?) {
        return Err(Refusal::LinkLeadsOut);
    }
    Ok(Found { path, about })
}

/// Every plain file below `folder`, which is in `root`, by its path from `root`; in order.
/// What cannot be read is left out.
pub(crate) fn below(root: &Path, folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = within(root, &folder).and_then(|found| Ok(fs::read_dir(found.path)?))
        else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.starts_with('.') || matches!(name, "target" | "Cargo.lock" | "node_modules") {
                continue;
            }
            let path = format!("{folder}/{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_file() => files.push(path),
                _ => {}
            }
        }
    }
    files.sort_unstable();
    files
}

/// What is in a folder, by name, in order.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<OsString>> {
    let entries = fs::read_dir(folder)?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// The names in a folder, in order; those that are not UTF-8 are left out: no
/// page can write them.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = entries(folder)?.into_iter();
    Ok(names.filter_map(|name| name.into_string().ok()).collect())
}

/// A name in a folder.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// What has it, if that is known.
    kind: Option<FileType>,
}

impl Named {
    /// Whether a plain file has it; a link is none.
    pub(crate) fn is_file(&self) -> bool {
        self.kind.is_some_and(|kind| kind.is_file())
    }

    /// Whether a folder has it; a link is none.
    pub(crate) fn is_folder(&self) -> bool {
        self.kind.is_some_and(|kind| kind.is_dir())
    }
}

/// The names in a folder that are not hidden, in order, as [`names`] gives them.
pub(crate) fn visible(folder: &Path) -> io::Result<Vec<Named>> {
    let mut visible = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if !name.starts_with('.') {
            let kind = entry.file_type().ok();
            visible.push(Named { name, kind });
        }
    }
    visible.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(visible)
}
