//! One round: what a save has touched is built, checked and judged.

use std::{path::Path, sync::Arc};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use lesson::{Course, Lesson};
use tokio::sync::mpsc::UnboundedSender;

use super::work::Work;
use crate::{
    cargo::Cargo,
    challenges::Crate,
    check::{self, Surroundings},
    course,
    practice::Practice,
    report::human,
    verdict::{Findings, Outcome, Status},
    verify::{self, Reports, Verdicts},
};

const BAD: Style = AnsiColor::Red.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const UNSURE: Style = AnsiColor::Yellow.on_default().bold();

/// What there is to tell during a round.
#[derive(Debug)]
pub(super) enum News {
    /// What is being done.
    Doing(String),
    /// A part of it that has been built.
    Built(String),
    /// What something came to.
    Result(Told),
}

/// What a check or a judgement came to, as it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What was checked, and a line or two about each.
    pub(super) headlines: Vec<(String, String)>,
    /// What does not hold, the most important first.
    pub(super) detail: String,
    /// What is said last.
    pub(super) end: String,
    /// The command that tells the same again, and all of it.
    pub(super) again: String,
}

/// What a round is done with.
pub(super) struct Round<'a> {
    pub(super) root: &'a Path,
    pub(super) cargo: &'a Cargo,
    pub(super) surroundings: Surroundings,
    pub(super) news: UnboundedSender<News>,
}

impl Round<'_> {
    /// Does the work, and tells of it. What cannot be done is told too.
    pub(super) async fn run(&self, work: &Work) {
        let course = match course::open(self.root) {
            Ok(course) => Arc::new(course),
            Err(error) => return self.tell(trouble("the course", "cargo xtask check", &error)),
        };
        if !work.lessons.is_empty() {
            self.check(&course, work).await;
        }
        for lesson in &course.lessons {
            let names: Vec<&str> = work
                .challenges
                .iter()
                .filter(|(folder, _)| *folder == lesson.folder)
                .map(|(_, name)| name.as_str())
                .collect();
            if !names.is_empty() && !self.is_stopped() {
                self.judge(lesson, &names).await;
            }
        }
    }

    /// Nobody waits for the rest any more.
    fn is_stopped(&self) -> bool {
        self.cargo.stop.is_asked()
    }

    async fn check(&self, course: &Arc<Course>, work: &Work) {
        let selected: Vec<usize> = (0..course.lessons.len())
            .filter(|&index| work.lessons.contains(&course.lessons[index].folder))
            .collect();
        let ids: Vec<&str> = selected
            .iter()
            .map(|&index| course.lessons[index].id.as_str())
            .collect();
        let what = ids.join(", ");
        let again = format!("cargo xtask check {}", ids.join(" "));
        self.doing(format!("checking {what}"));
        let how = check::How::once(self.surroundings.clone(), self.cargo.stop.clone());
        let told = match check::lessons(self.root, course, &selected, self.cargo, &how).await {
            Ok(findings) => told_of_findings(&findings, &self.cargo.said(), again),
            Err(error) => Ok(self.with_what_cargo_said(trouble(&what, &again, &error))),
        };
        self.tell(told.unwrap_or_else(|error| trouble(&what, "", &error)));
    }

    async fn judge(&self, lesson: &Lesson, names: &[&str]) {
        let practice = Practice::of(self.root, lesson);
        let (begun, untouched): (Vec<&str>, Vec<&str>) = names
            .iter()
            .partition(|name| !practice.is_starter(lesson, name));
        for name in untouched {
            self.tell(still_the_starter(lesson, name));
        }
        if begun.is_empty() {
            return;
        }
        self.doing(format!("building your work on {}", lesson.id));
        let built = async {
            let programs = practice.build(self.cargo, None).await?;
            self.doing(format!("building the judge of {}", lesson.id));
            let judge = Crate::build(self.cargo, self.root, lesson).await?;
            let challenges = judge.judge.challenges().await?;
            anyhow::Ok((programs, judge, challenges))
        };
        let (programs, judge, challenges) = match built.await {
            Ok(built) => built,
            Err(error) => {
                let again = format!("cargo xtask verify {}", lesson.id);
                return self.tell(self.with_what_cargo_said(trouble(&lesson.id, &again, &error)));
            }
        };
        let said = self.cargo.said();
        for name in begun {
            if self.is_stopped() {
                return;
            }
            let what = format!("{} {name}", lesson.id);
            let again = format!("cargo xtask verify {what}");
            let executable = match practice.executable(&programs, name) {
                Ok(executable) => executable,
                Err(error) => {
                    let mut told = unbuilt(&what, &again, &error);
                    told.put_first(&said);
                    self.tell(told);
                    continue;
                }
            };
            let verdicts = async {
                let challenge = verify::select(&challenges, Some(name))?;
                let command = [executable.into()];
                let all = challenge[0].requirements.len();
                let mut judged = 0;
                self.doing(format!("judging {what}: {judged} of {all}"));
                verify::judge(&judge, challenge[0], &command, None, |_| {
                    judged += 1;
                    self.doing(format!("judging {what}: {judged} of {all}"));
                })
                .await
            };
            let told = match verdicts.await {
                Ok(verdicts) => {
                    verdicts.note(self.root, lesson);
                    told_of_verdicts(&verdicts, lesson, &said, again)
                }
                Err(error) => Ok(trouble(&what, &again, &error)),
            };
            self.tell(told.unwrap_or_else(|error| trouble(&what, "", &error)));
        }
    }

    fn with_what_cargo_said(&self, mut told: Told) -> Told {
        told.put_first(&self.cargo.said());
        told
    }

    fn doing(&self, what: String) {
        self.send(News::Doing(what));
    }

    /// Tells a result; what was stopped has none.
    fn tell(&self, told: Told) {
        if !self.is_stopped() {
            self.send(News::Result(told));
        }
    }

    fn send(&self, news: News) {
        // Whoever hears it waits for the end of this round.
        let _ = self.news.send(news);
    }
}

