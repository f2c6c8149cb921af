//! A course of many lessons, in a temporary folder.

use std::{fs, path::Path};

use anyhow::{Result, bail};
use tempfile::TempDir;

/// What every lesson runs: a program that prints a line, and ends.
pub(super) const PROGRAM: &str = "/bin/echo";
/// What it is given, and prints.
pub(super) const WORD: &str = "hello";

/// It lasts as long as this value.
#[derive(Debug)]
pub(super) struct Course {
    folder: TempDir,
}

impl Course {
    /// A course of so many lessons, in phases of 100.
    pub(super) fn of(lessons: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        for lesson in 0..lessons {
            let (phase, sequence) = (lesson / 100 + 1, lesson % 100 + 1);
            let path = format!("lessons/{phase:02}-phase-{phase}/{sequence:02}-lesson-{lesson}");
            let path = folder.path().join(path);
            fs::create_dir_all(&path)?;
            fs::write(path.join("lesson.md"), page(lesson, phase, sequence))?;
            let challenges = path.join("challenges");
            fs::create_dir_all(challenges.join("src"))?;
            let manifest = format!("[package]\nname = \"lesson-{lesson}-challenges\"\n");
            fs::write(challenges.join("Cargo.toml"), manifest)?;
            fs::write(
                challenges.join("src/more.rs"),
                "//! Judged by nobody here.\n",
            )?;
        }
        Ok(Self { folder })
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A part of the course, as `--partition` takes it, in which there is no lesson.
    pub(super) fn empty_part(&self, xtask: &Path) -> Result<String> {
        const PARTS: usize = 1_000_000;
        for part in 1..=20 {
            let part = format!("{part}/{PARTS}");
            let told = super::run(xtask, self.root(), &["check", "--partition", &part])?;
            if told.contains("no lesson") {
                return Ok(part);
            }
        }
        bail!("`check --partition` finds lessons wherever it looks")
    }
}

fn page(lesson: usize, phase: usize, sequence: usize) -> String {
    format!(
        "---\nid: lesson-{lesson}\nphase: {phase}\nphase_title: Phase {phase}\nsequence: {sequence}\n\
         title: Lesson {lesson}\ndifficulty: beginner\ntags: [echo]\nprerequisites: []\n\
         estimated_minutes: 1\ncommands:\n  say: [{PROGRAM}, {WORD}]\n---\n\n\
         ## Concept\n\nA program prints a line.\n\n## Key Insight\n\n> It ends.\n\n\
         ## Experiment\n\nNothing is to be built.\n\n\
         ## Expected Output\n\n```text run=say\n{WORD}\n```\n\n\
         ## Challenge\n\n1. `more`: print two lines.\n\n\
         ## Deep Dive\n\nThere is none.\n\n## Common Mistakes\n\nThere are none.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lesson_is_a_page_in_a_folder_of_its_own() {
        let course = Course::of(250).unwrap();
        let lessons = course.root().join("lessons");
        assert_eq!(fs::read_dir(&lessons).unwrap().count(), 3);
        let last = lessons.join("03-phase-3/50-lesson-249/lesson.md");
        let page = fs::read_to_string(last).unwrap();
        assert!(page.contains("id: lesson-249\nphase: 3\nphase_title: Phase 3\nsequence: 50\n"));
    }
}
