//! A ladder as SVG. Colours are the page's: `theme/course.css` gives them, for light,
//! dark and paper.

use std::fmt::Write as _;

use lesson::transcript::Part;

use super::{Ladder, Side, Step, What};
use crate::{
    allows,
    html::{bare, escape},
};

/// All lengths are in units of the drawing; on a telephone it is shown somewhat
/// smaller, on a desk somewhat larger.
const WIDTH: u32 = 360;
/// Where the lifelines stand.
const CLIENT: u32 = 44;
const SERVER: u32 = WIDTH - CLIENT;
/// The boxes with the names: width and height.
const BOX: (u32, u32) = (84, 28);
/// Where the first arrow begins.
const TOP: u32 = BOX.1 + 32;
/// From one arrow to the next, and what a second line of words adds.
const STEP: u32 = 42;
const SECOND_LINE: u32 = 18;
/// How far an arrow falls, because packets take time.
const FALL: u32 = 10;
/// How wide a character is of the words on an arrow, and of those below it.
const WIDE: u32 = 9;
const NARROW: u32 = 8;
/// How wide the words may be.
const WORDS: u32 = SERVER - CLIENT - 24;

impl Ladder<'_> {
    /// The drawing, with a text alternative: its title, and each step in words. `id`
    /// is unique in the book; `own` are the lesson's kinds of placeholder.
    pub(crate) fn svg(&self, id: &str, own: &[(String, String)]) -> String {
        let mut arrows = String::new();
        let mut y = TOP;
        for step in &self.steps {
            arrow(&mut arrows, step, y, own);
            y += STEP;
            if !step.detail.is_empty() {
                y += SECOND_LINE;
            }
        }
        let end = y - STEP + FALL + 24;

        let mut svg = format!(
            "<svg class=\"ladder\" role=\"img\" viewBox=\"0 0 {WIDTH} {}\" \
             aria-labelledby=\"{id}:title\" aria-describedby=\"{id}:steps\">\
             <title id=\"{id}:title\">{}</title><desc id=\"{id}:steps\">{}</desc>",
            end + 4,
            escape(&self.title()),
            escape(&self.in_words()),
        );
        for (x, side) in [(CLIENT, Side::Client), (SERVER, Side::Server)] {
            lifeline(&mut svg, x, side, end);
        }
        svg.push_str(&arrows);
        svg.push_str("</svg>");
        svg
    }

    fn title(&self) -> String {
        match self.number {
            None => "Packets between client and server".to_owned(),
            Some(number) => format!("Packets of connection {number}"),
        }
    }

    /// Each step as a sentence.
    fn in_words(&self) -> String {
        let sentences: Vec<String> = self
            .steps
            .iter()
            .map(|step| {
                let (from, to) = (step.from.name(), step.from.other().name());
                let label = plain(&step.label);
                let what = match plain(&step.detail) {
                    detail if detail.is_empty() => label,
                    detail => format!("{label} {detail}"),
                };
                format!("{from} to {to}: {what}.")
            })
            .collect();
        sentences.join(" ")
    }
}

fn lifeline(svg: &mut String, x: u32, side: Side, end: u32) {
    let name = side.name();
    let (width, height) = BOX;
    let left = x - width / 2;
    let _ = write!(
        svg,
        "<g class=\"side {name}\"><line x1=\"{x}\" y1=\"{height}\" x2=\"{x}\" y2=\"{end}\"/>\
         <rect x=\"{left}\" y=\"1\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\
         <text x=\"{x}\" y=\"{}\">{name}</text></g>",
        height / 2 + 6,
    );
}

fn arrow(svg: &mut String, step: &Step<'_>, y: u32, own: &[(String, String)]) {
    let (from, to) = match step.from {
        Side::Client => (CLIENT, SERVER),
        Side::Server => (SERVER, CLIENT),
    };
    let class = match step.what {
        What::Handshake => "handshake",
        What::Data => "data",
        What::Fin => "fin",
        What::Reset => "reset",
        What::Anything => "anything",
    };
    let _ = write!(svg, "<g class=\"step {} {class}\">", step.from.name());
    if step.what != What::Anything {
        shaft(svg, from, to, y);
    }
    words(svg, "label", y - 3, &step.label, WIDE, own);
    words(svg, "detail", y + FALL + 12, &step.detail, NARROW, own);
    svg.push_str("</g>");
}

/// The line, and its head.
fn shaft(svg: &mut String, from: u32, to: u32, y: u32) {
    let end = y + FALL;
    // The head is drawn by hand: a marker would need a name that is unique on the page
    // on which all pages are printed.
    let (back, neck) = if to > from {
        (to - 11, to - 9)
    } else {
        (to + 11, to + 9)
    };
    let _ = write!(
        svg,
        "<line x1=\"{from}\" y1=\"{y}\" x2=\"{neck}\" y2=\"{end}\"/>\
         <path d=\"M{to} {end}L{back} {} {back} {}z\"/>",
        end - 6,
        end + 5,
    );
}

/// Words in the middle between the lifelines.
fn words(
    svg: &mut String,
    class: &str,
    y: u32,
    parts: &[Part<'_>],
    wide: u32,
    own: &[(String, String)],
) {
    if parts.is_empty() {
        return;
    }
    let x = WIDTH / 2;
    let squeezed = if plain(parts).chars().count() > (WORDS / wide) as usize {
        format!(" textLength=\"{WORDS}\" lengthAdjust=\"spacingAndGlyphs\"")
    } else {
        String::new()
    };
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{squeezed}>"
    );
    for part in parts {
        match &part.placeholder {
            None => svg.push_str(&escape(&part.text)),
            Some(place) => {
                let _ = write!(
                    svg,
                    "<tspan class=\"place\">{}<title>{}</title></tspan>",
                    escape(bare(&part.text)),
                    escape(&allows::in_words(place, own)),
                );
            }
        }
    }
    svg.push_str("</text>");
}

fn plain(parts: &[Part<'_>]) -> String {
    let text = |part: &Part<'_>| match part.placeholder {
        None => part.text.clone(),
        Some(_) => bare(&part.text).to_owned(),
    };
    parts.iter().map(text).collect()
}
