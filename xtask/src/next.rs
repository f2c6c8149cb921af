//! `cargo xtask` alone: where a learner is, and what is next.
//!
//! It follows from the course, from `practice/`, and from what `verify` has noted there.
//! Nothing is built and nothing is run, so it answers at once.

use std::{io::Write, path::Path, time::SystemTime};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use lesson::{ChallengeItem, Course, Lesson};

use crate::{
    course,
    practice::{Practice, Progress},
    verdict::{Outcome, counted, slashes},
};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Says where the learner is, and what to type next.
///
/// # Errors
///
/// When the course cannot be read, or standard output not be written.
pub fn next(root: &Path) -> Result<Outcome> {
    let course = course::open(root)?;
    let progress = Progress::read_or_none(root);
    let learner = Learner {
        root,
        course: &course,
        progress: &progress,
    };
    let mut out = anstream::stdout().lock();
    learner.tell_what_is_met(&mut out)?;
    match learner.next() {
        Next::Begin(lesson) => tell_to_begin(&mut out, &course, lesson)?,
        Next::GoOn(lesson, challenge) => learner.tell_to_go_on(&mut out, lesson, challenge)?,
        Next::Read => tell_to_read(&mut out, &course)?,
        Next::Nothing(last) => tell_all_is_met(&mut out, last)?,
    }
    writeln!(
        out,
        "\n{FAINT}`cargo xtask list` shows the whole course, `book --open` a web site of it, `help` all commands.{FAINT:#}"
    )?;
    out.flush()?;
    Ok(Outcome::Holds)
}

/// The challenge that the learner works on, of one lesson or of the whole course. There is
/// none where nothing is made of a starter that is not met.
pub(crate) fn worked_on<'a>(
    root: &'a Path,
    course: &'a Course,
    only: Option<&Lesson>,
    progress: &'a Progress,
) -> Option<(&'a Lesson, &'a ChallengeItem)> {
    let learner = Learner {
        root,
        course,
        progress,
    };
    let is_asked = |lesson: &&Lesson| only.is_none_or(|only| only.folder == lesson.folder);
    let lessons = course.lessons.iter().filter(is_asked);
    let last = lessons.filter_map(|lesson| {
        let unmet = learner.unmet(lesson);
        let worked_on = unmet.filter_map(|one| Some((learner.last_work_on(lesson, one)?, one)));
        let last = worked_on.max_by_key(|(saved, _)| *saved);
        last.map(|(saved, one)| (saved, lesson, one))
    });
    let (_, lesson, challenge) = last.max_by_key(|(saved, ..)| *saved)?;
    Some((lesson, challenge))
}

/// Somebody on their way through a course.
struct Learner<'a> {
    root: &'a Path,
    course: &'a Course,
    progress: &'a Progress,
}

/// What a learner does next.
enum Next<'a> {
    /// Takes up a lesson.
    Begin(&'a Lesson),
    /// Works on a challenge of a lesson that is begun.
    GoOn(&'a Lesson, &'a ChallengeItem),
    /// Reads: nothing in this course is judged.
    Read,
    /// Nothing that they have to: all is met, this challenge last.
    Nothing((&'a Lesson, &'a ChallengeItem)),
}

