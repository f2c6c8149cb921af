//! Markdown as HTML in which nothing of the page's own is run.

use std::{collections::HashSet, iter, ops::Range};

use lesson::{Heading, MARKDOWN};
use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd, html};

use crate::{
    html::escape,
    links::{Links, Origin},
};

/// A Markdown file, read: all of it, since what any part of it says may lie in a definition
/// that stands anywhere.
pub(crate) struct Markdown<'a> {
    events: Vec<(Event<'a>, Range<usize>)>,
    /// Where in `events` each block at the outermost level begins.
    blocks: Vec<usize>,
}

/// The byte with which each line of a file begins.
pub(crate) fn line_starts(file: &str) -> Vec<usize> {
    let ends = file.match_indices('\n').map(|(at, end)| at + end.len());
    iter::once(0).chain(ends).collect()
}

/// What a page does with parts of its Markdown.
pub(crate) trait Dress {
    /// The HTML of a block of code whose first byte stands here.
    fn code(&mut self, language: &str, content: &str, at: usize) -> String;

    /// What stands instead of the tag that opens this, if something does.
    fn open(&mut self, tag: &Tag<'_>, at: usize) -> Option<String> {
        let _ = (tag, at);
        None
    }

    /// What stands instead of the tag that closes it.
    fn close(&mut self, tag: TagEnd) -> Option<String> {
        let _ = tag;
        None
    }
}

