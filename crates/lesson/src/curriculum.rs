//! What lessons have to do with each other: unique names, places, and what to
//! take first.
//!
//! Everything here takes time in proportion to the course, a little more where it is sorted.
//! Suggestions do, too: these are made as long as there is budget for them.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::finding::Findings;
use crate::lesson::Lesson;
use crate::names::FolderName;
use crate::suggest;

/// How many names are compared, over the whole course, to suggest one.
const SUGGESTION_BUDGET: usize = 500_000;

/// How many steps are taken, over the whole course, to find a way around a cycle.
const CYCLE_BUDGET: usize = 100_000;

/// The most lessons of a cycle that are named.
const LONGEST_SHOWN_CYCLE: usize = 8;

/// Puts lessons into the course's order: by phase and sequence, as the page
/// says, or the folder where the page does not.
pub(crate) fn sort(lessons: &mut [Lesson]) {
    // Mostly they are in order already.
    lessons.sort_by(|one, other| {
        let places = place_of(one).cmp(&place_of(other));
        places.then_with(|| one.page.cmp(&other.page))
    });
}

/// The numbers of a lesson's phase and of itself.
fn place_of(lesson: &Lesson) -> [Option<u32>; 2] {
    let number = |said: Option<u32>, up: usize| {
        said.or_else(|| FolderName::of(lesson.page.ancestors().nth(up)?).number)
    };
    let (front, places) = (&lesson.front, &lesson.places);
    [
        number(places.phase.as_ref().map(|_| front.phase), 2),
        number(places.sequence.as_ref().map(|_| front.sequence), 1),
    ]
}

/// Tells each lesson what is wrong with it beside the others.
pub(crate) fn check(lessons: &mut [Lesson]) {
    let mut findings: Vec<Findings> = lessons.iter().map(|_| Findings::default()).collect();
    check_ids(lessons, &mut findings);
    check_sequences(lessons, &mut findings);
    check_phase_titles(lessons, &mut findings);
    check_binaries(lessons, &mut findings);
    check_prerequisites(lessons, &mut findings);
    for (lesson, findings) in lessons.iter_mut().zip(findings) {
        lesson.tell(findings);
    }
}

/// Groups of lessons that say the same, of more than one lesson each.
fn shared<'c, K: Ord>(
    lessons: &'c [Lesson],
    key: impl Fn(&'c Lesson) -> Option<K>,
) -> Vec<Vec<usize>> {
    let lessons = lessons.iter().enumerate();
    let mut said: Vec<(K, usize)> = lessons
        .filter_map(|(at, lesson)| Some((key(lesson)?, at)))
        .collect();
    said.sort_unstable();
    let groups = said.chunk_by(|one, other| one.0 == other.0);
    groups
        .filter(|group| group.len() > 1)
        .map(|group| group.iter().map(|(_, at)| *at).collect())
        .collect()
}

/// For each lesson of a group, another one to tell of.
fn pairs(group: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let (first, second) = (group[0], group[1]);
    group
        .iter()
        .map(move |at| (*at, if *at == first { second } else { first }))
}

fn check_ids(lessons: &[Lesson], findings: &mut [Findings]) {
    let groups = shared(lessons, |lesson| {
        let said = lesson.places.id.as_ref();
        said.map(|_| lesson.front.id.as_str())
    });
    for group in groups {
        for (at, other) in pairs(&group) {
            let (lesson, other) = (&lessons[at], &lessons[other]);
            findings[at]
                .error(
                    lesson.places.id.clone().unwrap_or_default(),
                    format!("another lesson has the id `{}`", lesson.id),
                )
                .help(format!(
                    "it is `{}`: give one of the two another id",
                    other.page.display()
                ));
        }
    }
}

fn check_sequences(lessons: &[Lesson], findings: &mut [Findings]) {
    let place = |lesson: &Lesson| {
        let known = lesson.places.phase.is_some() && lesson.places.sequence.is_some();
        known.then_some((lesson.front.phase, lesson.front.sequence))
    };
    for group in shared(lessons, place) {
        for (at, other) in pairs(&group) {
            let (lesson, other) = (&lessons[at], &lessons[other]);
            let (phase, sequence) = (lesson.front.phase, lesson.front.sequence);
            findings[at]
                .error(
                    lesson.places.sequence.clone().unwrap_or_default(),
                    format!("another lesson is {phase}.{sequence} too"),
                )
                .help(format!(
                    "it is `{}`: give one of the two another sequence",
                    other.page.display()
                ));
        }
    }
}

