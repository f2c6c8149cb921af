//! One round: what a save has touched is built, checked and judged.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use lesson::{Course, Lesson};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    told::{Told, still_the_starter, told_of_findings, told_of_verdicts, trouble, unbuilt},
    work::Work,
};
use crate::{
    cargo::{Built, Cargo},
    challenges::{self, Candidate, Challenge, Crate},
    check::{self, Surroundings},
    course,
    practice::{CommandLine, Practice, Progress},
    verdict::Findings,
    verify,
};

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

/// What a round is done with.
pub(super) struct Round<'a> {
    pub(super) root: &'a Path,
    pub(super) cargo: &'a Cargo,
    pub(super) surroundings: Surroundings,
    pub(super) news: UnboundedSender<News>,
}

/// What a lesson's challenges are judged with.
struct Bench<'a> {
    lesson: &'a Lesson,
    judge: &'a Crate,
    challenges: &'a [Challenge],
    /// What cargo said of the build.
    said: &'a str,
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
                self.judge(lesson, &names, &work.saved).await;
            }
        }
        for lesson in &course.lessons {
            let of_lesson = work
                .proofs
                .iter()
                .filter(|(folder, _)| *folder == lesson.folder);
            let names: BTreeSet<String> = of_lesson.map(|(_, name)| name.clone()).collect();
            if !names.is_empty() && lesson.has_challenges && !self.is_stopped() {
                self.prove(lesson, &names).await;
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
        let how = check::How::once(self.surroundings.clone());
        let told = match check::lessons(self.root, course, &selected, self.cargo, &how).await {
            Ok(findings) => told_of_findings(&findings, &self.cargo.said(), again),
            Err(error) => Ok(self.with_what_cargo_said(trouble(&what, &again, &error))),
        };
        self.tell(told.unwrap_or_else(|error| trouble(&what, "", &error)));
    }

    async fn prove(&self, lesson: &Lesson, names: &BTreeSet<String>) {
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        let what = format!("{} {}", lesson.id, all.join(", "));
        let again = format!("cargo xtask check {} --challenges", lesson.id);
        self.doing(format!("building the judge of {}", lesson.id));
        let began = Instant::now();
        // Where all are asked for, what belongs to none of them counts too.
        let is_part = names.len() < lesson.challenges.len();
        let how = challenges::How {
            only: is_part.then_some(names),
            timeout: None,
            quiet: true,
            tell: &|done, of| self.doing(format!("proving {what}: {done} of {of}")),
        };
        let what = format!("{what} (its judge)");
        let findings = Findings {
            elapsed: began.elapsed(),
            ..challenges::prove(self.root, lesson, self.cargo, how).await
        };
        let told = told_of_findings(&findings, &self.cargo.said(), again);
        let told = told.map(|told| told.about(&what));
        self.tell(told.unwrap_or_else(|error| trouble(&what, "", &error)));
    }

    async fn judge(&self, lesson: &Lesson, names: &[&str], saved: &BTreeSet<PathBuf>) {
        let practice = Practice::of(self.root, lesson);
        // What cannot be read is told of when there is a verdict to note.
        let progress = Progress::read(self.root).unwrap_or_default();
        let (mut to_build, mut elsewhere) = (Vec::new(), Vec::new());
        for name in names {
            if let Some(program) = self.elsewhere(lesson, name, &progress, saved) {
                elsewhere.push((*name, program));
            } else if practice.is_starter(lesson, name, &progress) {
                self.tell(still_the_starter(lesson, name));
            } else {
                to_build.push(*name);
            }
        }
        if to_build.is_empty() && elsewhere.is_empty() {
            return;
        }
        let built = async {
            let programs = if to_build.is_empty() {
                Built::default()
            } else {
                self.doing(format!("building your work on {}", lesson.id));
                practice.build(self.cargo, None).await?
            };
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
        let bench = Bench {
            lesson,
            judge: &judge,
            challenges: &challenges,
            said: &said,
        };
        for name in to_build {
            match practice.executable(&programs, name) {
                Ok(executable) => {
                    self.judge_one(&bench, name, &executable.into(), None).await;
                }
                Err(error) => {
                    let what = format!("{} {name}", lesson.id);
                    let mut told = unbuilt(&what, &format!("cargo xtask verify {what}"), &error);
                    told.put_first(&said);
                    self.tell(told);
                }
            }
        }
        for (name, program) in elsewhere {
            match verify::candidate_of(self.root, &program) {
                Ok(candidate) => {
                    self.judge_one(&bench, name, &candidate, Some(&program))
                        .await;
                }
                Err(error) => {
                    let what = format!("{} {name}", lesson.id);
                    self.tell(trouble(
                        &what,
                        &format!("cargo xtask verify {what}"),
                        &error,
                    ));
                }
            }
        }
    }

    /// What starts the learner's program for a challenge, where it is not the one that
    /// was laid out: what `verify` would judge, or what was just saved.
    fn elsewhere(
        &self,
        lesson: &Lesson,
        name: &str,
        progress: &Progress,
        saved: &BTreeSet<PathBuf>,
    ) -> Option<CommandLine> {
        let is_saved =
            |file: &PathBuf| saved.contains(file.strip_prefix(self.root).unwrap_or(file));
        let practice = Practice::of(self.root, lesson);
        practice.elsewhere(lesson, name, progress).or_else(|| {
            let program = progress.of(&lesson.id, name).program?;
            program
                .files(self.root)
                .iter()
                .any(is_saved)
                .then_some(program)
        })
    }

    async fn judge_one(
        &self,
        bench: &Bench<'_>,
        name: &str,
        candidate: &Candidate,
        program: Option<&CommandLine>,
    ) {
        if self.is_stopped() {
            return;
        }
        let lesson = bench.lesson;
        let what = format!("{} {name}", lesson.id);
        let again = format!("cargo xtask verify {what}");
        let verdicts = async {
            let challenge = verify::select(bench.challenges, Some(name))?;
            let all = challenge[0].requirements.len();
            let mut judged = 0;
            self.doing(format!("judging {what}: {judged} of {all}"));
            verify::judge(bench.judge, challenge[0], candidate, None, |_| {
                judged += 1;
                self.doing(format!("judging {what}: {judged} of {all}"));
            })
            .await
        };
        let told = match verdicts.await {
            Ok(verdicts) => {
                verdicts.note(self.root, lesson, program);
                told_of_verdicts(&verdicts, lesson, bench.said, again)
            }
            Err(error) => Ok(trouble(&what, &again, &error)),
        };
        self.tell(told.unwrap_or_else(|error| trouble(&what, "", &error)));
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
