//! What a new lesson is to be, held against the course that it comes into.

use std::{collections::BTreeSet, fs, path::Path, path::PathBuf};

use anyhow::{Context, Result, bail};
use lesson::{Course, Difficulty, Lesson};
use serde::Deserialize;

use crate::cli;

/// Folders that cargo makes beside the programs, so that no program has such a name.
const CARGOS_OWN: [&str; 4] = ["build", "deps", "examples", "incremental"];

/// What no module of a judge can be called: words of Rust
/// (<https://doc.rust-lang.org/reference/keywords.html>), its own `main.rs`, and a crate
/// that this one uses.
const NO_MODULES: [&str; 55] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "harness", "if",
    "impl", "in", "let", "lib", "loop", "macro", "main", "match", "mod", "move", "mut", "override",
    "priv", "pub", "ref", "return", "self", "static", "std", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// A lesson that nothing of the course stands in the way of.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) phase: u32,
    pub(super) phase_title: String,
    pub(super) sequence: u32,
    pub(super) title: String,
    pub(super) difficulty: Difficulty,
    pub(super) tags: Vec<String>,
    pub(super) prerequisites: Vec<String>,
    pub(super) minutes: u32,
    pub(super) challenges: Vec<String>,
}

impl Plan {
    /// The lesson that is asked for, with what is not said filled in.
    ///
    /// # Errors
    ///
    /// Everything that stands in its way, each with what to write instead.
    pub(super) fn of(root: &Path, course: &Course, id: &str, args: &cli::New) -> Result<Self> {
        let mut refusals = Refusals::default();
        refusals.check_id(id);
        for challenge in &args.challenges {
            refusals.check_challenge(challenge);
        }
        refusals.check_names(root, course, id, &args.challenges)?;
        let phase = args
            .phase
            .or_else(|| course.lessons.iter().map(|lesson| lesson.front.phase).max())
            .unwrap_or(1);
        let phase_title = refusals.phase_title(course, phase, args.phase_title.as_deref());
        let sequence = refusals.sequence(root, course, phase, args.sequence);
        let plan = Self {
            id: id.to_owned(),
            phase,
            phase_title,
            sequence,
            title: args.title.clone().unwrap_or_else(|| title(id)),
            difficulty: args.difficulty,
            tags: if args.tags.is_empty() {
                vec![id.to_owned()]
            } else {
                without_repeats(args.tags.clone())
            },
            prerequisites: refusals.prerequisites(course, (phase, sequence), &args.prerequisites),
            minutes: args.minutes.get(),
            challenges: without_repeats(args.challenges.clone()),
        };
        refusals.check_folder(root, &plan.folder());
        refusals.end(&format!("the lesson `{id}` cannot be laid out"))?;
        Ok(plan)
    }

    /// Its folder, from the course's root.
    pub(super) fn folder(&self) -> PathBuf {
        Path::new("lessons")
            .join(lesson::folder_name(
                self.phase,
                &lesson::kebab(&self.phase_title),
            ))
            .join(lesson::folder_name(self.sequence, &self.id))
    }
}

/// What stands in the way of a lesson, a sentence each.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<String>);

impl Refusals {
    pub(super) fn tell(&mut self, refusal: impl Into<String>) {
        self.0.push(refusal.into());
    }

    pub(super) fn are_any(&self) -> bool {
        !self.0.is_empty()
    }

    /// # Errors
    ///
    /// When anything was told.
    pub(super) fn end(self, what: &str) -> Result<()> {
        match self.0.as_slice() {
            [] => Ok(()),
            [one] => bail!("{what}: {one}"),
            several => bail!("{what}:\n  - {}", several.join("\n  - ")),
        }
    }

    fn check_id(&mut self, id: &str) {
        self.check_kebab(id, "an id");
        if CARGOS_OWN.contains(&id) {
            self.tell(format!(
                "no package can be called `{id}`: say more, such as `{id}-basics`"
            ));
        }
    }

    pub(super) fn check_challenge(&mut self, challenge: &str) {
        self.check_kebab(challenge, "a challenge's name");
        if NO_MODULES.contains(&challenge) {
            self.tell(format!(
                "no module can be called `{challenge}`: give the challenge another name with --challenge"
            ));
        }
    }

    fn check_kebab(&mut self, name: &str, what: &str) {
        if lesson::is_kebab(name) {
            return;
        }
        let better = lesson::kebab(name);
        let instead = if lesson::is_kebab(&better) {
            format!("write `{better}`")
        } else {
            "small letters and digits, words joined by `-`, a letter first".to_owned()
        };
        self.tell(format!("{what} is in kebab case: {instead}"));
    }

    /// Holds the names of the lesson's packages and programs against all that there are:
    /// packages of one name cannot be told apart, and programs share a folder.
    fn check_names(
        &mut self,
        root: &Path,
        course: &Course,
        id: &str,
        challenges: &[String],
    ) -> Result<()> {
        if let Some(lesson) = course.lessons.iter().find(|lesson| lesson.id == id) {
            self.tell(format!("the id is taken by {}: take another, or add challenges to that lesson with --into {id}",
                told(lesson)));
            return Ok(());
        }
        let packages = packages(root)?;
        let new_packages = [id.to_owned(), format!("{id}-challenges")];
        for package in new_packages
            .iter()
            .filter(|package| packages.contains(*package))
        {
            self.tell(format!(
                "the workspace knows a package `{package}` already: take another id, such as `{id}-lesson`"
            ));
        }
        let of_challenges = challenges.iter().flat_map(|challenge| {
            [
                format!("{id}-solution-{challenge}"),
                format!("{id}-starter-{challenge}"),
            ]
        });
        let new_programs = new_packages.into_iter().chain(of_challenges);
        for program in new_programs {
            let owner = course
                .lessons
                .iter()
                .find(|lesson| lesson.binaries.contains(&program));
            if let Some(owner) = owner
                && !packages.contains(&program)
            {
                self.tell(format!(
                    "the lesson {} has a program `{program}`: take another id",
                    told(owner)
                ));
            }
        }
        Ok(())
    }