impl<'a> Markdown<'a> {
    /// Reads a file from the byte `from` on. Places are bytes of the file.
    pub(crate) fn read(file: &'a str, from: usize) -> Self {
        let events: Vec<_> = Parser::new_ext(&file[from..], MARKDOWN)
            .into_offset_iter()
            .map(|(event, span)| (event, span.start + from..span.end + from))
            .collect();
        let mut blocks = Vec::new();
        let mut depth = 0_usize;
        for (at, (event, _)) in events.iter().enumerate() {
            if depth == 0 {
                blocks.push(at);
            }
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        Self { events, blocks }
    }

    /// The events of the blocks that begin in a part of the file.
    fn events_of(&self, part: &Range<usize>) -> Range<usize> {
        let first_from = |byte: usize| {
            let before = |at: &usize| self.events[*at].1.start < byte;
            let block = self.blocks.partition_point(before);
            self.blocks.get(block).copied().unwrap_or(self.events.len())
        };
        first_from(part.start)..first_from(part.end)
    }

    /// The text of the element that begins at this event.
    fn text_from(&self, at: usize) -> String {
        let mut text = String::new();
        let mut depth = 0_usize;
        for (event, _) in &self.events[at..] {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Text(piece) | Event::Code(piece) => text.push_str(piece),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        text
    }

    /// The HTML of a part of the file. `headings` are those of the file; a heading that is
    /// not among them is no place to go to.
    pub(crate) fn html(
        &self,
        part: &Range<usize>,
        origin: Origin<'_>,
        links: &Links<'_>,
        headings: &[Heading],
        dress: &mut impl Dress,
    ) -> String {
        let events = self.events_of(part);
        let mut writer = Writer {
            markdown: self,
            origin,
            links,
            headings,
            out: Vec::with_capacity(events.len()),
            anchor: None,
            open_links: Vec::new(),
            inline_html: HashSet::new(),
        };
        let mut at = events.start;
        while at < events.end {
            at = writer.event(at, dress);
        }
        let mut html = String::new();
        html::push_html(&mut html, writer.out.into_iter());
        html
    }
}

struct Writer<'m, 'a> {
    markdown: &'m Markdown<'a>,
    origin: Origin<'m>,
    links: &'m Links<'m>,
    headings: &'m [Heading],
    out: Vec<Event<'m>>,
    /// The name of the heading that is open.
    anchor: Option<String>,
    /// For each link and image that is open, whether it leads anywhere.
    open_links: Vec<bool>,
    /// Tags of raw HTML, by their place, that are harmless and closed.
    inline_html: HashSet<usize>,
}

impl<'m> Writer<'m, '_> {
    /// Takes one event, and those that belong to it; gives the next one's place.
    fn event(&mut self, at: usize, dress: &mut impl Dress) -> usize {
        let (event, span) = &self.markdown.events[at];
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let content = self.markdown.text_from(at);
                let language = match kind {
                    pulldown_cmark::CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',']).next().unwrap_or_default()
                    }
                    pulldown_cmark::CodeBlockKind::Indented => "",
                };
                self.raw(dress.code(language, &content, span.start));
                return self.end_of(at) + 1;
            }
            Event::Start(Tag::HtmlBlock) => {
                let end = self.end_of(at);
                self.html_block(at + 1..end);
                return end + 1;
            }
            Event::Start(tag) => self.start(tag, span.clone(), dress),
            Event::End(tag) => self.end(*tag, dress),
            Event::InlineHtml(html) => self.inline_html(at, html),
            Event::FootnoteReference(name) => {
                self.out.push(Event::FootnoteReference(self.footnote(name)));
            }
            other => self.out.push(other.clone()),
        }
        at + 1
    }

    fn start(&mut self, tag: &'m Tag<'_>, span: Range<usize>, dress: &mut impl Dress) {
        if let Some(html) = dress.open(tag, span.start) {
            return self.raw(html);
        }
        match tag {
            Tag::Heading { level, .. } => {
                self.anchor = self.anchor_at(span.start);
                let start = match &self.anchor {
                    Some(id) => {
                        format!("<{level} id=\"{id}\"><a class=\"header\" href=\"#{id}\">")
                    }
                    None => format!("<{level}>"),
                };
                self.raw(start);
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => {
                let email = *link_type == LinkType::Email;
                let address = if email {
                    Some(dest_url.to_string())
                } else {
                    self.links.follow(dest_url, self.origin)
                };
                // A heading that is a place to go to is a link already.
                let address = address.filter(|_| self.anchor.is_none());
                self.open_links.push(address.is_some());
                if let Some(address) = address {
                    self.out.push(Event::Start(Tag::Link {
                        link_type: *link_type,
                        dest_url: address.into(),
                        title: title.clone(),
                        id: id.clone(),
                    }));
                }
            }
            Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            } => {
                let address = self.links.image(dest_url, self.origin);
                self.open_links.push(address.is_some());
                if let Some(address) = address {
                    self.out.push(Event::Start(Tag::Image {
                        link_type: *link_type,
                        dest_url: address.into(),
                        title: title.clone(),
                        id: id.clone(),
                    }));
                }
            }
            Tag::Table(_) => {
                self.raw("<div class=\"table-wrapper\">".to_owned());
                self.out.push(Event::Start(tag.clone()));
            }
            Tag::FootnoteDefinition(name) => {
                let name = self.footnote(name);
                self.out.push(Event::Start(Tag::FootnoteDefinition(name)));
            }
            tag => self.out.push(Event::Start(tag.clone())),
        }
    }

    fn end(&mut self, tag: TagEnd, dress: &mut impl Dress) {
        if let Some(html) = dress.close(tag) {
            return self.raw(html);
        }
        match tag {
            TagEnd::Heading(level) => {
                let end = match self.anchor.take() {
                    Some(_) => format!("</a></{level}>"),
                    None => format!("</{level}>"),
                };
                self.raw(end);
            }
            TagEnd::Link | TagEnd::Image => {
                if self.open_links.pop().unwrap_or_default() {
                    self.out.push(Event::End(tag));
                }
            }
            TagEnd::Table => {
                self.out.push(Event::End(tag));
                self.raw("</div>".to_owned());
            }
            tag => self.out.push(Event::End(tag)),
        }
    }

    /// The name of the heading whose first byte stands here, as an attribute has it.
    fn anchor_at(&self, place: usize) -> Option<String> {
        let headings = self.headings;
        let at = headings.binary_search_by_key(&place, |heading| heading.span.start);
        at.ok().map(|at| escape(&headings[at].anchor))
    }

    fn raw(&mut self, html: String) {
        self.out.push(Event::Html(html.into()));
    }

    /// The place of the event that ends what begins here.
    fn end_of(&self, at: usize) -> usize {
        let mut depth = 0_usize;
        for (place, (event, _)) in self.markdown.events.iter().enumerate().skip(at) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return place;
            }
        }
        self.markdown.events.len()
    }

    /// A comment is left out; anything else is shown as it was written.
    fn html_block(&mut self, events: Range<usize>) {
        let text: String = self.markdown.events[events]
            .iter()
            .filter_map(|(event, _)| match event {
                Event::Html(text) | Event::Text(text) => Some(text.as_ref()),
                _ => None,
            })
            .collect();
        if !is_comment(&text) {
            self.raw(format!("<p class=\"raw\">{}</p>", escape(text.trim())));
        }
    }

    fn inline_html(&mut self, at: usize, tag: &str) {
        if let Some(end) = self.closes(at, tag) {
            self.inline_html.extend([at, end]);
        }
        if self.inline_html.contains(&at) {
            self.raw(tag.to_owned());
        } else if !is_comment(tag) {
            self.out.push(Event::Text(tag.to_owned().into()));
        }
    }

    /// Where a harmless tag is closed, within the same element.
    fn closes(&self, at: usize, tag: &str) -> Option<usize> {
        let close = match tag {
            "<sup>" => "</sup>",
            "<sub>" => "</sub>",
            "<kbd>" => "</kbd>",
            _ => return None,
        };
        let mut depth = 0_usize;
        for (place, (event, _)) in self.markdown.events.iter().enumerate().skip(at + 1) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.checked_sub(1)?,
                Event::InlineHtml(other) if depth == 0 && other.as_ref() == close => {
                    return Some(place);
                }
                // Another one inside is not worth its trouble.
                Event::InlineHtml(other) if depth == 0 && !is_comment(other) => return None,
                _ => {}
            }
        }
        None
    }

    /// Unlike the name of any heading, and of any other page on paper.
    fn footnote(&self, name: &str) -> CowStr<'m> {
        format!("footnote:{}:{name}", self.origin.lesson.id).into()
    }
}

fn is_comment(html: &str) -> bool {
    let html = html.trim();
    html.len() >= "<!---->".len()
        && html.starts_with("<!--")
        && html.find("-->") == Some(html.len() - "-->".len())
}
