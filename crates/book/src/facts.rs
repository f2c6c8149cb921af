//! What the pages do not say, and whoever builds the book has found out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is known of the course beyond its pages. As JSON it is what the program `book`
/// reads from its standard input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Whether everything on the pages held when it was last run.
    #[serde(default)]
    pub proved: bool,
    /// The commit that is checked out, if git knows the course.
    #[serde(default)]
    pub commit: Option<Commit>,
    /// By lesson, what its judge says of its challenges.
    #[serde(default)]
    pub challenges: BTreeMap<String, Vec<Challenge>>,
}

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// Its hash, in hexadecimal digits.
    pub hash: String,
    /// Whether files differ from it.
    pub dirty: bool,
}

/// A challenge, as its judge tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Challenge {
    /// Its name.
    #[serde(rename = "challenge")]
    pub name: String,
    /// What a program has to do, in one sentence.
    pub summary: String,
    /// What it is judged by, in the order in which a learner would meet it.
    pub requirements: Vec<Requirement>,
}

/// What a program has to do to meet a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// A sentence in the learner's words.
    pub name: String,
    /// What goes wrong without it.
    pub reason: String,
}
