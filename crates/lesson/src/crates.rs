//! The crates of a lesson's folder: which binaries they give, and whether these
//! are named so that no two lessons give the same.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::Findings;
use crate::folder::{self, Refusal};
use crate::program::begins_with_id;

/// What the crates of a lesson's folder say.
#[derive(Debug, Default)]
pub(crate) struct Crates {
    /// The experiment; `None` where there is none.
    pub(crate) experiment: Option<Crate>,
    /// The challenges.
    pub(crate) challenges: Option<Crate>,
}

/// One crate.
#[derive(Debug)]
pub(crate) struct Crate {
    /// The manifest, relative to the course's root.
    manifest: PathBuf,
    /// The manifest's text, to show where it is wrong.
    text: String,
    package: Option<(String, Range<usize>)>,
    /// What it gives, by name, and where it says so.
    binaries: Vec<Binary>,
    /// The names of the files in its `src`, without `.rs`.
    pub(crate) modules: Vec<String>,
    findings: Findings,
}

#[derive(Debug)]
struct Binary {
    name: String,
    origin: Origin,
}

/// What gives a binary its name.
#[derive(Debug)]
enum Origin {
    /// The package: its binary is `src/main.rs`.
    Package,
    /// A `[[bin]]` of the manifest, at these bytes.
    Manifest(Range<usize>),
    /// A file or folder of `src/bin`, by its name there.
    File(String),
}

/// What of a manifest is about binaries; see the Cargo book, "Cargo Targets".
#[derive(Debug, Deserialize)]
struct Manifest {
    package: Option<Package>,
    #[serde(default)]
    bin: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: Option<Spanned<String>>,
    autobins: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
}

/// Reads the crates of the lesson's folder, which is `shown` for people.
pub(crate) fn read(folder: &Path, shown: &Path) -> Crates {
    Crates {
        experiment: Crate::read(&folder.join("experiment"), &shown.join("experiment")),
        challenges: Crate::read(&folder.join("challenges"), &shown.join("challenges")),
    }
}

impl Crate {
    fn read(folder: &Path, shown: &Path) -> Option<Self> {
        let text = match folder::read_text(&folder.join("Cargo.toml")) {
            Ok(text) => Ok(text),
            Err(Refusal::Missing) => return None,
            Err(refusal) => Err(refusal),
        };
        let mut findings = Findings::default();
        if let Err(refusal) = &text {
            findings.error_of_page(format!("this manifest {refusal}"));
        }
        let text = text.unwrap_or_default();
        let manifest: Manifest = toml::from_str(&text).unwrap_or_else(|error| {
            let span = error.span().unwrap_or_default();
            findings.error(span, format!("this is not a manifest: {}", error.message()));
            Manifest {
                package: None,
                bin: Vec::new(),
            }
        });
        let mut this = Self {
            manifest: shown.join("Cargo.toml"),
            text,
            package: None,
            binaries: Vec::new(),
            modules: Vec::new(),
            findings,
        };
        let names = sources(&folder.join("src"));
        this.modules = modules(&names);
        let programs = if names.iter().any(|name| name == "bin") {
            sources(&folder.join("src/bin"))
        } else {
            Vec::new()
        };
        this.list_binaries(manifest, folder, &programs);
        Some(this)
    }

    /// What stands in `src/bin` is `programs`.
    fn list_binaries(&mut self, manifest: Manifest, folder: &Path, programs: &[String]) {
        let mut paths = Vec::new();
        for target in manifest.bin {
            if let Some(path) = target.path {
                self.check_path(folder, &path);
                paths.push(path.into_inner());
            }
            if let Some(name) = target.name {
                let origin = Origin::Manifest(name.span());
                self.add(name.into_inner(), origin);
            }
        }
        let Some(package) = manifest.package else {
            return;
        };
        self.package = package.name.map(|name| {
            let span = name.span();
            (name.into_inner(), span)
        });
        if package.autobins == Some(false) {
            return;
        }
        let is_taken = |file: &str| paths.iter().any(|path| path == file);
        if self.modules.iter().any(|module| module == "main")
            && !is_taken("src/main.rs")
            && let Some((name, _)) = self.package.clone()
        {
            self.add(name, Origin::Package);
        }
        for name in modules(programs) {
            let file = format!("{name}.rs");
            if !is_taken(&format!("src/bin/{file}")) {
                self.add(name, Origin::File(file));
            }
        }
        for name in programs {
            let main = format!("src/bin/{name}/main.rs");
            if folder.join(&main).is_file() && !is_taken(&main) {
                self.add(name.clone(), Origin::File(name.clone()));
            }
        }
    }

    /// Without one of the files that its manifest names, cargo builds nothing of a crate.
    fn check_path(&mut self, folder: &Path, path: &Spanned<String>) {
        let file = path.get_ref();
        if let Err(Refusal::Missing) = folder::within(folder, file) {
            self.findings
                .error(path.span(), format!("there is no file `{file}`"))
                .help("write it, or take this binary away");
        }
    }

    fn add(&mut self, name: String, origin: Origin) {
        if self.binaries.iter().all(|binary| binary.name != name) {
            self.binaries.push(Binary { name, origin });
        }
    }

    /// The names of its binaries.
    pub(crate) fn names(&self) -> Vec<String> {
        self.binaries
            .iter()
            .map(|binary| binary.name.clone())
            .collect()
    }

    /// Tells what is wrong with the crate, whose package should have the name
    /// `package`, in a lesson whose id is `id`.
    pub(crate) fn check(mut self, package: &str, id: &str) -> Vec<Diagnostic> {
        if let Some((name, span)) = &self.package
            && name != package
        {
            self.findings
                .error(span.clone(), format!("this package is called `{name}`"))
                .help(format!(
                    "call it `{package}`: the binaries of all lessons share one folder, so each has its lesson's id"
                ));
        }
        let mut told = Vec::new();
        for binary in &self.binaries {
            if begins_with_id(&binary.name, id) {
                continue;
            }
            let message = format!(
                "the binary `{}` does not begin with its lesson's id",
                binary.name
            );
            match &binary.origin {
                // The package's name is told already.
                Origin::Package => {}
                Origin::Manifest(span) => {
                    self.findings
                        .error(span.clone(), message)
                        .help(format!("call it `{id}-{}`", binary.name));
                }
                Origin::File(file) => told.push(Diagnostic {
                    file: self.manifest.with_file_name("src/bin").join(file),
                    place: None,
                    severity: Severity::Error,
                    message,
                    help: Some(format!(
                        "rename it: `src/bin/{id}-{file}`; pages may still write `run={}`",
                        binary.name
                    )),
                }),
            }
        }
        told.extend(self.findings.tell(&self.manifest, &self.text));
        told
    }
}

/// What cargo looks at in a folder of sources, by name: hidden files it leaves out.
fn sources(folder: &Path) -> Vec<String> {
    let mut names = folder::names(folder).unwrap_or_default();
    names.retain(|name| !name.starts_with('.'));
    names
}

/// The names of the files in Rust among these, without `.rs`.
fn modules(names: &[String]) -> Vec<String> {
    let stems = names.iter().filter_map(|name| name.strip_suffix(".rs"));
    stems.map(str::to_owned).collect()
}
