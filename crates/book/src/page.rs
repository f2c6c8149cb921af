//! A lesson's page.

use std::{fmt::Write as _, ops::Range};

use lesson::{Course, Lesson, SectionKind};
use pulldown_cmark::{Tag, TagEnd};

use crate::{
    block,
    challenge::{self, Hints},
    facts::{Challenge, Facts},
    html::{count, escape},
    links::{Links, Origin},
    markdown::{Dress, Markdown, line_starts},
};

/// What follows the front matter, which is between two lines `---`: the sections, and what
/// may stand before them, such as where a link leads.
fn body(lesson: &Lesson) -> Range<usize> {
    let page = &lesson.source;
    let mut start = 0;
    for (at, line) in page.split_inclusive('\n').enumerate() {
        start += line.len();
        if at > 0 && line.trim_end() == "---" {
            break;
        }
    }
    start..page.len()
}

/// No heading has it: theirs are without colons.
fn title_anchor(lesson: &Lesson) -> String {
    format!("lesson:{}", lesson.id)
}

/// The page as HTML.
pub(crate) fn page(
    course: &Course,
    lesson: &Lesson,
    facts: &Facts,
    hints: Hints,
    links: &Links<'_>,
) -> String {
    let body = body(lesson);
    let markdown = Markdown::read(&lesson.source, body.start);
    let origin = Origin {
        lesson,
        file: "lesson.md",
    };
    let mut dress = LessonDress {
        lesson,
        line_starts: line_starts(&lesson.source),
        challenges: facts.challenges.get(&lesson.id).map_or(&[], Vec::as_slice),
        hints,
        links,
        lists: Vec::new(),
        items: Vec::new(),
    };
    let text = markdown.html(&body, origin, links, &lesson.headings, &mut dress);
    format!(
        "{}{text}{}{}",
        header(course, lesson),
        next(course, lesson),
        footer(lesson, facts),
    )
}

/// The title, and what the front matter says of the lesson.
fn header(course: &Course, lesson: &Lesson) -> String {
    let front = &lesson.front;
    let id = escape(&title_anchor(lesson));
    let mut html = format!(
        "<p class=\"crumbs\">Phase {}: {}</p>\
         <h1 id=\"{id}\"><a class=\"header\" href=\"#{id}\">{}</a></h1>\
         <dl class=\"about\">\
         <div><dt>Time</dt><dd>{}</dd></div>\
         <div><dt>Level</dt><dd>{}</dd></div>",
        front.phase,
        escape(&front.phase_title),
        escape(&front.title),
        time(lesson),
        front.difficulty,
    );
    let _ = write!(
        html,
        "<div><dt>Before this</dt><dd>{}</dd></div>",
        prerequisites(course, lesson, "")
    );
    html.push_str("<div class=\"tags\"><dt>About</dt><dd><ul>");
    for tag in &front.tags {
        let _ = write!(html, "<li>{}</li>", escape(tag));
    }
    html.push_str("</ul></dd></div></dl>");
    html
}

/// How long the lesson takes, in hours and minutes.
pub(crate) fn time(lesson: &Lesson) -> String {
    let minutes = lesson.front.estimated_minutes as usize;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, rest) => count(rest, "minute"),
        (hours, 0) => count(hours, "hour"),
        (hours, rest) => format!("{} {}", count(hours, "hour"), count(rest, "minute")),
    }
}

/// Links to the lessons to take first; the lessons' pages are in `folder`.
pub(crate) fn prerequisites(course: &Course, lesson: &Lesson, folder: &str) -> String {
    let links: Vec<String> = lesson
        .front
        .prerequisites
        .iter()
        .map(|id| {
            let other = course.lessons.iter().find(|other| other.id == *id);
            let title = other.map_or(id.as_str(), |other| &other.front.title);
            format!(
                "<a href=\"{folder}{}.html\">{}</a>",
                escape(id),
                escape(title)
            )
        })
        .collect();
    if links.is_empty() {
        "nothing".to_owned()
    } else {
        links.join(", ")
    }
}

