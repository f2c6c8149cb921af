//! Small courses in temporary folders, and `xtask` run on them.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod judged;

use std::{
    env,
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// A course that lasts as long as this value.
pub(crate) struct Course {
    root: PathBuf,
    kept: Kept,
}

/// What keeps a course while it is used.
enum Kept {
    /// A folder of its own. Programs are `commands`, so that nothing has to be built.
    Temporary(#[expect(dead_code, reason = "takes the folder away when dropped")] TempDir),
    /// The one folder for courses in which much is built, and the lock on it.
    Workspace(#[expect(dead_code, reason = "unlocks when dropped")] File),
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
        Self {
            root: folder.path().to_owned(),
            kept: Kept::Temporary(folder),
        }
    }

    /// A course without lessons that is a workspace: the crates and dependencies that it
    /// may use are those of the real one, and so is the target folder, so that nothing is
    /// built twice. It is at the same place each time; who comes meanwhile waits.
    pub(crate) fn workspace() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let lock = File::create(folder.join("course.lock")).unwrap();
        lock.lock().unwrap();
        let root = folder.join("course");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        fs::create_dir_all(root.join("lessons")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest()).unwrap();
        fs::copy(real().join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        Self {
            root,
            kept: Kept::Workspace(lock),
        }
    }

    /// A course of one lesson, `echo`, that prints with `sh`.
    pub(crate) fn of(lesson: &Page) -> Self {
        let course = Self::new();
        course.add(lesson);
        course
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a lesson, and gives its folder.
    pub(crate) fn add(&self, page: &Page) -> PathBuf {
        let phase = format!("{:02}-{}", page.phase, lesson::kebab(&page.phase_title));
        let lesson = format!("{:02}-{}", page.sequence, page.id);
        let folder = self.root().join("lessons").join(phase).join(lesson);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("lesson.md"), page.text()).unwrap();
        if !folder.join("challenges").exists() {
            judged::add_judge(&folder, &page.id);
        }
        folder
    }

    /// The folder of a lesson of the first phase.
    pub(crate) fn lesson(&self, id: &str, sequence: u32) -> PathBuf {
        self.root()
            .join(format!("lessons/01-tests/{sequence:02}-{id}"))
    }

    /// Runs `xtask` on this course, without colours.
    pub(crate) fn xtask(&self, args: &[&str]) -> Told {
        self.xtask_at(&self.root, args)
    }

    /// Runs `xtask` on another course.
    pub(crate) fn xtask_at(&self, root: &Path, args: &[&str]) -> Told {
        let output = self.command_at(root, args).output().unwrap();
        Told::of(&output, root)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_at(&self.root, args)
    }

    /// Runs cargo on this course, which is a workspace.
    pub(crate) fn cargo(&self, args: &[&str]) -> Told {
        let mut command = Command::new(env!("CARGO"));
        command.args(args).current_dir(&self.root);
        build_with_the_real_one(&mut command);
        Told::of(&command.output().unwrap(), &self.root)
    }

    fn command_at(&self, root: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(args)
            .arg("--root")
            .arg(root)
            .env_remove("GITHUB_STEP_SUMMARY");
        on_its_own(&mut command);
        if let Kept::Workspace(_) = self.kept {
            build_with_the_real_one(&mut command);
        }
        command
    }
}

/// Lets cargo, started by this command, build where the real course is built, with what
/// that has fetched.
pub(crate) fn build_with_the_real_one(command: &mut Command) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    command
        .env("CARGO_TARGET_DIR", target.canonicalize().unwrap())
        .env("CARGO_NET_OFFLINE", "true");
}

/// Lets git, started by this command, know nobody's settings, and no repository but the
/// one in which it is started: a hook of the real one may have started this test.
pub(crate) fn on_its_own(command: &mut Command) {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
}

/// How tests that isolate programs ask for that: they do without where a machine does not
/// allow it, unless `TEST_ISOLATION` says that this one does.
pub(crate) fn isolation() -> &'static str {
    match env::var_os("TEST_ISOLATION") {
        Some(wanted) if wanted == "require" => "require",
        _ => "auto",
    }
}

/// The root of the real course.
pub(crate) fn real() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap().to_owned()
}

/// The manifest of the real workspace, for one elsewhere that has lessons only.
fn manifest() -> String {
    let text = fs::read_to_string(real().join("Cargo.toml")).unwrap();
    let mut manifest: toml::Table = text.parse().unwrap();
    let workspace = manifest["workspace"].as_table_mut().unwrap();
    for key in ["members", "default-members"] {
        let Some(members) = workspace.get_mut(key) else {
            continue;
        };
        let members = members.as_array_mut().unwrap();
        members.retain(|member| member.as_str().unwrap().starts_with("lessons/"));
        assert!(!members.is_empty());
    }
    for (_, dependency) in workspace["dependencies"].as_table_mut().unwrap() {
        if let Some(path) = dependency.get_mut("path") {
            let there = real().join(path.as_str().unwrap());
            *path = there.to_str().unwrap().into();
        }
    }
    manifest.to_string()
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
            let (sum, more) = match line.find("; ") {
                Some(at) => line.split_at(at),
                None => (line, ""),
            };
            match sum.rsplit_once(" in ") {
                Some((before, after)) if after.ends_with(" s") => {
                    text.push_str(before);
                    text.push_str(" in TIME");
                    text.push_str(more);
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
    pub(crate) phase: u32,
    pub(crate) phase_title: String,
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
            phase: 1,
            phase_title: "Tests".to_owned(),
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
            "---\nid: {id}\nphase: {phase}\nphase_title: {phase_title}\nsequence: {sequence}\ntitle: A test\n\
             difficulty: beginner\ntags: [test]\nprerequisites: []\nestimated_minutes: 1\n{front}---\n\n\
             ## Concept\n\nOne.\n\n## Key Insight\n\n> Two.\n\n## Experiment\n\nThree.\n\n\
             ## Expected Output\n\n{output}Four.\n\n## Challenge\n\n1. `five`: five.\n\n\
             ## Deep Dive\n\nSix.\n\n## Common Mistakes\n\nSeven.\n",
            id = self.id,
            phase = self.phase,
            phase_title = self.phase_title,
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
