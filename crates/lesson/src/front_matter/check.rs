//! Holds what a page gives against what its front matter may say.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use super::values::{command, span_of, text_of};
use super::{Command, DEFAULT_TIMEOUT, Difficulty, FrontMatter, Places};
use crate::finding::Findings;
use crate::names::{is_kebab, kebab};
use crate::suggest;
use crate::yaml::{Entry, Value};

/// The longest that a page may ask for: an hour.
const LONGEST_TIMEOUT: f64 = 3600.0;

/// The shortest: a millisecond, since a time of zero would be none.
const SHORTEST_TIMEOUT: f64 = 0.001;

/// A key, and what a page without it should add.
struct Key {
    name: &'static str,
    /// What to write; `None` where the key may be left out.
    example: Option<&'static str>,
}

const fn required(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        example: Some(example),
    }
}

const fn optional(name: &'static str) -> Key {
    Key {
        name,
        example: None,
    }
}

const KEYS: [Key; 12] = [
    required("id", "id: tcp-basics"),
    required("phase", "phase: 6"),
    required("phase_title", "phase_title: Networking Fundamentals"),
    required("sequence", "sequence: 1"),
    required("title", "title: What the lesson is called"),
    required("difficulty", "difficulty: beginner"),
    required("tags", "tags: [tcp, sockets]"),
    required("prerequisites", "prerequisites: []"),
    required("estimated_minutes", "estimated_minutes: 15"),
    optional("timeout_seconds"),
    optional("placeholders"),
    optional("commands"),
];

/// Checks what the page gives; `opening` is its first line, to which what is
/// missing is told.
pub(crate) fn check(
    entries: Vec<Entry>,
    opening: &Range<usize>,
    findings: &mut Findings,
) -> (FrontMatter, Places) {
    let mut given = Given::of(entries, opening, findings);
    let mut front = FrontMatter::default();
    let mut places = Places::default();

    if let Some((id, span)) = given.text("id") {
        // What is no id is not held against the folder and the other lessons.
        if given.hold_to_kebab(&id, &span, "an id") {
            (front.id, places.id) = (id, Some(span));
        }
    }
    if let Some((phase, span)) = given.number("phase") {
        (front.phase, places.phase) = (phase, Some(span));
    }
    if let Some((title, span)) = given.text("phase_title") {
        (front.phase_title, places.phase_title) = (title, Some(span));
    }
    if let Some((sequence, span)) = given.number("sequence") {
        (front.sequence, places.sequence) = (sequence, Some(span));
    }
    if let Some((title, _)) = given.text("title") {
        front.title = title;
    }
    front.difficulty = given.difficulty().unwrap_or_default();
    front.tags = given.tags();
    (front.prerequisites, places.prerequisites) = given.prerequisites();
    front.estimated_minutes = given.minutes().unwrap_or_default();
    front.timeout = given.timeout().unwrap_or(DEFAULT_TIMEOUT);
    (front.placeholders, places.placeholders) = given.placeholders();
    (front.commands, places.commands) = given.commands();
    (front, places)
}

/// The keys that a page gives, each to be taken once.
struct Given<'a> {
    entries: Vec<Entry>,
    findings: &'a mut Findings,
}

impl<'a> Given<'a> {
    /// Tells of unknown and of missing keys, and keeps the rest.
    fn of(entries: Vec<Entry>, opening: &Range<usize>, findings: &'a mut Findings) -> Self {
        let is_key = |name: &str| KEYS.iter().any(|key| key.name == name);
        let (entries, unknown): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| is_key(&entry.key));

