//! A course with a challenge, and a judge of a few lines: a candidate meets a requirement
//! by printing its name.

use std::{fs, path::Path};

use super::{Course, Page};

pub(crate) const JUDGE: &str = include_str!("judge.rs");

pub(crate) const SOLUTION: &str = r#"fn main() { println!("says yes"); println!("says please"); }"#;
pub(crate) const STARTER: &str = "fn main() {}\n";
const HINTS: &str = "\
# Hints for `five`

## A nudge

Say something.

## Almost the answer

```rust
## this is no heading
println!(\"says yes\");
```
";
pub(crate) const MUTANTS: &str = r#"
[[mutant]]
challenge = "five"
fails = "says yes"
replace = 'says yes'
with = 'says no'

[[mutant]]
challenge = "five"
fails = "says please"
replace = 'says please'
with = 'says now'
"#;

pub(crate) const CHALLENGES: &str = "lessons/01-tests/01-echo/challenges";

/// A course of one lesson, `echo`, with one challenge, `five`.
pub(crate) fn course() -> Course {
    let course = Course::of(&Page::new("echo hello", "hello\n"));
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"lessons/*/*/challenges\"]\nexclude = [\"practice\"]\n";
    write(&course, "Cargo.toml", manifest);
    write(
        &course,
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"echo-challenges\"\nversion = \"0.0.0\"\n",
    );
    let bin =
        |name: &str, path: &str| format!("[[bin]]\nname = \"echo-{name}\"\npath = \"{path}\"\n");
    let bins = [
        bin("solution-five", "solutions/five.rs"),
        bin("starter-five", "starters/five.rs"),
    ];
    let manifest = read(&course, format!("{CHALLENGES}/Cargo.toml"));
    challenge(&course, "Cargo.toml", &(manifest + &bins.concat()));
    challenge(&course, "solutions/five.rs", SOLUTION);
    challenge(&course, "starters/five.rs", STARTER);
    challenge(&course, "hints/five.md", HINTS);
    challenge(&course, "mutants.toml", MUTANTS);
    course
}

/// Gives a lesson the judge of its one challenge.
pub(crate) fn add_judge(lesson: &Path, id: &str) {
    let manifest = format!(
        "[package]\nname = \"{id}-challenges\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [[bin]]\nname = \"{id}-challenges\"\npath = \"src/main.rs\"\n"
    );
    let challenges = lesson.join("challenges");
    fs::create_dir_all(challenges.join("src")).unwrap();
    fs::write(challenges.join("Cargo.toml"), manifest).unwrap();
    fs::write(challenges.join("src/main.rs"), JUDGE).unwrap();
    let module = "// It has but one, in `main.rs`.\n";
    fs::write(challenges.join("src/five.rs"), module).unwrap();
}

pub(crate) fn write(course: &Course, file: &str, text: &str) {
    let path = course.root().join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

pub(crate) fn challenge(course: &Course, file: &str, text: &str) {
    write(course, &format!("{CHALLENGES}/{file}"), text);
}

pub(crate) fn read(course: &Course, file: impl AsRef<Path>) -> String {
    fs::read_to_string(course.root().join(file)).unwrap()
}
