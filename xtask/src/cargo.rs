//! What cargo is asked: which packages the workspace has, and to build some of
//! them, all together and once.
//!
//! Cargo never stands between the runner and a program: a build says where the
//! executables are, and the runner starts those.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

use anstream::adapter::strip_str;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use crate::{group, stop::Stop};

/// What one build gave.
#[derive(Clone, Debug, Default)]
pub struct Built {
    executables: BTreeMap<String, PathBuf>,
    errors: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
}

impl Built {
    /// The executable of a binary, by the binary's name.
    #[must_use]
    pub fn executable(&self, binary: &str) -> Option<&Path> {
        self.executables.get(binary).map(PathBuf::as_path)
    }

    /// Why there is no executable of a binary that was to be built, and what to do: a
    /// sentence or two.
    #[must_use]
    pub fn why_not(&self, binary: &str) -> String {
        match self.errors.get(binary) {
            Some(error) => format!(
                "Cargo could not build `{binary}`: {error}. Mend that first; all that the compiler says of it stands above."
            ),
            None => format!(
                "Cargo could not build `{binary}`, or something that it needs. What it said stands above: mend that first."
            ),
        }
    }

    /// Was this package asked for although the workspace has none of the name?
    #[must_use]
    pub fn is_unknown(&self, package: &str) -> bool {
        self.unknown.contains(package)
    }
}

/// `cargo`, or the one that started us: `cargo xtask` says which in `CARGO`.
#[must_use]
pub fn command(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root).stdin(Stdio::null());
    command
}

/// Who hears what cargo says of a build, and what may stop it.
#[derive(Default)]
pub struct Cargo {
    hears: Hears,
    /// What stops a build, and what is done with its programs.
    pub stop: Stop,
}

#[derive(Default)]
enum Hears {
    /// Standard error, at once.
    #[default]
    Everyone,
    /// Whoever asks later, and only what is wrong.
    Keeper {
        colours: Colours,
        said: Mutex<Vec<u8>>,
        built: Box<dyn Fn(&str) + Send + Sync>,
    },
}

/// Whether what cargo says is coloured when it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl Cargo {
    /// Lets it say what it has to on standard error.
    #[must_use]
    pub fn loud(stop: Stop) -> Self {
        Self {
            hears: Hears::Everyone,
            stop,
        }
    }

    /// Keeps its warnings and errors for [`Cargo::said`], as it prints them. `built` hears
    /// the name of each part that has just been built.
    #[must_use]
    pub fn kept(
        colours: Colours,
        stop: Stop,
        built: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            hears: Hears::Keeper {
                colours,
                said: Mutex::default(),
                built: Box::new(built),
            },
            stop,
        }
    }

    /// What was kept since this was asked last.
    #[must_use]
    pub fn said(&self) -> String {
        match &self.hears {
            Hears::Everyone => String::new(),
            Hears::Keeper { said, .. } => {
                let said =
                    std::mem::take(&mut *said.lock().unwrap_or_else(PoisonError::into_inner));
                String::from_utf8_lossy(&said).into_owned()
            }
        }
    }

    /// Builds the binaries of `packages`. A package that does not build does not stop the
    /// others, and is no error here: its executables are missing from what is returned.
    ///
    /// # Errors
    ///
    /// When cargo cannot be started, does not understand the workspace, or was stopped.
    pub async fn build<'a>(
        &self,
        root: &Path,
        packages: impl IntoIterator<Item = &'a str>,
    ) -> Result<Built> {
        let asked: BTreeSet<&str> = packages.into_iter().collect();
        if asked.is_empty() {
            return Ok(Built::default());
        }
        let members = members(root)?;
        let (known, unknown): (Vec<&str>, Vec<&str>) = asked
            .into_iter()
            .partition(|package| members.contains(*package));
        let built = if known.is_empty() {
            Built::default()
        } else {
            let mut command = build_command(root, None);
            for package in known {
                command.args(["--package", package]);
            }
            self.run_build(command).await?
        };
        Ok(Built {
            unknown: unknown.into_iter().map(str::to_owned).collect(),
            ..built
        })
    }

    /// Runs a [`build_command`], and gathers what its messages say. That some package did
    /// not build is not an error here.
    ///
    /// # Errors
    ///
    /// When cargo cannot be started, its messages cannot be read, or it was stopped.
    pub async fn run_build(&self, command: Command) -> Result<Built> {
        let mut gathered = Built::default();
        let mut rendered = String::new();
        let hear = |line: &[u8]| {
            // Lines that are no messages come from build scripts: not ours to judge.
            let Ok(message) = serde_json::from_slice::<Message>(line) else {
                return;
            };
            let Some(target) = message.target else {
                return;
            };
            if let (Hears::Keeper { built, .. }, Some(false)) = (&self.hears, message.fresh) {
                built(&target.name);
            }
            if let Some(diagnostic) = message.diagnostic {
                rendered.push_str(diagnostic.rendered.as_deref().unwrap_or_default());
                if let Some(error) = diagnostic.error() {
                    gathered.errors.entry(target.name).or_insert(error);
                }
            } else if let Some(executable) = message.executable {
                gathered.executables.insert(target.name, executable);
            }
        };
        let ran = self.run(command, hear).await;
        // Not before: on a terminal, cargo draws its progress meanwhile.
        self.say(&rendered);
        ran?;
        Ok(gathered)
    }

    /// Tells, or keeps, what the compiler has said.
    fn say(&self, rendered: &str) {
        match &self.hears {
            Hears::Everyone => anstream::eprint!("{rendered}"),
            Hears::Keeper { colours, said, .. } => {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                match colours {
                    Colours::Yes => said.extend(rendered.bytes()),
                    Colours::No => said.extend(strip_str(rendered).to_string().bytes()),
                }
            }
        }
    }

    /// Runs cargo. `hear` gets each line that it prints on standard output.
    async fn run(&self, command: Command, hear: impl FnMut(&[u8])) -> Result<()> {
        let mut cargo = tokio::process::Command::from(command);
        cargo.stdout(Stdio::piped()).kill_on_drop(true);
        if let Hears::Keeper { colours, .. } = &self.hears {
            cargo
                .args(["--quiet", "--color", colours.word()])
                .stderr(Stdio::piped());
        }
        // In a group of its own, what it has started can be ended with it; in ours, the
        // terminal ends all of us.
        if self.stop.is_possible() {
            group::lead(&mut cargo);
        }
        let mut cargo = cargo.spawn().context("cannot start cargo")?;
        let (stdout, stderr) = (cargo.stdout.take(), cargo.stderr.take());
        let read = async {
            let (heard, said) = tokio::join!(read_lines(stdout, hear), read_all(stderr));
            heard?;
            said
        };
        tokio::select! {
            said = read => {
                let said = said.context("cannot read what cargo prints")?;
                if let Hears::Keeper { said: kept, .. } = &self.hears {
                    kept.lock().unwrap_or_else(PoisonError::into_inner).extend(said);
                }
                cargo.wait().await.context("cannot wait for cargo")?;
                Ok(())
            }
            () = self.stop.asked() => {
                // Cargo and compilers are made to be killed at any time: what is half
                // written is written again.
                group::end(&mut cargo, group::Way::Kill)
                    .await
                    .context("cannot end cargo")?;
                bail!("the build was stopped")
            }
        }
    }
}