        let mut missing: Vec<&Key> = KEYS
            .iter()
            .filter(|key| entries.iter().all(|entry| entry.key != key.name))
            .collect();
        for entry in unknown {
            // A misspelled key is one mistake, not two.
            let meant = suggest::nearest(&entry.key, missing.iter().map(|key| key.name));
            missing.retain(|key| Some(key.name) != meant);
            tell_unknown(&entry, meant, findings);
        }
        for key in missing {
            if let Some(example) = key.example {
                findings
                    .error(
                        opening.clone(),
                        format!("the key `{}` is missing", key.name),
                    )
                    .help(format!("add `{example}`"));
            }
        }
        Self { entries, findings }
    }

    fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.swap_remove(at))
    }

    fn text(&mut self, key: &str) -> Option<(String, Range<usize>)> {
        let entry = self.take(key)?;
        let span = span_of(&entry);
        let text = text_of(entry.node, &span, key, self.findings)?;
        Some((text, span))
    }

    fn number(&mut self, key: &str) -> Option<(u32, Range<usize>)> {
        let entry = self.take(key)?;
        let span = span_of(&entry);
        let (text, quoted) = match entry.node.value {
            Value::Scalar { text, quoted } => (text, quoted),
            Value::Refused => return None,
            Value::List(_) | Value::Map(_) => (String::new(), false),
        };
        let digits = !quoted && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        if number.is_none() {
            let finding = self
                .findings
                .error(span.clone(), format!("`{key}` is not a whole number"));
            if quoted {
                finding.help("take away the quotes");
            } else {
                finding.help(format!("write digits alone: `{key}: 6`"));
            }
        }
        Some((number?, span))
    }

    fn hold_to_kebab(&mut self, name: &str, span: &Range<usize>, what: &str) -> bool {
        if is_kebab(name) {
            return true;
        }
        let message = format!(
            "{what} is in kebab case: small letters and digits, words joined by `-`, a letter first"
        );
        self.findings
            .error(span.clone(), message)
            .maybe_help(kebab_help(name));
        false
    }

    fn difficulty(&mut self) -> Option<Difficulty> {
        let (text, span) = self.text("difficulty")?;
        let found = Difficulty::ALL.into_iter().find(|one| one.name() == text);
        if found.is_none() {
            let names = Difficulty::ALL.map(Difficulty::name);
            let help = match suggest::nearest(&text, names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "write `beginner`, `intermediate` or `advanced`".to_owned(),
            };
            self.findings
                .error(span, format!("there is no difficulty `{text}`"))
                .help(help);
        }
        found
    }

    fn tags(&mut self) -> Vec<String> {
        let Some(tags) = self.texts("tags", "tags: [tcp, sockets]") else {
            return Vec::new();
        };
        tags.into_iter().map(|(tag, _)| tag).collect()
    }

    fn prerequisites(&mut self) -> (Vec<String>, Vec<Range<usize>>) {
        self.texts("prerequisites", "prerequisites: [readable-streams]")
            .unwrap_or_default()
            .into_iter()
            .unzip()
    }

    /// The texts of a list, each of them once.
    fn texts(&mut self, key: &str, example: &str) -> Option<Vec<(String, Range<usize>)>> {
        let entry = self.take(key)?;
        let span = span_of(&entry);
        let items = match entry.node.value {
            Value::List(items) => items,
            Value::Refused => return None,
            Value::Scalar { .. } | Value::Map(_) => {
                self.findings
                    .error(span, format!("`{key}` is not a list"))
                    .help(format!("write `{example}`"));
                return None;
            }
        };
        if key == "tags" && items.is_empty() {
            self.findings
                .error(span, "a lesson has at least one tag")
                .help(format!("write `{example}`"));
        }
        let mut seen = BTreeSet::new();
        let mut texts = Vec::new();
        for item in items {
            let span = item.span.clone();
            let what = format!("an item of `{key}`");
            let Some(text) = text_of(item, &span, &what, self.findings) else {
                continue;
            };
            if seen.insert(text.clone()) {
                texts.push((text, span));
            } else {
                self.findings
                    .error(span, format!("`{text}` stands twice in `{key}`"))
                    .help("keep one of the two");
            }
        }
        Some(texts)
    }

    fn minutes(&mut self) -> Option<u32> {
        let (minutes, span) = self.number("estimated_minutes")?;
        if minutes == 0 {
            self.findings
                .error(span, "a lesson takes at least one minute")
                .help("write how long a learner takes: `estimated_minutes: 15`");
        }
        Some(minutes)
    }

    fn timeout(&mut self) -> Option<Duration> {
        let (text, span) = self.text("timeout_seconds")?;
        let seconds = text.parse().ok();
        let seconds =
            seconds.filter(|seconds| (SHORTEST_TIMEOUT..=LONGEST_TIMEOUT).contains(seconds));
        if seconds.is_none() {
            self.findings
                .error(span, "`timeout_seconds` is not a time that a program can have")
                .help(format!(
                    "write a number of seconds from {SHORTEST_TIMEOUT} to {LONGEST_TIMEOUT}; 10 is what a page without this key gets"
                ));
        }
        seconds.map(Duration::from_secs_f64)
    }

    /// The entries of a map of names.
    fn named(&mut self, key: &str, example: &str) -> Vec<Entry> {
        let Some(entry) = self.take(key) else {
            return Vec::new();
        };
        let span = span_of(&entry);
        match entry.node.value {
            Value::Map(entries) => entries,
            Value::Refused => Vec::new(),
            Value::Scalar { .. } | Value::List(_) => {
                self.findings
                    .error(span, format!("`{key}` is not a map of names"))
                    .help(format!(
                        "write a line `{key}:`, and below it, indented, `{example}`"
                    ));
                Vec::new()
            }
        }
    }

    #[expect(
        clippy::type_complexity,
        reason = "two columns of one table, side by side"
    )]
    fn placeholders(&mut self) -> (Vec<(String, String)>, Vec<(Range<usize>, Range<usize>)>) {
        let entries = self.named("placeholders", "version: \"[0-9]+[.][0-9]+\"");
        let mut kinds = Vec::new();
        let mut places = Vec::new();
        for entry in entries {
            let span = span_of(&entry);
            let what = format!("the expression of `{}`", entry.key);
            if let Some(pattern) = text_of(entry.node, &span, &what, self.findings) {
                kinds.push((entry.key, pattern));
                places.push((entry.key_span, span));
            }
        }
        (kinds, places)
    }

    fn commands(&mut self) -> (Vec<Command>, Vec<Range<usize>>) {
        let entries = self.named("commands", "server: [node, server.mjs]");
        let mut commands = Vec::new();
        let mut places = Vec::new();
        for entry in entries {
            let place = entry.key_span.clone();
            self.hold_to_kebab(&entry.key, &place, "a command's name");
            if let Some(command) = command(entry, self.findings) {
                commands.push(command);
                places.push(place);
            }
        }
        (commands, places)
    }
}

fn tell_unknown(entry: &Entry, meant: Option<&str>, findings: &mut Findings) {
    let names = KEYS.map(|key| key.name);
    let known = meant.or_else(|| suggest::nearest(&entry.key, names));
    let help = match known {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the keys are `{}`", names.join("`, `")),
    };
    findings
        .error(
            entry.key_span.clone(),
            format!("there is no key `{}`", entry.key),
        )
        .help(help);
}

fn kebab_help(name: &str) -> Option<String> {
    let better = kebab(name);
    is_kebab(&better).then(|| format!("write `{better}`"))
}
