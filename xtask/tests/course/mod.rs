//! Small courses in temporary folders, and `xtask` run on them.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A course that lasts as long as this value. Its programs are `commands`, so
/// that nothing has to be built.
pub(crate) struct Course {
    folder: TempDir,
}

/// What a run of `xtask` came to.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Course {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lessons")).unwrap();
        Self { folder }
    }

    /// A course of one lesson, `echo`, that prints with `sh`.
    pub(crate) fn of(lesson: &Page) -> Self {
        let course = Self::new();
        course.add(lesson);
        course
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a lesson, and gives its folder.
    pub(crate) fn add(&self, page: &Page) -> PathBuf {
        let folder = self.lesson(&page.id, page.sequence);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("lesson.md"), page.text()).unwrap();
        folder
    }

    pub(crate) fn lesson(&self, id: &str, sequence: u32) -> PathBuf {
        self.root()
            .join(format!("lessons/01-tests/{sequence:02}-{id}"))
    }

    /// Runs `xtask` on this course, without colours.
    pub(crate) fn xtask(&self, args: &[&str]) -> Told {
        let output = self.command(args).output().unwrap();
        Told::of(&output, self.root())
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(args)
            .arg("--root")
            .arg(self.root())
            .env_remove("GITHUB_STEP_SUMMARY");
        command
    }
}

impl Told {
    fn of(output: &Output, root: &Path) -> Self {
        // What differs from run to run: where the course is, and how long it took.
        let real = root.canonicalize().unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let text = text.replace(&*real.to_string_lossy(), "ROOT");
            text.replace(&*root.to_string_lossy(), "ROOT")
        };
        Self {
            code: output.status.code().unwrap(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Everything, for a snapshot: how long it took is left out.
    pub(crate) fn whole(&self) -> String {
        let mut text = format!("exit code {}\n\n", self.code);
        for line in self.stdout.lines() {
            match line.rsplit_once(" in ") {
                Some((before, after)) if after.ends_with(" s") => {
                    text.push_str(before);
                    text.push_str(" in TIME");
                }
                _ => text.push_str(line),
            }
            text.push('\n');
        }
        for line in self.stderr.lines() {
            text.push_str("stderr: ");
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// A page that is as it should be, until a test changes it.
#[derive(Clone)]
pub(crate) struct Page {
    pub(crate) id: String,
    pub(crate) sequence: u32,
    /// Lines of the front matter beyond the required ones.
    pub(crate) front: String,
    /// The section Expected Output.
    pub(crate) output: String,
}

impl Page {
    /// A lesson whose program, a script for `sh`, is held against `expected`.
    pub(crate) fn new(script: &str, expected: &str) -> Self {
        Self::named("echo", 1)
            .command("say", &["sh", "-c", script])
            .block("run=say", expected)
    }

    pub(crate) fn named(id: &str, sequence: u32) -> Self {
        Self {
            id: id.to_owned(),
            sequence,
            front: String::new(),
            output: String::new(),
        }
    }

    /// One more command.
    pub(crate) fn command(mut self, name: &str, words: &[&str]) -> Self {
        if !self.front.contains("commands:") {
            self.front.push_str("commands:\n");
        }
        let words: Vec<String> = words
            .iter()
            .map(|word| serde_json::to_string(word).unwrap())
            .collect();
        writeln!(self.front, "  {name}: [{}]", words.join(", ")).unwrap();
        self
    }

    /// One more block.
    pub(crate) fn block(mut self, info: &str, expected: &str) -> Self {
        writeln!(self.output, "```text {info}\n{expected}```\n").unwrap();
        self
    }

    fn text(&self) -> String {
        format!(
            "---\nid: {id}\nphase: 1\nphase_title: Tests\nsequence: {sequence}\ntitle: A test\n\
             difficulty: beginner\ntags: [test]\nprerequisites: []\nestimated_minutes: 1\n{front}---\n\n\
             ## Concept\n\nOne.\n\n## Key Insight\n\n> Two.\n\n## Experiment\n\nThree.\n\n\
             ## Expected Output\n\n{output}Four.\n\n## Challenge\n\n1. `five`: five.\n\n\
             ## Deep Dive\n\nSix.\n\n## Common Mistakes\n\nSeven.\n",
            id = self.id,
            sequence = self.sequence,
            front = self.front,
            output = self.output,
        )
    }
}

/// The command lines of processes that have `word` in them.
#[cfg(target_os = "linux")]
pub(crate) fn left_behind(word: &str) -> Vec<String> {
    let command_line = |process: &Path| {
        let line = fs::read(process.join("cmdline")).ok()?;
        Some(String::from_utf8_lossy(&line).replace('\0', " "))
    };
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| command_line(&entry.ok()?.path()))
        .filter(|line| line.contains(word))
        .collect()
}
