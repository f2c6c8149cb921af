//! What a new lesson consists of. The files are in `template/`, and read as those of
//! any lesson do; words in double braces stand for what is asked for.

use std::path::PathBuf;

use super::plan::Plan;

/// Each file of a lesson: its path in the lesson's folder, and its text.
const FILES: [(&str, &str); 7] = [
    ("lesson.md", include_str!("template/lesson.md")),
    (
        "experiment/Cargo.toml",
        include_str!("template/experiment/Cargo.toml"),
    ),
    (
        "experiment/src/main.rs",
        include_str!("template/experiment/src/main.rs"),
    ),
    (
        "challenges/Cargo.toml",
        include_str!("template/challenges/Cargo.toml"),
    ),
    (
        "challenges/src/main.rs",
        include_str!("template/challenges/src/main.rs"),
    ),
    (
        "challenges/mutants.toml",
        include_str!("template/challenges/mutants.toml"),
    ),
    (
        "challenges/tests/other_languages.rs",
        include_str!("template/challenges/tests/other_languages.rs"),
    ),
];

/// Each file of a challenge.
const OF_A_CHALLENGE: [(&str, &str); 5] = [
    (
        "challenges/src/{{module}}.rs",
        include_str!("template/challenges/src/challenge.rs"),
    ),
    (
        "challenges/starters/{{challenge}}.rs",
        include_str!("template/challenges/starters/challenge.rs"),
    ),
    (
        "challenges/solutions/{{challenge}}.rs",
        include_str!("template/challenges/solutions/challenge.rs"),
    ),
    (
        "challenges/hints/{{challenge}}.md",
        include_str!("template/challenges/hints/challenge.md"),
    ),
    (
        "challenges/tests/candidates/{{challenge}}.py",
        include_str!("template/challenges/tests/candidates/challenge.py"),
    ),
];

/// What there is of each of a lesson's challenges.
#[derive(Debug)]
pub(super) struct OfChallenges {
    /// Files of their own.
    pub(super) files: Vec<(PathBuf, String)>,
    /// For the page's list.
    pub(super) items: String,
    /// For the manifest.
    pub(super) binaries: String,
    /// For `mutants.toml`.
    pub(super) mutants: String,
    /// For the test of other languages.
    pub(super) other_languages: String,
}

impl OfChallenges {
    /// Of these challenges of a lesson, of which the first is this one in the page's list.
    pub(super) fn new(id: &str, names: &[String], first: usize) -> Self {
        let each = |text: &str| -> Vec<String> {
            let filled = names.iter().zip(first..).map(|(challenge, number)| {
                let words = [
                    ("{{id}}", id.to_owned()),
                    ("{{challenge}}", challenge.clone()),
                    ("{{module}}", module(challenge)),
                    ("{{number}}", number.to_string()),
                ];
                fill(text, &words)
            });
            filled.collect()
        };
        let files = OF_A_CHALLENGE.iter().flat_map(|(path, text)| {
            let paths = each(path).into_iter().map(PathBuf::from);
            paths.zip(each(text))
        });
        Self {
            files: files.collect(),
            items: each(include_str!("template/item.md")).join("\n"),
            binaries: each(include_str!("template/challenges/binaries.toml")).join("\n"),
            mutants: each(include_str!("template/challenges/mutant.toml")).join("\n"),
            other_languages: each(include_str!("template/challenges/other_language.rs")).concat(),
        }
    }
}

/// The files of a lesson: each one's path in the lesson's folder, and its text.
pub(super) fn files(plan: &Plan) -> Vec<(PathBuf, String)> {
    let of_challenges = OfChallenges::new(&plan.id, &plan.challenges, 1);
    let calls: Vec<String> = plan.challenges.iter().map(|name| call(name)).collect();
    let words = [
        ("{{front matter}}", front_matter(plan)),
        ("{{id}}", plan.id.clone()),
        ("{{modules}}", modules(&plan.challenges)),
        ("{{challenges}}", array(&calls)),
        ("{{items}}\n", of_challenges.items),
        ("{{binaries}}\n", of_challenges.binaries),
        ("{{mutants}}\n", of_challenges.mutants),
        ("{{other languages}}\n", of_challenges.other_languages),
    ];
    FILES
        .iter()
        .map(|(path, text)| (PathBuf::from(path), fill(text, &words)))
        .chain(of_challenges.files)
        .collect()
}

/// The test of the lesson `id` that programs in other languages meet its challenges.
pub(super) fn other_languages(id: &str, tests: &str) -> String {
    let words = [
        ("{{id}}", id.to_owned()),
        ("{{other languages}}\n", tests.to_owned()),
    ];
    fill(
        include_str!("template/challenges/tests/other_languages.rs"),
        &words,
    )
}

fn fill(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (word, meant)| {
        text.replace(word, meant)
    })
}

/// The judge's module for a challenge.
pub(super) fn module(challenge: &str) -> String {
    challenge.replace('-', "_")
}

/// What gives the judge a challenge.
pub(super) fn call(challenge: &str) -> String {
    format!("{}::challenge()", module(challenge))
}

/// In the order in which rustfmt puts them.
fn modules(challenges: &[String]) -> String {
    let mut modules: Vec<String> = challenges
        .iter()
        .map(|challenge| format!("mod {};", module(challenge)))
        .collect();
    modules.sort();
    modules.join("\n")
}

/// What stands between the brackets of an array: on one line, or on several, as rustfmt
/// writes it.
pub(super) fn array(elements: &[String]) -> String {
    const LONGEST: usize = 60;
    let line = elements.join(", ");
    if line.len() <= LONGEST {
        return line;
    }
    format!("\n        {},\n    ", elements.join(",\n        "))
}

fn front_matter(plan: &Plan) -> String {
    let list = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
        texts.join(", ")
    };
    [
        format!("id: {}", plan.id),
        format!("phase: {}", plan.phase),
        format!("phase_title: {}", scalar(&plan.phase_title)),
        format!("sequence: {}", plan.sequence),
        format!("title: {}", scalar(&plan.title)),
        format!("difficulty: {}", plan.difficulty),
        format!("tags: [{}]", list(&plan.tags)),
        format!("prerequisites: [{}]", list(&plan.prerequisites)),
        format!("estimated_minutes: {}", plan.minutes),
    ]
    .join("\n")
}

/// A text as YAML writes it: plain where that is safe, or else in double quotes, which
/// escape as JSON does (<https://yaml.org/spec/1.2.2/#731-double-quoted-style>).
fn scalar(text: &str) -> String {
    const OTHER_VALUES: [&str; 7] = ["true", "false", "null", "yes", "no", "on", "off"];
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " -_/().'".contains(c))
        && !OTHER_VALUES.contains(&text.to_ascii_lowercase().as_str());
    if is_plain {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}
