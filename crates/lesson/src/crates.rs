//! The crates of a lesson's folder: which binaries they give, and whether these
//! are named so that no two lessons give the same.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::Findings;
use crate::folder::{self, Found, Named, Refusal};
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
        experiment: Crate::read(folder, shown, "experiment"),
        challenges: Crate::read(folder, shown, "challenges"),
    }
}

impl Crate {
    /// Reads the crate in the folder `name` of a lesson's folder.
    fn read(lesson: &Path, shown: &Path, name: &str) -> Option<Self> {
        let folder = lesson.join(name);
        let found = folder::within(lesson, name);
        let is_within = found.is_ok();
        let manifest = found.and_then(|_| folder::further(lesson, &folder, "Cargo.toml"));
        let text = match manifest.and_then(Found::text) {
            Ok(text) => Ok(text),
            Err(Refusal::Missing) => return None,
            Err(refusal) => Err(refusal),
        };
        let mut findings = Findings::default();
        if let Err(refusal) = &text {
            findings
                .error_of_page(format!("this manifest {refusal}"))
                .maybe_help(help(refusal));
        }
        let text = text.unwrap_or_default();
        let targets: Manifest = toml::from_str(&text).unwrap_or_else(|error| {
            let span = error.span().unwrap_or_default();
            findings.error(span, format!("this is not a manifest: {}", error.message()));
            Manifest {
                package: None,
                bin: Vec::new(),
            }
        });
        let src = if is_within {
            folder::further(lesson, &folder, "src").map(|found| found.path)
        } else {
            Err(Refusal::Missing)
        };
        let src = Sources::read(src, "src", &mut findings);
        let bin = match src.names.iter().find(|one| one.name == "bin") {
            Some(bin) if bin.is_folder() => Ok(src.folder.join("bin")),
            Some(_) => folder::further(lesson, &src.folder, "bin").map(|found| found.path),
            None => Err(Refusal::Missing),
        };
        let bin = Sources::read(bin, "src/bin", &mut findings);
        let mut this = Self {
            manifest: shown.join(name).join("Cargo.toml"),
            text,
            package: None,
            binaries: Vec::new(),
            modules: modules(&src.names),
            findings,
        };
        this.list_binaries(targets, lesson, &folder, &bin);
        Some(this)
    }

    /// The crate is `folder` of `lesson`, and what stands in its `src/bin` is `programs`.
    fn list_binaries(
        &mut self,
        manifest: Manifest,
        lesson: &Path,
        folder: &Path,
        programs: &Sources,
    ) {
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
        for name in modules(&programs.names) {
            let file = format!("{name}.rs");
            if !is_taken(&format!("src/bin/{file}")) {
                self.add(name, Origin::File(file));
            }
        }
        for one in programs.names.iter().filter(|one| !one.is_file()) {
            let name = &one.name;
            let main = format!("{name}/main.rs");
            let found = folder::further(lesson, &programs.folder, &main);
            if found.is_ok_and(|found| found.is_file()) && !is_taken(&format!("src/bin/{main}")) {
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

/// A folder of sources, and what cargo looks at in it: hidden files it leaves out.
#[derive(Debug, Default)]
struct Sources {
    folder: PathBuf,
    names: Vec<Named>,
}

impl Sources {
    /// Reads `name` of the crate, if there is such a folder, and the lesson may have it.
    fn read(found: Result<PathBuf, Refusal>, name: &str, findings: &mut Findings) -> Self {
        let folder = match found {
            Ok(folder) => folder,
            Err(Refusal::Missing) => return Self::default(),
            Err(refusal) => {
                findings
                    .error_of_page(format!("the `{name}` of this crate {refusal}"))
                    .maybe_help(help(&refusal));
                return Self::default();
            }
        };
        let names = folder::visible(&folder).unwrap_or_default();
        Self { folder, names }
    }
}

fn help(refusal: &Refusal) -> Option<String> {
    matches!(refusal, Refusal::LinkLeadsOut)
        .then(|| "put what it leads to into the lesson's folder".to_owned())
}

/// The names of the files in Rust among these, without `.rs`.
fn modules(names: &[Named]) -> Vec<String> {
    let stems = names.iter().filter_map(|one| one.name.strip_suffix(".rs"));
    stems.map(str::to_owned).collect()
}
