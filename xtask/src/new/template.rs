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

/// What stands in the lesson's files once for each challenge, by the words that it
/// stands for; between two of a kind is what comes last.
const PARTS: [(&str, &str, &str); 4] = [
    ("{{each item.md}}\n", include_str!("template/item.md"), "\n"),
    (
        "{{each binaries.toml}}\n",
        include_str!("template/challenges/binaries.toml"),
        "\n",
    ),
    (
        "{{each mutant.toml}}",
        include_str!("template/challenges/mutant.toml"),
        "\n",
    ),
    (
        "{{each other_language.rs}}\n",
        include_str!("template/challenges/other_language.rs"),
        "",
    ),
];

/// The files of a lesson: each one's path in the lesson's folder, and its text.
pub(super) fn files(plan: &Plan) -> Vec<(PathBuf, String)> {
    let words = [
        ("{{front matter}}", front_matter(plan)),
        ("{{id}}", plan.id.clone()),
        ("{{modules}}", modules(plan)),
        ("{{challenges}}", challenges(plan)),
    ];
    let of_lesson = |text: &str| {
        let text = PARTS
            .iter()
            .fold(text.to_owned(), |text, (word, part, between)| {
                text.replace(word, &each(plan, part).join(between))
            });
        fill(&text, &words)
    };
    let mut files: Vec<(PathBuf, String)> = FILES
        .iter()
        .map(|(path, text)| (PathBuf::from(path), of_lesson(text)))
        .collect();
    for (path, text) in OF_A_CHALLENGE {
        let paths = each(plan, path).into_iter().map(PathBuf::from);
        let texts = each(plan, text).into_iter().map(|text| fill(&text, &words));
        files.extend(paths.zip(texts));
    }
    files
}

/// The text once for each challenge.
fn each(plan: &Plan, text: &str) -> Vec<String> {
    let filled = plan.challenges.iter().zip(1..).map(|(challenge, number)| {
        let words = [
            ("{{challenge}}", challenge.clone()),
            ("{{module}}", module(challenge)),
            ("{{number}}", number.to_string()),
        ];
        fill(text, &words)
    });
    filled.collect()
}

fn fill(text: &str, words: &[(&str, String)]) -> String {
    words.iter().fold(text.to_owned(), |text, (word, meant)| {
        text.replace(word, meant)
    })
}

fn module(challenge: &str) -> String {
    challenge.replace('-', "_")
}

/// In the order in which rustfmt puts them.
fn modules(plan: &Plan) -> String {
    let mut modules: Vec<String> = plan
        .challenges
        .iter()
        .map(|challenge| format!("mod {};", module(challenge)))
        .collect();
    modules.sort();
    modules.join("\n")
}

/// On one line, or on several, as rustfmt writes an array.
fn challenges(plan: &Plan) -> String {
    const LONGEST: usize = 60;
    let calls = plan
        .challenges
        .iter()
        .map(|challenge| format!("{}::challenge()", module(challenge)));
    let calls: Vec<String> = calls.collect();
    let line = calls.join(", ");
    if line.len() <= LONGEST {
        return line;
    }
    format!("\n        {},\n    ", calls.join(",\n        "))
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
