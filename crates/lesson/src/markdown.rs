//! A page's Markdown, reduced to what the lesson format is about: what stands
//! at the outermost level, fenced blocks wherever they are, and lists.
//!
//! `CommonMark` is pulldown-cmark's business; this module keeps places. All
//! places are bytes of the page, front matter included.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use crate::link::Link;

/// What a page consists of.
#[derive(Debug, Default)]
pub(crate) struct Markdown {
    /// What stands at the outermost level, in order.
    pub(crate) elements: Vec<Element>,
    /// Every fenced block, in order.
    pub(crate) fences: Vec<Fence>,
    /// Code that no fence marks: indented, or in HTML. It cannot say what it is tied to.
    pub(crate) unfenced: Vec<Range<usize>>,
    /// Every heading, in order, with its text.
    pub(crate) headings: Vec<(Range<usize>, String)>,
    /// Every link and image, in order.
    pub(crate) links: Vec<Link>,
}

/// Something at the outermost level of a page.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) what: What,
    pub(crate) span: Range<usize>,
}

#[derive(Debug)]
pub(crate) enum What {
    /// A first- or second-level heading, as plain text.
    Heading { first_level: bool, text: String },
    /// A block quote, and whether there is nothing in it.
    Quote { empty: bool },
    /// A numbered list.
    Numbered(Vec<Item>),
    /// Something that a reader sees: a paragraph, a block, a bulleted list.
    Content,
    /// Something that a reader does not see as content: a lower heading, a
    /// comment, a rule.
    Frame,
}

/// One item of a numbered list.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) span: Range<usize>,
    /// The code span with which it begins.
    pub(crate) name: Option<(String, Range<usize>)>,
    /// The rest of its first paragraph, as plain text.
    pub(crate) text: String,
}

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Fence {
    /// From the first fence to the end of the last.
    pub(crate) span: Range<usize>,
    /// What follows the opening fence on its line.
    pub(crate) info: Range<usize>,
    /// The lines between the fences, whole.
    pub(crate) content_span: Range<usize>,
    pub(crate) content: String,
    /// Where the pieces of `content` stand: its byte, and the page's.
    pub(crate) pieces: Vec<(usize, usize)>,
    /// Whether there is a closing fence.
    pub(crate) closed: bool,
}

/// What a page may use beyond `CommonMark`: tables and footnotes. Who renders a page
/// reads it with the same, or what is in a footnote here is indented code there.
pub const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_FOOTNOTES);

/// Reads the page from the byte `from` on.
pub(crate) fn read(page: &str, from: usize) -> Markdown {
    let mut walk = Walk {
        page,
        markdown: Markdown::default(),
        depth: 0,
        heading: None,
        in_heading: false,
        quote: None,
        list: None,
        in_first_paragraph: false,
        code: None,
    };
    for (event, span) in Parser::new_ext(&page[from..], OPTIONS).into_offset_iter() {
        walk.event(&event, span.start + from..span.end + from);
    }
    walk.markdown
}

/// What has been read, and what is being read.
struct Walk<'a> {
    page: &'a str,
    markdown: Markdown,
    /// How many containers are open.
    depth: usize,
    /// The text of the outermost heading that is open.
    heading: Option<String>,
    /// Whether a heading is open, the last one of those that were read.
    in_heading: bool,
    /// Whether the outermost quote that is open has been empty so far.
    quote: Option<bool>,
    /// The outermost numbered list that is open.
    list: Option<Vec<Item>>,
    /// Whether what is read belongs to the beginning of that list's last item.
    in_first_paragraph: bool,
    /// The block of code that is open.
    code: Option<Code>,
}