impl<'a> Learner<'a> {
    /// What is under way comes first, the last that was worked on before all else. Then
    /// the first lesson of the course that builds on nothing that is still to be met.
    fn next(&self) -> Next<'a> {
        let unmet = || self.judged().filter(|lesson| !self.has_met(lesson));
        let under_way = unmet()
            .filter(|lesson| self.has_begun(lesson))
            .filter_map(|lesson| Some((self.challenge(lesson)?, lesson)))
            .min_by_key(|(_, lesson)| std::cmp::Reverse(self.last_work(lesson)));
        if let Some((challenge, lesson)) = under_way {
            return Next::GoOn(lesson, challenge);
        }
        let is_ready = |lesson: &&Lesson| self.still_to_be_met(lesson).next().is_none();
        // In a course that is wrong, lessons may wait for each other.
        if let Some(lesson) = unmet().find(is_ready).or_else(|| unmet().next()) {
            return Next::Begin(lesson);
        }
        let last = self
            .judged()
            .filter_map(|lesson| Some((lesson, lesson.challenges.last()?)))
            .last();
        last.map_or(Next::Read, Next::Nothing)
    }

    /// The lessons that have something to be met.
    fn judged(&self) -> impl Iterator<Item = &'a Lesson> {
        self.course
            .lessons
            .iter()
            .filter(|lesson| lesson.has_challenges && !lesson.challenges.is_empty())
    }

    fn has_met(&self, lesson: &Lesson) -> bool {
        self.unmet(lesson).next().is_none()
    }

    /// The lesson's challenges that are not met yet.
    fn unmet(&self, lesson: &'a Lesson) -> impl Iterator<Item = &'a ChallengeItem> {
        lesson
            .challenges
            .iter()
            .filter(|challenge| !self.progress.of(&lesson.id, &challenge.name).is_done())
    }

    /// Has anything of it been laid out or judged?
    fn has_begun(&self, lesson: &Lesson) -> bool {
        let was_judged =
            |challenge: &ChallengeItem| self.progress.of(&lesson.id, &challenge.name).of > 0;
        Practice::of(self.root, lesson).is_begun() || lesson.challenges.iter().any(was_judged)
    }

    /// The lessons that this one builds on, and that have something left to be met.
    fn still_to_be_met(&self, lesson: &'a Lesson) -> impl Iterator<Item = &'a Lesson> {
        let needs = |one: &&Lesson| lesson.front.prerequisites.contains(&one.id);
        self.judged()
            .filter(needs)
            .filter(|lesson| !self.has_met(lesson))
    }

    /// When the learner last saved something of their work on this lesson.
    fn last_work(&self, lesson: &Lesson) -> Option<SystemTime> {
        let challenges = lesson.challenges.iter();
        let works = challenges.flat_map(|one| {
            let laid_out = Practice::of(self.root, lesson).file(&one.name);
            [saved(&laid_out), self.last_work_on(lesson, one)]
        });
        works.flatten().max()
    }

    /// When they last saved something of their work on this challenge, apart from its
    /// starter.
    fn last_work_on(&self, lesson: &Lesson, challenge: &ChallengeItem) -> Option<SystemTime> {
        let practice = Practice::of(self.root, lesson);
        let name = &challenge.name;
        if let Some(program) = practice.elsewhere(lesson, name, self.progress) {
            return program
                .files(self.root)
                .iter()
                .filter_map(|file| saved(file))
                .max();
        }
        let is_theirs = !practice.is_starter(lesson, name, self.progress);
        saved(&practice.file(name)).filter(|_| is_theirs)
    }

    /// The challenge under way: the one that was worked on last, or else the first.
    fn challenge(&self, lesson: &'a Lesson) -> Option<&'a ChallengeItem> {
        let worked_on = self
            .unmet(lesson)
            .filter_map(|challenge| Some((self.last_work_on(lesson, challenge)?, challenge)))
            .max_by_key(|(saved, _)| *saved);
        match worked_on {
            Some((_, challenge)) => Some(challenge),
            None => self.unmet(lesson).next(),
        }
    }

    /// `2 of 5 challenges met`
    fn tell_what_is_met(&self, out: &mut impl Write) -> Result<()> {
        let all: usize = self.judged().map(|lesson| lesson.challenges.len()).sum();
        if all == 0 {
            return Ok(());
        }
        let unmet: usize = self.judged().map(|lesson| self.unmet(lesson).count()).sum();
        let style = if unmet == 0 { GOOD } else { STRONG };
        writeln!(
            out,
            "{style}{} of {} met{style:#}\n",
            all - unmet,
            counted(all, "challenge")
        )?;
        Ok(())
    }

    fn tell_to_go_on(
        &self,
        out: &mut impl Write,
        lesson: &'a Lesson,
        challenge: &ChallengeItem,
    ) -> Result<()> {
        heading(out, "Under way", lesson)?;
        writeln!(out)?;
        for one in &lesson.challenges {
            let standing = self.progress.of(&lesson.id, &one.name);
            let (mark, style) = if one.name == challenge.name {
                (">", STRONG)
            } else if standing.is_done() {
                (" ", GOOD)
            } else {
                (" ", Style::new())
            };
            writeln!(out, "  {mark} {style}{}{style:#}{standing}", one.name)?;
        }
        writeln!(out)?;
        let mut steps = vec![("The page", page(lesson, challenge))];
        steps.extend(to_go_on(self.root, lesson, &challenge.name, self.progress));
        tell_steps(out, &steps)?;
        for before in self.still_to_be_met(lesson) {
            writeln!(
                out,
                "\nIt builds on {}, which is not met yet: {}",
                before.id,
                slashes(&before.page)
            )?;
        }
        Ok(())
    }
}

fn tell_to_begin(out: &mut impl Write, course: &Course, lesson: &Lesson) -> Result<()> {
    let front = &lesson.front;
    heading(out, "Next", lesson)?;
    writeln!(
        out,
        "{FAINT}{}, {}, {}{FAINT:#}\n",
        counted(front.estimated_minutes as usize, "minute"),
        front.difficulty,
        counted(lesson.challenges.len(), "challenge")
    )?;
    // Of those that are judged, all is met by now; the others can only be read.
    let only_read = |one: &&Lesson| !one.has_challenges && front.prerequisites.contains(&one.id);
    let mut steps: Vec<(&str, String)> = course
        .lessons
        .iter()
        .filter(only_read)
        .map(|before| ("Read before", slashes(&before.page)))
        .collect();
    steps.push(("Read it", slashes(&lesson.page)));
    if lesson.has_experiment {
        let folder = lesson.page.parent().unwrap_or(&lesson.page);
        let sources = slashes(&folder.join("experiment/src"));
        steps.push(("Run it", format!("cargo xtask run {}", lesson.id)));
        steps.push(("Change it", format!("{sources}, and run it again")));
    }
    steps.push(("Take it on", format!("cargo xtask start {}", lesson.id)));
    tell_steps(out, &steps)
}

fn tell_to_read(out: &mut impl Write, course: &Course) -> Result<()> {
    match course.lessons.first() {
        Some(first) => {
            heading(out, "First", first)?;
            writeln!(
                out,
                "\n  Read it     {STRONG}{}{STRONG:#}",
                slashes(&first.page)
            )?;
            writeln!(
                out,
                "\nNo lesson of this course has a challenge that is judged."
            )?;
        }
        None => writeln!(out, "There is no lesson in this course yet.")?,
    }
    Ok(())
}

fn tell_all_is_met(out: &mut impl Write, last: (&Lesson, &ChallengeItem)) -> Result<()> {
    let (id, name) = (&last.0.id, &last.1.name);
    writeln!(
        out,
        "That is the whole course. Will it work in another language, too?\n  \
         {STRONG}cargo xtask verify {id} {name} --command \"…\"{STRONG:#}"
    )?;
    Ok(())
}

/// How somebody goes on with a challenge: what is edited, and what is typed then.
pub(crate) fn to_go_on(
    root: &Path,
    lesson: &Lesson,
    challenge: &str,
    progress: &Progress,
) -> Vec<(&'static str, String)> {
    let id = &lesson.id;
    let practice = Practice::of(root, lesson);
    let laid_out = practice.file(challenge);
    let elsewhere = practice.elsewhere(lesson, challenge, progress);
    let edited = match &elsewhere {
        Some(program) => program.files(root).pop(),
        None => Some(laid_out).filter(|file| file.exists()),
    };
    let mut steps = Vec::new();
    if let Some(file) = &edited {
        steps.push(("Edit it", slashes(file.strip_prefix(root).unwrap_or(file))));
    }
    if edited.is_some() || elsewhere.is_some() {
        steps.push(("Judge it", format!("cargo xtask verify {id} {challenge}")));
        steps.push(("On each save", format!("cargo xtask watch {id}")));
    } else {
        steps.push(("Lay it out", format!("cargo xtask start {id}")));
    }
    steps.push(("A hint", format!("cargo xtask hint {id} {challenge}")));
    steps
}

/// Steps, one below the other.
pub(crate) fn tell_steps(out: &mut impl Write, steps: &[(&str, String)]) -> Result<()> {
    let width = steps.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    for (what, how) in steps {
        writeln!(out, "  {what:<width$}  {STRONG}{how}{STRONG:#}")?;
    }
    Ok(())
}

/// Where a challenge says what it asks for: `lessons/…/lesson.md:331`
pub(crate) fn page(lesson: &Lesson, challenge: &ChallengeItem) -> String {
    format!("{}:{}", slashes(&lesson.page), challenge.line)
}

/// `Next: 6.1  TCP Basics with tokio`
fn heading(out: &mut impl Write, what: &str, lesson: &Lesson) -> Result<()> {
    let front = &lesson.front;
    writeln!(
        out,
        "{what}: {}.{}  {STRONG}{}{STRONG:#}",
        front.phase, front.sequence, front.title
    )?;
    Ok(())
}

/// When a file was saved; none where there is no such file.
fn saved(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|file| file.modified()).ok()
}
