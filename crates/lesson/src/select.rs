//! Choosing lessons by the names that people type.

use std::fmt;

use crate::lesson::Lesson;
use crate::suggest;

/// How many names an error suggests.
const MOST_SUGGESTED: usize = 5;

/// Names that choose no lesson, or more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SelectError {
    /// What is wrong with each of them, in the order in which they were given.
    pub problems: Vec<SelectProblem>,
}

/// What is wrong with one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SelectProblem {
    /// It fits no lesson.
    Unknown {
        /// The name.
        name: String,
        /// The ids that are most like it, the best first.
        nearest: Vec<String>,
    },
    /// It fits several.
    Ambiguous {
        /// The name.
        name: String,
        /// The lessons' ids, in the course's order.
        fits: Vec<String>,
    },
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.problems.iter().enumerate() {
            if nth > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SelectProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { name, nearest } => {
                write!(f, "no lesson is called `{name}`")?;
                match nearest.as_slice() {
                    [] => f.write_str(": `cargo xtask list` names all lessons"),
                    nearest => write!(f, ": did you mean `{}`?", nearest.join("`, or `")),
                }
            }
            Self::Ambiguous { name, fits } => {
                let shown = fits.len().min(MOST_SUGGESTED);
                write!(
                    f,
                    "several lessons begin with `{name}`: `{}`",
                    fits[..shown].join("`, `")
                )?;
                match fits.len() - shown {
                    0 => Ok(()),
                    more => write!(f, ", and {more} more"),
                }
            }
        }
    }
}

/// The lessons of these names, in the course's order.
pub(crate) fn select<'a, S: AsRef<str>>(
    lessons: &'a [Lesson],
    names: &[S],
) -> Result<Vec<&'a Lesson>, SelectError> {
    if names.is_empty() {
        return Ok(lessons.iter().collect());
    }
    let mut chosen = vec![false; lessons.len()];
    let mut problems = Vec::new();
    for name in names {
        let name = name.as_ref();
        let fits = fitting(lessons, name);
        match fits.as_slice() {
            [one] => chosen[*one] = true,
            [] => problems.push(unknown(lessons, name)),
            several => problems.push(SelectProblem::Ambiguous {
                name: name.to_owned(),
                fits: several.iter().map(|at| lessons[*at].id.clone()).collect(),
            }),
        }
    }
    if !problems.is_empty() {
        return Err(SelectError { problems });
    }
    let chosen = lessons.iter().zip(chosen).filter(|(_, chosen)| *chosen);
    Ok(chosen.map(|(lesson, _)| lesson).collect())
}

/// The lessons that a name fits: by id or by place; by its beginning where it
/// is neither.
fn fitting(lessons: &[Lesson], name: &str) -> Vec<usize> {
    let place = place(name);
    let places = |test: &dyn Fn(&Lesson) -> bool| -> Vec<usize> {
        (0..lessons.len())
            .filter(|at| test(&lessons[*at]))
            .collect()
    };
    let exact = places(&|lesson| {
        lesson.id == name || place == Some((lesson.front.phase, lesson.front.sequence))
    });
    if !exact.is_empty() || name.is_empty() {
        return exact;
    }
    places(&|lesson| lesson.id.starts_with(name))
}

/// Phase and sequence: `6.1`.
fn place(name: &str) -> Option<(u32, u32)> {
    let (phase, sequence) = name.split_once('.')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (digits(phase) && digits(sequence)).then_some(())?;
    Some((phase.parse().ok()?, sequence.parse().ok()?))
}

fn unknown(lessons: &[Lesson], name: &str) -> SelectProblem {
    let ids = lessons.iter().map(|lesson| lesson.id.as_str());
    let nearest = suggest::nearest_few(name, ids, MOST_SUGGESTED);
    SelectProblem::Unknown {
        name: name.to_owned(),
        nearest: nearest.into_iter().map(str::to_owned).collect(),
    }
}
