//! What looks wrong only when a line, or the page, is seen as a whole.

use std::ops::Range;

use memchr::memchr;

use super::Parser;
use crate::{Order, Severity, angle::Doubt, page::What, tag, write};

impl Parser<'_> {
    /// Each control character of a line, where it stands first.
    pub(super) fn check_controls(&mut self, start: usize, end: usize) {
        let mut seen = Vec::new();
        for (at, character) in self.text[start..end].char_indices() {
            if !character.is_control() || character == '\t' || seen.contains(&character) {
                continue;
            }
            seen.push(character);
            let message = format!(
                "the control character U+{:04X} stands in the page",
                u32::from(character)
            );
            let help = match character {
                '\u{1b}' => {
                    "leave it out: escape sequences of the output are not compared".to_owned()
                }
                _ => format!(
                    "write `{}`",
                    write::readable(character.encode_utf8(&mut [0; 4]).as_bytes())
                ),
            };
            let at = start + at;
            self.note(
                Severity::Error,
                at..at + character.len_utf8(),
                Doubt { message, help },
            );
        }
    }

    /// Where speakers have an order of their own, a tag is text and nothing else.
    pub(super) fn check_tag(&mut self, start: usize, end: usize, first_place: usize) {
        let line = &self.text[start..end];
        let Some(inner) = line.strip_prefix('[') else {
            return;
        };
        let mut places = self.page.places[first_place..].iter().peekable();
        let mut found = None;
        let mut at = start + 1;
        for (offset, character) in inner.char_indices() {
            let here = start + 1 + offset;
            if here < at {
                continue;
            }
            if let Some(place) = places.next_if(|place| place.span.start as usize == here) {
                if here == start + 1 && !place.kind.may_begin_a_tag() {
                    return;
                }
                found = found.or(Some(place.span));
                at = place.span.end as usize;
                continue;
            }
            if character == ']' {
                if matches!(self.text[here + 1..end].chars().next(), None | Some(' ')) {
                    break;
                }
                return;
            }
            let fits = if here == start + 1 {
                character.is_alphabetic()
            } else {
                tag::belongs(character)
            };
            if !fits {
                return;
            }
            at = here + 1;
        }
        let Some(span) = found.filter(|_| memchr(b']', inner.as_bytes()).is_some()) else {
            return;
        };
        let message = "a speaker's tag holds a placeholder".to_owned();
        let help = "write the speaker's name as text: `[client 1] …`".to_owned();
        self.note(Severity::Error, span.range(), Doubt { message, help });
    }

    pub(super) fn warn_of_escaped_tag(&mut self, span: Range<usize>, name: &str) {
        if self.page.order == Order::Speakers {
            self.warn(
                span,
                "no line matches this: where `order=speakers`, a line that begins with a tag is always spoken".to_owned(),
                format!("write `[{name}] …` without the backslash"),
            );
        }
    }

    pub(super) fn warn_of_text_in_bytes(&mut self, span: Range<usize>, text: &str) {
        self.warn(
            span,
            format!(
                "no line matches this: `<byte …>` stands for what is no text, and this is {text}"
            ),
            "write it as text; `<byte …>` is for control characters and bytes that are not UTF-8"
                .to_owned(),
        );
    }

    pub(super) fn check_elisions(&mut self) {
        let lines = &self.page.lines;
        let all_elide = lines.iter().all(|line| line.what == What::Elision);
        let some_bare = lines
            .iter()
            .any(|line| line.what == What::Elision && line.speaker.is_none());
        if all_elide && some_bare {
            let message = "the transcript promises nothing: it is elisions alone".to_owned();
            let help = "write at least one line that the program prints".to_owned();
            self.note(Severity::Error, 0..self.text.len(), Doubt { message, help });
        }
    }
}
