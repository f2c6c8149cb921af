//! One lesson: its page, and the folder in which it stands.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use transcript::Kinds;

use crate::block::{Block, ListingTie, Program, Tie};
use crate::challenge::ChallengeItem;
use crate::crates::{self, Crate, Crates};
use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::Findings;
use crate::folder::{self, Found, Refusal};
use crate::front_matter::{Command, FrontMatter, Places};
use crate::heading::Heading;
use crate::hint::{self, Hint};
use crate::link::Link;
use crate::listing::{self, Listing};
use crate::names::{FolderName, kebab};
use crate::page::{self, Page, Surroundings};
use crate::program::{ProgramUse, Programs};
use crate::section::Section;

/// A lesson, read and checked.
#[derive(Debug)]
pub struct Lesson {
    /// Its id: the page's, or the folder's where the page gives none.
    pub id: String,
    /// The lesson's folder, as it can be opened.
    pub folder: PathBuf,
    /// Its page, relative to the course's root, for people.
    pub page: PathBuf,
    /// The whole page, byte for byte; empty where it could not be read.
    pub source: String,
    /// What the page says about the lesson.
    pub front: FrontMatter,
    /// The page's sections, as they stand there.
    pub sections: Vec<Section>,
    /// The page's fenced blocks, as they stand there.
    pub blocks: Vec<Block>,
    /// The page's challenges.
    pub challenges: Vec<ChallengeItem>,
    /// The page's headings, as they stand there.
    pub headings: Vec<Heading>,
    /// All that is wrong with the lesson: with its page, by place, then with
    /// its other files.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it has an `experiment/` crate.
    pub has_experiment: bool,
    /// Whether it has a `challenges/` crate.
    pub has_challenges: bool,
    /// The names of all binaries of its crates.
    pub binaries: Vec<String>,
    /// Those of its experiment.
    experiments: Vec<String>,
    pub(crate) places: Places,
    pub(crate) links: Vec<Link>,
    /// Whether there is something in the place of the folder of hints.
    pub(crate) may_have_hints: bool,
    kinds: Kinds,
    programs: Vec<ProgramUse>,
}

impl Lesson {
    /// Reads a page alone: what its folder holds is not looked at, and
    /// not held against it.
    #[must_use]
    pub fn of_page(source: String) -> Self {
        let page = page::read(&source, Surroundings::default());
        let mut lesson = Self::new(Path::new(""), Path::new(""));
        let findings = lesson.take(page);
        lesson.diagnostics = findings.tell(&lesson.page, &source);
        lesson.source = source;
        lesson
    }

    /// Reads the lesson in `folder`, which is `shown` for people; none where there is no page.
    pub(crate) fn read(folder: &Path, shown: &Path) -> Option<Self> {
        let mut lesson = Self::new(folder, shown);
        let source = match folder::within(folder, "lesson.md") {
            Ok(found) => found.text(),
            // A page that is a link to nowhere is a page, and wrong.
            Err(Refusal::Missing) if folder.join("lesson.md").symlink_metadata().is_err() => {
                return None;
            }
            Err(refusal) => Err(refusal),
        };
        let source = match source {
            Ok(source) => source,
            Err(refusal) => {
                lesson.tell_unreadable(refusal);
                return Some(lesson);
            }
        };

        let crates = crates::read(folder, shown);
        let binaries = crates
            .experiment
            .as_ref()
            .map_or_else(Vec::new, Crate::names);
        let modules = crates
            .challenges
            .as_ref()
            .map_or(&[][..], |one| one.modules.as_slice());
        let around = Surroundings {
            id: &lesson.id.clone(),
            binaries: Some(&binaries),
            challenges: Some(modules),
        };
        let page = page::read(&source, around);
        let mut findings = lesson.take(page);
        lesson.check_folder_names(&mut findings);
        lesson.check_listings(&mut findings);
        lesson.check_commands(&binaries, &mut findings);
        lesson.diagnostics = findings.tell(&lesson.page, &source);
        lesson.source = source;
        lesson.experiments = binaries;
        lesson.take_crates(crates);
        lesson.may_have_hints = folder.join(hint::FOLDER).symlink_metadata().is_ok();
        Some(lesson)
    }