impl Told {
    /// What cargo said stands before all that follows from it.
    fn put_first(&mut self, said: &str) {
        if !said.is_empty() {
            self.detail = format!("{}\n\n{}", said.trim_end(), self.detail);
        }
    }
}

/// Something that could not be checked or judged.
fn trouble(what: &str, again: &str, error: &anyhow::Error) -> Told {
    not_done("error", what, again, error)
}

/// Something that did not build.
fn unbuilt(what: &str, again: &str, error: &anyhow::Error) -> Told {
    not_done(Status::Unbuilt.word(), what, again, error)
}

fn not_done(word: &str, what: &str, again: &str, error: &anyhow::Error) -> Told {
    Told {
        headlines: vec![(what.to_owned(), format!("{BAD}{word:>9}{BAD:#}  {what}\n"))],
        detail: format!("{error:#}\n"),
        end: String::new(),
        again: again.to_owned(),
    }
}

fn still_the_starter(lesson: &Lesson, name: &str) -> Told {
    let what = format!("{} {name}", lesson.id);
    Told {
        headlines: vec![(
            what.clone(),
            format!(
                "{UNSURE}{:>9}{UNSURE:#}  {what}: it is still as it was laid out\n",
                "starter"
            ),
        )],
        detail: String::new(),
        end: String::new(),
        again: format!("cargo xtask verify {what}"),
    }
}

fn told_of_findings(findings: &Findings, said: &str, again: String) -> Result<Told> {
    let headlines = findings
        .checks
        .chunk_by(|one, next| one.lesson == next.lesson)
        .map(|checks| {
            let lesson = Findings {
                checks: checks.to_vec(),
                ..Findings::default()
            };
            let line = text(|out| human::tell_lessons(out, &lesson, false))?;
            Ok((checks[0].lesson.clone(), line))
        });
    let mut told = Told {
        headlines: headlines.collect::<Result<_>>()?,
        detail: text(|out| human::tell_details(out, findings))?,
        end: text(|out| human::tell_sum(out, findings))?,
        again,
    };
    told.put_first(said);
    Ok(told)
}

fn told_of_verdicts(
    verdicts: &Verdicts,
    lesson: &Lesson,
    said: &str,
    again: String,
) -> Result<Told> {
    let what = format!("{} {}", lesson.id, verdicts.challenge.name);
    let (style, word) = match verdicts.outcome() {
        Outcome::Holds => (GOOD, "met"),
        Outcome::Fails => (BAD, "not met"),
        Outcome::Unchecked => (UNSURE, "unclear"),
    };
    let sum = text(|out| verdicts.tell_sum(out))?;
    let mut told = Told {
        headlines: vec![(
            what,
            format!("{style}{word:>9}{style:#}  {} {sum}", lesson.id),
        )],
        detail: text(|out| {
            verdicts.tell_what_is_not_met(out, Reports::of_one_among(1))?;
            verdicts.tell_each(out)
        })?,
        end: text(|out| verdicts.tell_what_is_next(out, lesson))?,
        again,
    };
    told.put_first(said);
    Ok(told)
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<String> {
    let mut text = Vec::new();
    write(&mut text)?;
    Ok(String::from_utf8(text)?)
}
