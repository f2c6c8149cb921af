//! The first page: how to take the course, and its lessons.

use std::fmt::Write as _;

use lesson::{Course, Lesson};

use crate::{
    facts::Facts,
    html::{count, escape},
    page,
};

/// The page as HTML.
pub(crate) fn page(course: &Course, facts: &Facts, title: &str) -> String {
    let mut html = format!(
        "<h1 id=\"home\"><a class=\"header\" href=\"#home\">{}</a></h1>\
         <p>Lessons about networks, to be read, run and changed. Every line that a page shows, \
         as code, as output or as packets, is held against a real run. A page that is no \
         longer true fails a check.</p>\
         <h2 id=\"how-to-take-it\"><a class=\"header\" href=\"#how-to-take-it\">How to take it</a></h2>\
         <ol class=\"steps\">\
         <li>Read a lesson. Underlined words in an output, such as <var class=\"place\" tabindex=\"0\" role=\"note\" aria-label=\"port\" \
         data-allows=\"any port, from 1 to 65535\" aria-describedby=\"allows:home\">port</var>\
         <span hidden id=\"allows:home\">any port, from 1 to 65535</span>, \
         stand for what varies from run to run. Point at one, or go to it with the Tab key, and \
         it says what it allows.</li>\
         <li>Run its program, in a checkout of the course. Each output says with which command.</li>\
         <li>Take on its challenges, in any language. A judge looks at your program from \
         outside, and says what it saw.</li>\
         </ol>",
        escape(title),
    );
    for phase in course
        .lessons
        .chunk_by(|one, next| one.front.phase == next.front.phase)
    {
        phase_of(&mut html, course, phase);
    }
    let proof = page::proof(facts);
    if !proof.is_empty() {
        let _ = write!(
            html,
            "<footer class=\"proof\"><p>{}</p></footer>",
            proof.trim()
        );
    }
    html
}

fn phase_of(html: &mut String, course: &Course, lessons: &[Lesson]) {
    let Some(first) = lessons.first() else { return };
    let number = first.front.phase;
    let _ = write!(
        html,
        "<h2 id=\"phase-{number}\"><a class=\"header\" href=\"#phase-{number}\">Phase {number}: {}</a></h2>\
         <ul class=\"lessons\">",
        escape(&first.front.phase_title),
    );
    for lesson in lessons {
        let mut notes = vec![page::time(lesson), lesson.front.difficulty.to_string()];
        if !lesson.challenges.is_empty() {
            notes.push(count(lesson.challenges.len(), "challenge"));
        }
        let mut about = escape(&notes.join(", "));
        if !lesson.front.prerequisites.is_empty() {
            let _ = write!(
                about,
                "; after {}",
                page::prerequisites(course, lesson, "lessons/")
            );
        }
        let _ = write!(
            html,
            "<li><a class=\"lesson\" href=\"lessons/{}.html\">{}</a><span class=\"about\">{about}</span></li>",
            escape(&lesson.id),
            escape(&lesson.front.title),
        );
    }
    html.push_str("</ul>");
}
