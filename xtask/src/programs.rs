//! The lessons' programs, built once and all together, and where each is.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use lesson::{Lesson, Program};
use runner::Budget;

use crate::cargo::{Built, Cargo};

/// What to start for a program of a lesson.
#[derive(Clone, Debug)]
pub struct Executable {
    /// The file, or a name to look up in `PATH`.
    pub path: PathBuf,
    /// What it is always given, before any other argument.
    pub args: Vec<String>,
}

impl Executable {
    /// The program as it is run for a page: in the lesson's folder, with these
    /// arguments behind those that it always has.
    #[must_use]
    pub fn with(&self, lesson: &Lesson, args: &[String]) -> runner::Program {
        let program = runner::Program::new(&self.path, &lesson.folder);
        self.args
            .iter()
            .chain(args)
            .fold(program, runner::Program::arg)
    }
}

/// What a program of `lesson` may use: what the command line says, or else the
/// page.
#[must_use]
pub fn budget(lesson: &Lesson, timeout: Option<Duration>) -> Budget {
    Budget {
        time: timeout.unwrap_or(lesson.front.timeout),
        ..Budget::default()
    }
}

/// The programs of some lessons, after one build.
#[derive(Debug)]
pub struct Programs {
    built: Built,
}

impl Programs {
    /// Builds the experiments of `lessons`, in one call of cargo. A lesson that
    /// does not build does not stop the others.
    ///
    /// # Errors
    ///
    /// When cargo cannot be started, does not understand the workspace, or was stopped.
    pub async fn build<'a>(
        cargo: &Cargo,
        root: &Path,
        lessons: impl IntoIterator<Item = &'a Lesson>,
    ) -> Result<Self> {
        let packages: BTreeSet<&str> = lessons
            .into_iter()
            .filter(|lesson| lesson.has_experiment)
            .map(|lesson| lesson.id.as_str())
            .collect();
        Ok(Self {
            built: cargo.build(root, packages).await?,
        })
    }

    /// The binaries of a lesson's experiment that its page does not run and that cargo could
    /// not build, each with what to do: the page may show their sources all the same.
    pub fn unbuilt<'a>(
        &'a self,
        lesson: &'a Lesson,
    ) -> impl Iterator<Item = (&'a str, String)> + 'a {
        let is_run = |name: &str| {
            let mut programs = lesson.programs().iter();
            programs.any(|usage| matches!(&usage.program, Program::Binary(run) if run == name))
        };
        lesson
            .experiments()
            .iter()
            .filter(move |name| !is_run(name))
            .filter_map(|name| Some((name.as_str(), self.find_binary(lesson, name).err()?)))
    }

    /// What to start for `program` of `lesson`.
    ///
    /// # Errors
    ///
    /// A sentence that says why there is nothing to start.
    pub fn find(&self, lesson: &Lesson, program: &Program) -> Result<Executable, String> {
        match program {
            Program::Binary(name) => self.find_binary(lesson, name),
            Program::Command(name) => find_command(lesson, name),
        }
    }

    fn find_binary(&self, lesson: &Lesson, name: &str) -> Result<Executable, String> {
        if let Some(path) = self.built.executable(name) {
            return Ok(Executable {
                path: path.to_path_buf(),
                args: Vec::new(),
            });
        }
        if self.built.is_unknown(&lesson.id) {
            return Err(format!(
                "The workspace has no package `{}`: give the lesson's experiment/Cargo.toml that name, \
                 and see that the workspace's `members` include it.",
                lesson.id
            ));
        }
        Err(self.built.why_not(name))
    }
}

fn find_command(lesson: &Lesson, name: &str) -> Result<Executable, String> {
    match lesson.command(name) {
        Some(command) => Ok(Executable {
            path: PathBuf::from(&command.program),
            args: command.args.clone(),
        }),
        None => Err(format!("The front matter's `commands` have no `{name}`.")),
    }
}