impl Colours {
    /// As cargo's `--color` takes it.
    fn word(self) -> &'static str {
        match self {
            Self::Yes => "always",
            Self::No => "never",
        }
    }
}

async fn read_lines(
    pipe: Option<impl AsyncRead + Unpin>,
    mut hear: impl FnMut(&[u8]),
) -> std::io::Result<()> {
    let Some(pipe) = pipe else {
        return Ok(());
    };
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).await? > 0 {
        hear(&line);
        line.clear();
    }
    Ok(())
}

async fn read_all(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut all).await?;
    }
    Ok(all)
}

/// `cargo build` of all binaries, or only one, with messages that name them.
#[must_use]
pub fn build_command(folder: &Path, only: Option<&str>) -> Command {
    let mut command = command(folder);
    command.args([
        "build",
        "--keep-going",
        "--message-format=json-diagnostic-rendered-ansi",
    ]);
    match only {
        None => command.arg("--bins"),
        Some(binary) => command.args(["--bin", binary]),
    };
    command
}

/// What `cargo metadata` says of the workspace's own packages, as JSON.
///
/// # Errors
///
/// When cargo cannot be started, or does not understand the workspace.
pub fn metadata(root: &Path) -> Result<Vec<u8>> {
    let output = command(root)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo does not understand the workspace in {}\n{}",
            root.display(),
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    Ok(output.stdout)
}

/// The names of the workspace's packages.
fn members(root: &Path) -> Result<BTreeSet<String>> {
    let metadata: Metadata =
        serde_json::from_slice(&metadata(root)?).context("cannot read `cargo metadata`")?;
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| package.name)
        .collect())
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

/// The part of cargo's messages that names what was built, and says what is wrong
/// (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>).
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
    /// It had been built before.
    fresh: Option<bool>,
    #[serde(rename = "message")]
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// What the compiler says (<https://doc.rust-lang.org/rustc/json.html#diagnostics>).
#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

/// Where in a source.
#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

impl Diagnostic {
    /// Where it is an error: what is wrong, and where.
    fn error(&self) -> Option<String> {
        if !self.level.starts_with("error") {
            return None;
        }
        let place = self.spans.iter().find(|span| span.is_primary);
        let place = place.map_or(String::new(), |span| {
            format!(" ({}:{})", span.file_name, span.line_start)
        });
        Some(format!("{}{place}", self.message))
    }
}