/// A phase has the title that most of its lessons give it.
fn check_phase_titles(lessons: &[Lesson], findings: &mut [Findings]) {
    let phase = |lesson: &Lesson| {
        let known = lesson.places.phase.is_some() && lesson.places.phase_title.is_some();
        known.then_some(lesson.front.phase)
    };
    for group in shared(lessons, phase) {
        let mut votes: HashMap<&str, usize> = HashMap::new();
        for at in &group {
            *votes.entry(&lessons[*at].front.phase_title).or_default() += 1;
        }
        let votes_for = |at: &&usize| votes[lessons[**at].front.phase_title.as_str()];
        // Of several with the most votes, the first in the course.
        let Some(model) = group.iter().rev().max_by_key(votes_for) else {
            continue;
        };
        let model = &lessons[*model];
        for at in group {
            let lesson = &lessons[at];
            if lesson.front.phase_title != model.front.phase_title {
                findings[at]
                    .error(
                        lesson.places.phase_title.clone().unwrap_or_default(),
                        format!(
                            "phase {} is called `{}` elsewhere",
                            lesson.front.phase, model.front.phase_title
                        ),
                    )
                    .help(format!(
                        "see `{}`: write the same title",
                        model.page.display()
                    ));
            }
        }
    }
}

/// Cargo puts the binaries of all lessons into one folder, and only warns where
/// one takes the place of another.
fn check_binaries(lessons: &[Lesson], findings: &mut [Findings]) {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    for (at, lesson) in lessons.iter().enumerate() {
        for binary in &lesson.binaries {
            let owner = *owners.entry(binary).or_insert(at);
            // One id for two lessons is told already.
            if owner == at || lessons[owner].id == lesson.id {
                continue;
            }
            for (at, other) in [(at, owner), (owner, at)] {
                findings[at]
                    .error_of_page(format!("another lesson has a binary `{binary}` too"))
                    .help(format!(
                        "it is `{}`: rename one of the two",
                        lessons[other].page.display()
                    ));
            }
        }
    }
}

fn check_prerequisites(lessons: &[Lesson], findings: &mut [Findings]) {
    let by_id: HashMap<&str, usize> = lessons
        .iter()
        .enumerate()
        .rev()
        .map(|(at, lesson)| (lesson.id.as_str(), at))
        .collect();
    let mut suggestions = SUGGESTION_BUDGET;
    let mut steps = CYCLE_BUDGET;
    for (at, lesson) in lessons.iter().enumerate() {
        for (id, span) in lesson
            .front
            .prerequisites
            .iter()
            .zip(&lesson.places.prerequisites)
        {
            let Some(needed) = by_id.get(id.as_str()) else {
                let help = instead_of(id, lessons, &mut suggestions);
                findings[at]
                    .error(span.clone(), format!("there is no lesson `{id}`"))
                    .help(help);
                continue;
            };
            if *needed < at {
                continue;
            }
            let (message, help) = if *needed == at {
                (
                    "a lesson cannot come before itself".to_owned(),
                    "take it away".to_owned(),
                )
            } else {
                let other = &lessons[*needed];
                let (phase, sequence) = (other.front.phase, other.front.sequence);
                let help = match cycle(at, *needed, lessons, &by_id, &mut steps) {
                    Some(cycle) => format!("they need each other: {cycle}"),
                    None => "name lessons that come before this one".to_owned(),
                };
                (
                    format!("the lesson `{id}` comes later: it is {phase}.{sequence}"),
                    help,
                )
            };
            findings[at].error(span.clone(), message).help(help);
        }
    }
}

fn instead_of(id: &str, lessons: &[Lesson], budget: &mut usize) -> String {
    if *budget >= lessons.len() {
        *budget -= lessons.len();
        let ids = lessons.iter().map(|lesson| lesson.id.as_str());
        if let Some(meant) = suggest::nearest(id, ids) {
            return format!("did you mean `{meant}`?");
        }
    }
    "`cargo xtask list` names all lessons".to_owned()
}

/// The way from a lesson over one that it needs back to itself, if there is one.
fn cycle(
    lesson: usize,
    needed: usize,
    lessons: &[Lesson],
    by_id: &HashMap<&str, usize>,
    budget: &mut usize,
) -> Option<String> {
    let mut came_from: HashMap<usize, usize> = HashMap::from([(needed, lesson)]);
    let mut next = VecDeque::from([needed]);
    while let Some(at) = next.pop_front() {
        for id in &lessons[at].front.prerequisites {
            *budget = budget.checked_sub(1)?;
            let Some(step) = by_id.get(id.as_str()).copied() else {
                continue;
            };
            if step == lesson {
                return Some(told_cycle(lesson, at, &came_from, lessons));
            }
            came_from.entry(step).or_insert_with(|| {
                next.push_back(step);
                at
            });
        }
    }
    None
}

fn told_cycle(
    lesson: usize,
    last: usize,
    came_from: &HashMap<usize, usize>,
    lessons: &[Lesson],
) -> String {
    let mut way = vec![lesson, last];
    let mut seen = HashSet::from([last]);
    let mut at = last;
    while let Some(before) = came_from.get(&at) {
        way.push(*before);
        if *before == lesson || !seen.insert(*before) {
            break;
        }
        at = *before;
    }
    way.reverse();
    let mut names: Vec<&str> = way.iter().map(|at| lessons[*at].id.as_str()).collect();
    if names.len() > LONGEST_SHOWN_CYCLE {
        let end = names.len() - 1;
        names.splice(LONGEST_SHOWN_CYCLE - 2..end, ["…"]);
    }
    names.join(" → ")
}