    /// The title of a phase: the course's, or for a new phase the one that is given.
    fn phase_title(&mut self, course: &Course, phase: u32, given: Option<&str>) -> String {
        let known = course
            .lessons
            .iter()
            .find(|lesson| lesson.front.phase == phase && !lesson.front.phase_title.is_empty())
            .map(|lesson| lesson.front.phase_title.clone());
        match (known, given) {
            (Some(known), Some(given)) if known != given => {
                self.tell(format!(
                    "phase {phase} is called `{known}`: leave --phase-title out"
                ));
                known
            }
            (Some(known), _) => known,
            (None, Some(given)) => {
                if lesson::kebab(given).is_empty() {
                    self.tell(format!(
                        "`{given}` gives the phase's folder no name: a title has letters in it"
                    ));
                }
                given.to_owned()
            }
            (None, None) => {
                self.tell(format!(
                    "phase {phase} is new: give it a title with --phase-title, or take one that there is already{}",
                    phases(course)
                ));
                String::new()
            }
        }
    }

    /// The place in the phase: the one that is given, or the first behind all others.
    fn sequence(&mut self, root: &Path, course: &Course, phase: u32, given: Option<u32>) -> u32 {
        let taken = taken(root, course, phase);
        let free = match taken.last() {
            None => Some(1),
            Some((last, _)) => last.checked_add(1),
        };
        let Some(wanted) = given.or(free) else {
            self.tell(format!(
                "nothing can come behind {phase}.{}: choose a place before it with --sequence",
                u32::MAX
            ));
            return u32::MAX;
        };
        if let Some((_, who)) = taken.iter().find(|(sequence, _)| *sequence == wanted) {
            let instead = match free {
                Some(free) => format!("write --sequence {free}, or leave it out"),
                None => "choose another with --sequence".to_owned(),
            };
            self.tell(format!("{phase}.{wanted} is taken by `{who}`: {instead}"));
        }
        wanted
    }

    /// The ids of the lessons that are to come before this one.
    fn prerequisites(
        &mut self,
        course: &Course,
        place: (u32, u32),
        given: &[String],
    ) -> Vec<String> {
        let mut ids = Vec::new();
        for name in given {
            match course.select(&[name]) {
                Ok(lessons) => ids.extend(lessons.into_iter().map(|lesson| {
                    if (lesson.front.phase, lesson.front.sequence) >= place {
                        self.tell(format!(
                            "{} comes later than {}.{}, and is no prerequisite of it",
                            told(lesson),
                            place.0,
                            place.1
                        ));
                    }
                    lesson.id.clone()
                })),
                Err(error) => self.tell(error.to_string()),
            }
        }
        without_repeats(ids)
    }

    fn check_folder(&mut self, root: &Path, folder: &Path) {
        if fs::symlink_metadata(root.join(folder)).is_ok() {
            self.tell(format!(
                "the folder {} is there already: move it away, or take another id",
                folder.display()
            ));
        }
    }
}

/// Which places of a phase are taken, and by what: a page, or a folder that has a
/// number and no page that could be read.
fn taken(root: &Path, course: &Course, phase: u32) -> Vec<(u32, String)> {
    let mut taken: Vec<(u32, String)> = course
        .lessons
        .iter()
        .filter(|lesson| lesson.front.phase == phase)
        .map(|lesson| (lesson.front.sequence, lesson.id.clone()))
        .collect();
    let begins = format!("{phase:02}-");
    let folders = entries(&root.join("lessons"))
        .filter(|(name, _)| name.starts_with(&begins))
        .flat_map(|(_, path)| entries(&path));
    for (name, _) in folders {
        let number = name
            .split_once('-')
            .and_then(|(number, _)| number.parse().ok());
        if let Some(number) = number
            && taken.iter().all(|(sequence, _)| *sequence != number)
        {
            taken.push((number, name));
        }
    }
    taken.sort();
    taken
}

/// The names and paths of what is in a folder; nothing where there is none.
fn entries(folder: &Path) -> impl Iterator<Item = (String, PathBuf)> + use<> {
    fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, entry.path()))
        })
}

/// Every package that the workspace's lock file names, its own and others'.
fn packages(root: &Path) -> Result<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct Lock {
        #[serde(default)]
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
    }
    let path = root.join("Cargo.lock");
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}, which names all packages", path.display()))?;
    let lock: Lock =
        toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(lock
        .package
        .into_iter()
        .map(|package| package.name)
        .collect())
}

/// `, 5 or 6`
fn phases(course: &Course) -> String {
    let phases: BTreeSet<u32> = course
        .lessons
        .iter()
        .map(|lesson| lesson.front.phase)
        .collect();
    let phases: Vec<String> = phases.iter().map(u32::to_string).collect();
    match phases.as_slice() {
        [] => String::new(),
        phases => format!(": {}", phases.join(", ")),
    }
}

/// `readable-streams` (5.1)
fn told(lesson: &Lesson) -> String {
    let front = &lesson.front;
    format!("`{}` ({}.{})", lesson.id, front.phase, front.sequence)
}

/// `message-framing` as a title: `Message Framing`.
fn title(id: &str) -> String {
    let words: Vec<String> = id
        .split('-')
        .filter_map(|word| {
            let mut letters = word.chars();
            let first = letters.next()?;
            Some(first.to_uppercase().chain(letters).collect())
        })
        .collect();
    words.join(" ")
}

pub(super) fn without_repeats(mut texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}
