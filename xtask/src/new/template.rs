//! What a new lesson consists of. The files are in `template/`, and read as those of
//! any lesson do; words in double braces stand for what is asked for.

use std::path::PathBuf;

use super::plan::Plan;

/// Each file of the template: its path in the lesson's folder, and its text.
const FILES: [(&str, &str); 10] = [
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
        "challenges/mutants.toml",
        include_str!("template/challenges/mutants.toml"),
    ),
];

/// The files of a lesson: each one's path in the lesson's folder, and its text.
pub(super) fn files(plan: &Plan) -> impl Iterator<Item = (PathBuf, String)> {
    let words = [
        ("{{front matter}}", front_matter(plan)),
        ("{{id}}", plan.id.clone()),
        ("{{challenge}}", plan.challenge.clone()),
        ("{{module}}", plan.challenge.replace('-', "_")),
    ];
    let filled = move |text: &str| {
        words.iter().fold(text.to_owned(), |text, (word, meant)| {
            text.replace(word, meant)
        })
    };
    FILES
        .into_iter()
        .map(move |(path, text)| (PathBuf::from(filled(path)), filled(text)))
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