struct Code {
    fence: Option<Fence>,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event, span: Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.start(tag, &span);
                self.depth += 1;
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(*tag, span);
            }
            Event::Text(text) => self.text(text, span),
            Event::Code(code) => self.code_span(code, span),
            Event::SoftBreak | Event::HardBreak => self.say(" "),
            Event::Html(html) | Event::InlineHtml(html) => self.html(html, span),
            Event::Rule => self.outermost(What::Frame, span),
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn outermost(&mut self, what: What, span: Range<usize>) {
        if self.depth == 0 {
            self.markdown.elements.push(Element { what, span });
        }
    }

    fn start(&mut self, tag: &Tag, span: &Range<usize>) {
        match tag {
            Tag::Heading { .. } => {
                self.in_heading = true;
                self.markdown.headings.push((span.clone(), String::new()));
            }
            // An address of mail between `<` and `>` is what it says.
            Tag::Link {
                link_type: LinkType::Email,
                ..
            } => {}
            Tag::Link { dest_url, .. } => self.link(dest_url, false, span),
            Tag::Image { dest_url, .. } => self.link(dest_url, true, span),
            _ => {}
        }
        match tag {
            Tag::Heading { .. } if self.depth == 0 => self.heading = Some(String::new()),
            Tag::BlockQuote(_) if self.depth == 0 => self.quote = Some(true),
            Tag::List(Some(_)) if self.depth == 0 => self.list = Some(Vec::new()),
            Tag::Item if self.depth == 1 => {
                if let Some(items) = &mut self.list {
                    self.in_first_paragraph = true;
                    items.push(Item {
                        span: span.clone(),
                        name: None,
                        text: String::new(),
                    });
                }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                let fence = Some(self.open_fence(span.clone()));
                self.code = Some(Code { fence });
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                self.markdown.unfenced.push(span.clone());
                self.code = Some(Code { fence: None });
            }
            _ => {}
        }
        if matches!(tag, Tag::CodeBlock(_) | Tag::Paragraph) {
            self.fill_quote();
        }
        if self.depth == 2 && is_further_block(tag) {
            self.in_first_paragraph = false;
        }
    }

    /// What is being read makes a quote in which it stands one with something in it.
    fn fill_quote(&mut self) {
        self.quote = self.quote.map(|_| false);
    }

    fn link(&mut self, target: &str, is_image: bool, span: &Range<usize>) {
        self.markdown.links.push(Link {
            target: target.to_owned(),
            is_image,
            span: span.clone(),
        });
    }

    fn end(&mut self, tag: TagEnd, span: Range<usize>) {
        if matches!(tag, TagEnd::Heading(_)) {
            self.in_heading = false;
        }
        if self.depth == 2 && tag == TagEnd::Paragraph {
            self.in_first_paragraph = false;
        }
        let what = match tag {
            TagEnd::CodeBlock => {
                self.close_code();
                What::Content
            }
            TagEnd::Heading(level) => self.end_of_heading(level),
            TagEnd::BlockQuote(_) => What::Quote {
                empty: self.depth == 0 && self.quote.take().unwrap_or(true),
            },
            TagEnd::List(true) if self.depth == 0 => {
                let mut items = self.list.take().unwrap_or_default();
                for item in &mut items {
                    item.text = item.text.split_whitespace().collect::<Vec<_>>().join(" ");
                }
                What::Numbered(items)
            }
            TagEnd::HtmlBlock => self.end_of_html(&span),
            _ => What::Content,
        };
        self.outermost(what, span);
    }

    fn end_of_heading(&mut self, level: HeadingLevel) -> What {
        let text = self.heading.take().unwrap_or_default();
        let first_level = level == HeadingLevel::H1;
        if first_level || level == HeadingLevel::H2 {
            What::Heading { first_level, text }
        } else {
            What::Frame
        }
    }

    fn end_of_html(&mut self, span: &Range<usize>) -> What {
        let html = self.page[span.clone()].trim();
        if html.starts_with("<!--") && html.ends_with("-->") {
            What::Frame
        } else {
            self.fill_quote();
            What::Content
        }
    }

    fn text(&mut self, text: &str, span: Range<usize>) {
        self.fill_quote();
        match &mut self.code {
            Some(Code { fence: Some(fence) }) => {
                fence.pieces.push((fence.content.len(), span.start));
                fence.content.push_str(text);
            }
            Some(Code { fence: None }) => {}
            None => self.say(text),
        }
    }

    /// Adds to the text of what is being read.
    fn say(&mut self, text: &str) {
        self.entitle(text);
        if let Some(item) = self.item() {
            item.text.push_str(text);
        }
    }

    /// Adds to the text of the heading that is being read.
    fn entitle(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
        if let Some((_, heading)) = self.markdown.headings.last_mut()
            && self.in_heading
        {
            heading.push_str(text);
        }
    }

    /// The item of a numbered list whose first paragraph is being read.
    fn item(&mut self) -> Option<&mut Item> {
        let items = self.list.as_mut().filter(|_| self.in_first_paragraph)?;
        items.last_mut()
    }

    fn code_span(&mut self, code: &str, span: Range<usize>) {
        self.fill_quote();
        self.entitle(code);
        let Some(item) = self.item() else { return };
        if item.name.is_none() && item.text.trim().is_empty() {
            item.name = Some((code.to_owned(), span));
        } else {
            item.text.push('`');
            item.text.push_str(code);
            item.text.push('`');
        }
    }

    fn html(&mut self, html: &str, span: Range<usize>) {
        let html = html.to_ascii_lowercase();
        let mut tags = html.split("<pre").skip(1);
        if tags.any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')) {
            self.markdown.unfenced.push(span);
        }
    }

    fn open_fence(&self, span: Range<usize>) -> Fence {
        let line = &self.page[span.start..];
        let length = line.find(['\n', '\r']).unwrap_or(line.len());
        let sign = line.chars().next().unwrap_or('`');
        let fence = line.len() - line.trim_start_matches(sign).len();
        let info = &line[fence..length.max(fence)];
        let start = span.start + fence + (info.len() - info.trim_start().len());
        let content = span.start + line.find('\n').map_or(line.len(), |at| at + 1);
        let content = content.min(span.end);
        Fence {
            info: start..start + info.trim().len(),
            content_span: content..span.end,
            content: String::new(),
            pieces: Vec::new(),
            closed: false,
            span,
        }
    }

    fn close_code(&mut self) {
        let Some(Code {
            fence: Some(mut fence),
        }) = self.code.take()
        else {
            return;
        };
        // The parser does not say whether it saw a closing fence. If it did,
        // then the block's last line is one, and gave no text.
        let whole = &self.page[fence.span.clone()];
        let sign = whole.chars().next().unwrap_or('`');
        let text = whole.trim_end();
        let last_line = fence.span.start + text.rfind('\n').map_or(0, |at| at + 1);
        let text_end = fence.pieces.last().map_or(0, |(at, page_at)| {
            page_at + fence.content[*at..].trim_end_matches(['\n', ' ']).len()
        });
        fence.closed =
            last_line >= fence.content_span.start && last_line >= text_end && text.ends_with(sign);
        if fence.closed {
            fence.content_span.end = last_line;
        }
        self.markdown.fences.push(fence);
    }
}

/// Whether a tag ends the first paragraph of the item in which it stands.
fn is_further_block(tag: &Tag) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::Heading { .. }
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::Table(_)
    )
}

impl Fence {
    /// Where a byte of the content stands on the page.
    pub(crate) fn page_byte(&self, at: usize) -> usize {
        let piece = self.pieces.partition_point(|(start, _)| *start <= at);
        match piece.checked_sub(1).map(|before| self.pieces[before]) {
            Some((start, page_start)) => (page_start + at - start).min(self.content_span.end),
            None => self.content_span.start,
        }
    }
}
