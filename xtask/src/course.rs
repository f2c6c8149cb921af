//! Where the course is, and opening it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lesson::{Course, Lesson};

/// The folder that holds `lessons/`: the one that was named, or the nearest one
/// above the current folder.
///
/// # Errors
///
/// When there is none.
pub fn root(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        if !named.join("lessons").is_dir() {
            bail!(
                "{} has no folder `lessons`: name the folder that holds it",
                named.display()
            );
        }
        return named
            .canonicalize()
            .with_context(|| format!("cannot open {}", named.display()));
    }
    let here = std::env::current_dir().context("cannot tell the current folder")?;
    match here
        .ancestors()
        .find(|folder| folder.join("lessons").is_dir())
    {
        Some(root) => root
            .canonicalize()
            .with_context(|| format!("cannot open {}", root.display())),
        None => bail!(
            "neither {} nor a folder above it has a folder `lessons`: go to the course, or name its folder with --root",
            here.display()
        ),
    }
}

/// Opens the course in `root`.
///
/// # Errors
///
/// When its folders cannot be read.
pub fn open(root: &Path) -> Result<Course> {
    Ok(Course::open(root)?)
}

/// The one lesson that `name` stands for.
///
/// # Errors
///
/// When it fits none, or several; the nearest are named.
pub fn one<'a>(course: &'a Course, name: &str) -> Result<&'a Lesson> {
    match course.select(&[name])?.as_slice() {
        [lesson] => Ok(lesson),
        _ => bail!("`{name}` fits several lessons: name one of them"),
    }
}