/// The lesson that follows, unless this is the last one.
fn next(course: &Course, lesson: &Lesson) -> String {
    let lessons = course.lessons.iter();
    let Some(next) = lessons.skip_while(|one| one.id != lesson.id).nth(1) else {
        return String::new();
    };
    format!(
        "<p class=\"following\">The next lesson: <a href=\"{}.html\">{}</a>, {}.</p>",
        escape(&next.id),
        escape(&next.front.title),
        time(next),
    )
}

/// Where the page comes from, and whether it was proved.
fn footer(lesson: &Lesson, facts: &Facts) -> String {
    let mut html = "<footer class=\"proof\"><p>".to_owned();
    html.push_str(&proof(facts));
    let _ = write!(
        html,
        "<a href=\"{}/sources.html\">The sources</a> of this lesson, whole. In the course it is in \
         <code class=\"nohighlight\">{}</code>.</p></footer>",
        escape(&lesson.id),
        escape(&lesson::folder_of(lesson)),
    );
    html
}

/// One sentence on whether the pages were proved, and at which commit.
pub(crate) fn proof(facts: &Facts) -> String {
    if !facts.proved {
        return "<strong>A draft: nothing on this page has been proved.</strong> ".to_owned();
    }
    let Some(commit) = &facts.commit else {
        return String::new();
    };
    let short = commit.hash.get(..12).unwrap_or(&commit.hash);
    format!(
        "Proved at commit <code class=\"nohighlight\" title=\"{}\">{}</code>{}. ",
        escape(&commit.hash),
        escape(short),
        if commit.dirty {
            " and uncommitted changes"
        } else {
            ""
        },
    )
}

/// What a lesson's page does with its Markdown.
struct LessonDress<'a> {
    lesson: &'a Lesson,
    line_starts: Vec<usize>,
    challenges: &'a [Challenge],
    hints: Hints,
    links: &'a Links<'a>,
    /// For each list that is open, whether it is the one of the challenges.
    lists: Vec<bool>,
    /// For each item that is open, the challenge that it sets.
    items: Vec<Option<&'a str>>,
}

impl<'a> LessonDress<'a> {
    fn section(&self, at: usize) -> Option<SectionKind> {
        let mut sections = self.lesson.sections.iter();
        let section = sections.find(|section| section.span.contains(&at))?;
        Some(section.kind)
    }

    /// The challenge whose item begins here.
    fn challenge(&self, at: usize) -> Option<&'a str> {
        let line = self.line_starts.partition_point(|start| *start <= at);
        let challenges = &self.lesson.challenges;
        let item = challenges.binary_search_by_key(&line, |item| item.line);
        Some(&challenges[item.ok()?].name)
    }
}

impl Dress for LessonDress<'_> {
    fn code(&mut self, language: &str, content: &str, at: usize) -> String {
        let blocks = &self.lesson.blocks;
        match blocks.binary_search_by_key(&at, |block| block.span.start) {
            Ok(number) => block::figure(self.lesson, &blocks[number], number, self.links),
            Err(_) => block::code(language, content),
        }
    }

    fn open(&mut self, tag: &Tag<'_>, at: usize) -> Option<String> {
        match tag {
            Tag::BlockQuote(_) if self.section(at) == Some(SectionKind::KeyInsight) => {
                Some("<blockquote class=\"insight\">".to_owned())
            }
            Tag::List(first) => {
                let sets = self.lists.is_empty()
                    && first.is_some()
                    && self.section(at) == Some(SectionKind::Challenge);
                self.lists.push(sets);
                sets.then(|| "<ol class=\"challenges\">".to_owned())
            }
            Tag::Item => {
                let sets = self.lists.len() == 1 && self.lists[0];
                let name = self.challenge(at).filter(|_| sets);
                self.items.push(name);
                name.map(|name| format!("<li id=\"challenge:{}:{name}\">", self.lesson.id))
            }
            _ => None,
        }
    }

    fn close(&mut self, tag: TagEnd) -> Option<String> {
        match tag {
            TagEnd::List(_) => {
                let sets = self.lists.pop().unwrap_or_default();
                sets.then(|| "</ol>".to_owned())
            }
            TagEnd::Item => {
                let name = self.items.pop().flatten()?;
                let challenge = self.challenges.iter().find(|one| one.name == name);
                let folded =
                    challenge::folded(self.lesson, name, challenge, self.hints, self.links);
                Some(format!("{folded}</li>"))
            }
            _ => None,
        }
    }
}
