//! The programs that a page runs.

use std::collections::BTreeMap;

use crate::block::{Block, Program, Stream, Tie, TranscriptTie};
use crate::exit::Exit;
use crate::finding::Findings;
use crate::front_matter::Command;
use crate::place::Lines;
use crate::suggest;

/// One run that a page asks for: one program with one list of arguments, and
/// every block that is held against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramUse {
    /// What is run.
    pub program: Program,
    /// What it is given; for a command, after the arguments that it always has.
    pub args: Vec<String>,
    /// How it must end.
    pub exit: Exit,
    /// The blocks about its standard output: places in the lesson's `blocks`.
    pub stdout: Vec<usize>,
    /// The blocks about its standard error.
    pub stderr: Vec<usize>,
    /// The blocks about its packets.
    pub wire: Vec<usize>,
}

/// What a page's blocks may name.
#[derive(Debug)]
pub(crate) struct Programs<'a> {
    /// The lesson's id; empty where the front matter gives none.
    pub(crate) id: &'a str,
    pub(crate) commands: &'a [Command],
    /// The binaries of the experiment crate; `None` where they are not known,
    /// because a page is read without its folder.
    pub(crate) binaries: Option<&'a [String]>,
}

impl Programs<'_> {
    /// The program that a page names: a command, or a binary, whose name the
    /// page may write without the lesson's id in front.
    ///
    /// # Errors
    ///
    /// What to write instead.
    pub(crate) fn find(&self, written: &str) -> Result<Program, String> {
        if written.is_empty() {
            return Err(format!("write the program's name: `run={}`", self.id));
        }
        if self.commands.iter().any(|command| command.name == written) {
            return Ok(Program::Command(written.to_owned()));
        }
        let long = format!("{}-{written}", self.id);
        let has_id = self.id.is_empty() || begins_with_id(written, self.id);
        let Some(binaries) = self.binaries else {
            let name = if has_id { written.to_owned() } else { long };
            return Ok(Program::Binary(name));
        };
        for name in [written, &long] {
            if binaries.iter().any(|binary| binary == name) {
                return Ok(Program::Binary(name.to_owned()));
            }
        }
        Err(self.instead_of(written))
    }

    fn instead_of(&self, written: &str) -> String {
        let binaries = self.binaries.unwrap_or_default();
        let commands = self.commands.iter().map(|command| command.name.as_str());
        let all: Vec<&str> = binaries
            .iter()
            .map(String::as_str)
            .chain(commands)
            .collect();
        let short = binaries
            .iter()
            .filter_map(|name| name.strip_prefix(self.id)?.strip_prefix('-'));
        let names: Vec<&str> = all.iter().copied().chain(short).collect();
        // What all of them begin with makes none of them more like it.
        let of_lesson = written
            .strip_prefix(self.id)
            .map(|rest| rest.trim_start_matches('-'));
        let alike = names
            .iter()
            .copied()
            .filter(|name| of_lesson.is_none() || !begins_with_id(name, self.id));
        if let Some(meant) = suggest::nearest(of_lesson.unwrap_or(written), alike) {
            return format!("did you mean `{meant}`?");
        }
        if names.is_empty() {
            return "give it a program: a crate `experiment/`, or `commands:` in the front matter"
                .to_owned();
        }
        let file = match of_lesson {
            Some("") => "main.rs".to_owned(),
            Some(name) if begins_with_id(written, self.id) => format!("bin/{}-{name}.rs", self.id),
            _ => format!("bin/{}-{written}.rs", self.id),
        };
        format!(
            "its programs are `{}`; a further one would be `experiment/src/{file}`",
            all.join("`, `")
        )
    }
}

/// Whether a binary's name is one that a lesson may give: its id, or its id,
/// `-`, and more.
pub(crate) fn begins_with_id(name: &str, id: &str) -> bool {
    name.strip_prefix(id)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Gathers the runs that the blocks ask for, in their order, and tells of an
/// exit that is said twice.
pub(crate) fn gather(blocks: &[Block], lines: &Lines, findings: &mut Findings) -> Vec<ProgramUse> {
    let mut uses: Vec<ProgramUse> = Vec::new();
    let mut known: BTreeMap<(&Program, &[String]), usize> = BTreeMap::new();
    let mut said: BTreeMap<usize, &TranscriptTie> = BTreeMap::new();
    for (at, block) in blocks.iter().enumerate() {
        let Tie::Transcript(tie) = &block.tie else {
            continue;
        };
        let run = *known.entry((&tie.program, &tie.args)).or_insert_with(|| {
            uses.push(ProgramUse {
                program: tie.program.clone(),
                args: tie.args.clone(),
                exit: Exit::default(),
                stdout: Vec::new(),
                stderr: Vec::new(),
                wire: Vec::new(),
            });
            uses.len() - 1
        });
        match tie.stream {
            Stream::Stdout => uses[run].stdout.push(at),
            Stream::Stderr => uses[run].stderr.push(at),
            Stream::Wire => uses[run].wire.push(at),
        }
        let Some(exit) = tie.exit else { continue };
        match said.get(&run) {
            None => {
                uses[run].exit = exit;
                said.insert(run, tie);
            }
            Some(first) => tell_said_twice(tie, first, lines, findings),
        }
    }
    uses
}

fn tell_said_twice(
    tie: &TranscriptTie,
    first: &TranscriptTie,
    lines: &Lines,
    findings: &mut Findings,
) {
    let line = lines.number(first.span.start);
    findings
        .error(
            tie.span.clone(),
            format!("how this run ends is said twice, first on line {line}"),
        )
        .help("say `exit=` once for each run: take it away here");
}