    /// A lesson of which nothing is known but its folder.
    fn new(folder: &Path, shown: &Path) -> Self {
        Self {
            id: FolderName::of(shown).name,
            folder: folder.to_owned(),
            page: shown.join("lesson.md"),
            source: String::new(),
            front: FrontMatter::default(),
            sections: Vec::new(),
            blocks: Vec::new(),
            challenges: Vec::new(),
            headings: Vec::new(),
            diagnostics: Vec::new(),
            has_experiment: false,
            has_challenges: false,
            binaries: Vec::new(),
            experiments: Vec::new(),
            places: Places::default(),
            links: Vec::new(),
            may_have_hints: false,
            kinds: Kinds::default(),
            programs: Vec::new(),
        }
    }

    fn take(&mut self, page: Page) -> Findings {
        if !page.front.id.is_empty() {
            self.id.clone_from(&page.front.id);
        }
        self.front = page.front;
        self.places = page.places;
        self.sections = page.sections;
        self.blocks = page.blocks;
        self.challenges = page.challenges;
        self.headings = page.headings;
        self.links = page.links;
        self.kinds = page.kinds;
        self.programs = page.programs;
        page.findings
    }

    fn take_crates(&mut self, crates: Crates) {
        self.has_experiment = crates.experiment.is_some();
        self.has_challenges = crates.challenges.is_some();
        let challenges = format!("{}-challenges", self.id);
        let experiment = self.id.clone();
        for (one, package) in [
            (crates.experiment, experiment),
            (crates.challenges, challenges),
        ] {
            if let Some(one) = one {
                self.binaries.extend(one.names());
                self.diagnostics.extend(one.check(&package, &self.id));
            }
        }
    }

    fn tell_unreadable(&mut self, refusal: Refusal) {
        let mut findings = Findings::default();
        let message = format!("this page {refusal}");
        if let Refusal::NotText { at, bytes } = refusal {
            findings
                .error(at..at + 1, "this byte is not UTF-8")
                .help("save the page as UTF-8");
            // Shown as far as it can be; the place is the same, since all that
            // is before it is UTF-8.
            let text = String::from_utf8_lossy(&bytes);
            self.diagnostics = findings.tell(&self.page, &text);
            return;
        }
        let help = match refusal {
            Refusal::TooLarge => Some("make several lessons of it"),
            Refusal::LinkLeadsOut => Some("put the page itself into the lesson's folder"),
            _ => None,
        };
        findings
            .error_of_page(message)
            .maybe_help(help.map(str::to_owned));
        self.diagnostics = findings.tell(&self.page, "");
    }

    /// Holds the numbers and names of the two folders against the front matter.
    fn check_folder_names(&self, findings: &mut Findings) {
        let Some(folder) = self.page.parent() else {
            return;
        };
        let (front, places) = (&self.front, &self.places);
        let title = kebab(&front.phase_title);
        let phase = FolderName::of(folder.parent().unwrap_or(folder));
        phase.check_number("phase", front.phase, places.phase.as_ref(), findings);
        phase.check_name("phase_title", &title, places.phase_title.as_ref(), findings);
        let lesson = FolderName::of(folder);
        lesson.check_number(
            "sequence",
            front.sequence,
            places.sequence.as_ref(),
            findings,
        );
        lesson.check_name("id", &front.id, places.id.as_ref(), findings);
    }

    fn check_listings(&self, findings: &mut Findings) {
        for block in &self.blocks {
            let Tie::Listing(tie) = &block.tie else {
                continue;
            };
            if let Err(unlisted) = listing::text_of(&self.folder, tie) {
                findings
                    .error(tie.span.clone(), unlisted.message)
                    .maybe_help(unlisted.help);
            }
        }
    }

    /// A name stands for a command or for a binary, not for both.
    fn check_commands(&self, binaries: &[String], findings: &mut Findings) {
        for (command, span) in self.front.commands.iter().zip(&self.places.commands) {
            let long = format!("{}-{}", self.front.id, command.name);
            let same = binaries
                .iter()
                .find(|binary| **binary == command.name || **binary == long);
            if let Some(binary) = same {
                findings
                    .error(
                        span.clone(),
                        format!(
                            "`{}` is a binary of the experiment too: `{binary}`",
                            command.name
                        ),
                    )
                    .help("give the command another name");
            }
        }
    }

    /// Whether nothing is wrong with it; warnings do not count.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity != Severity::Error)
    }

    /// The kinds of placeholder that its transcripts know, its own included.
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The runs that its page asks for, in the order in which the page first
    /// names them.
    #[must_use]
    pub fn programs(&self) -> &[ProgramUse] {
        &self.programs
    }

    /// The names of its experiment's binaries.
    #[must_use]
    pub fn experiments(&self) -> &[String] {
        &self.experiments
    }

    /// The program of this lesson that a page would write so: a command, or a
    /// binary, with or without the lesson's id in front.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub fn program(&self, written: &str) -> Result<Program, String> {
        let programs = Programs {
            id: &self.id,
            commands: &self.front.commands,
            binaries: Some(&self.experiments),
        };
        programs.find(written)
    }

    /// The command of the front matter that has this name.
    #[must_use]
    pub fn command(&self, name: &str) -> Option<&Command> {
        self.front
            .commands
            .iter()
            .find(|command| command.name == name)
    }

    /// Holds a listing against its file, as that is now; `None` where the
    /// block is no listing.
    #[must_use]
    pub fn listing(&self, block: &Block) -> Option<Listing> {
        let Tie::Listing(tie) = &block.tie else {
            return None;
        };
        Some(match listing::text_of(&self.folder, tie) {
            Err(_) => Listing::Invalid,
            Ok(expected) if expected == block.content => Listing::Same,
            Ok(expected) => Listing::Drifted {
                expected,
                actual: block.content.clone(),
            },
        })
    }

    /// The lines of its file that a listing shows, counted from 1; `None` where that is
    /// all of them.
    #[must_use]
    pub fn listed_lines(&self, listing: &ListingTie) -> Option<RangeInclusive<usize>> {
        listing::place(&self.folder, listing)
    }

    /// The bytes of a file of the lesson's folder, by its path from there.
    ///
    /// # Errors
    ///
    /// Where it is not in the folder, no plain file, or larger than 1 MiB.
    pub fn bytes_of(&self, file: &str) -> Result<Vec<u8>, Refusal> {
        folder::within(&self.folder, file).and_then(Found::bytes)
    }

    /// The text of a file of the lesson's folder, by its path from there.
    ///
    /// # Errors
    ///
    /// Where it is not in the folder, no plain file, larger than 1 MiB, or not UTF-8.
    pub fn text_of(&self, file: &str) -> Result<String, Refusal> {
        folder::within(&self.folder, file).and_then(Found::text)
    }

    /// The text files below a folder of the lesson's folder, by their paths from there and
    /// in the order of these. What cargo, git or npm keeps there is not the lesson's, and links
    /// are not followed. None where there is no such folder.
    #[must_use]
    pub fn files_below(&self, folder: &str) -> Vec<String> {
        let mut files = folder::below(&self.folder, folder);
        files.retain(|file| self.text_of(file).is_ok());
        files
    }

    /// The hints for a challenge, from a nudge to almost the answer:
    /// `challenges/hints/CHALLENGE.md`.
    ///
    /// # Errors
    ///
    /// Where that file cannot be read.
    pub fn hints(&self, challenge: &str) -> Result<Vec<Hint>, Refusal> {
        Ok(hint::read(&self.text_of(&hint::file(challenge))?))
    }

    /// Adds what is wrong with the lesson among the others.
    pub(crate) fn tell(&mut self, findings: Findings) {
        if findings.is_empty() {
            return;
        }
        self.diagnostics
            .extend(findings.tell(&self.page, &self.source));
        let page = &self.page;
        self.diagnostics.sort_by_key(|diagnostic| {
            let start = diagnostic.place.as_ref().map(|place| place.span.start);
            (diagnostic.file != *page, start)
        });
    }
}
