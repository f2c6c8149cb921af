//! The fenced blocks of a page: listings, outputs, packets, illustrations.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use lesson::{
    Block, Exit, Lesson, ListingTie, Program, Stream, Tie, TranscriptTie,
    transcript::{Line, Order, Part, Transcript},
};

use crate::{
    allows,
    html::{self, NEWLINE, bare, count, escape, escape_lines},
    ladder,
    links::Links,
};

/// The block as a figure. `number` is its place among the page's blocks.
pub(crate) fn figure(lesson: &Lesson, block: &Block, number: usize, links: &Links<'_>) -> String {
    match (&block.tie, &block.transcript) {
        (Tie::Listing(tie), _) => listing(lesson, block, tie, links),
        (Tie::Transcript(tie), Some(transcript)) => {
            let figure = Figure {
                lesson,
                tie,
                transcript,
                exit: exit(lesson, number),
                id: format!("{}:{number}", lesson.id),
            };
            match tie.stream {
                Stream::Wire => figure.wire(),
                Stream::Stdout | Stream::Stderr => figure.output(),
            }
        }
        _ => code(&block.language, &block.content),
    }
}

/// Code that is tied to nothing.
pub(crate) fn code(language: &str, content: &str) -> String {
    framed(language, &escape_lines(content.trim_end_matches('\n')))
}

/// Code in the colours of its language, as HTML.
pub(crate) fn framed(language: &str, code: &str) -> String {
    // mdBook hides lines of Rust that begin with `# `, unless the code is more than
    // one piece: here it shows every line.
    format!(
        "<pre><code class=\"{}\"><!-- -->{code}</code></pre>",
        highlighted_as(language),
    )
}

/// The class by which highlight.js knows a language; it complains of others.
fn highlighted_as(language: &str) -> String {
    const KNOWN: [&str; 24] = [
        "bash",
        "c",
        "cpp",
        "csharp",
        "css",
        "diff",
        "go",
        "haskell",
        "http",
        "ini",
        "java",
        "javascript",
        "json",
        "kotlin",
        "lua",
        "makefile",
        "perl",
        "php",
        "python",
        "ruby",
        "rust",
        "sql",
        "typescript",
        "yaml",
    ];
    let name = match language {
        "js" | "mjs" => "javascript",
        "ts" => "typescript",
        "py" => "python",
        "rs" => "rust",
        "sh" | "console" => "bash",
        "toml" => "ini",
        "yml" => "yaml",
        other => other,
    };
    if KNOWN.contains(&name) {
        format!("language-{name}")
    } else {
        "nohighlight".to_owned()
    }
}

fn listing(lesson: &Lesson, block: &Block, tie: &ListingTie, links: &Links<'_>) -> String {
    let file = escape(&tie.file);
    let part = lesson.listed_lines(tie);
    let whole = match &part {
        Some(part) if part.start() == part.end() => {
            format!("Line {} of the whole file", part.start())
        }
        Some(part) => format!("Lines {} to {} of the whole file", part.start(), part.end()),
        None => "The whole file".to_owned(),
    };
    let name = match links.to_source(lesson, &tie.file, part.as_ref()) {
        Some(href) => {
            format!("<a class=\"file\" href=\"{href}\" title=\"{whole}\">{file}</a>")
        }
        None => format!("<span class=\"file\">{file}</span>"),
    };
    format!(
        "<figure class=\"listing\"><figcaption>{name}</figcaption>{}</figure>",
        code(&block.language, &block.content),
    )
}

fn exit(lesson: &Lesson, block: usize) -> Option<Exit> {
    let mut runs = lesson.programs().iter();
    let run = runs.find(|run| {
        [&run.stdout, &run.stderr, &run.wire]
            .iter()
            .any(|blocks| blocks.contains(&block))
    })?;
    Some(run.exit)
}

/// A block that promises something of a program.
struct Figure<'a> {
    lesson: &'a Lesson,
    tie: &'a TranscriptTie,
    transcript: &'a Transcript,
    /// How the program ends, whichever block of the page says so.
    exit: Option<Exit>,
    /// Unique in the book.
    id: String,
}

impl Figure<'_> {
    fn output(&self) -> String {
        format!(
            "<figure class=\"output\">{}<pre><samp>{}</samp></pre>{}</figure>",
            self.caption(),
            self.lines(),
            self.legend(),
        )
    }

    fn wire(&self) -> String {
        let lines = format!("<pre><samp>{}</samp></pre>", self.lines());
        let Some(packets) = ladder::read(self.transcript) else {
            return format!(
                "<figure class=\"output wire\">{}{lines}{}</figure>",
                self.caption(),
                self.legend(),
            );
        };
        let mut drawn = String::new();
        for ladder in &packets.ladders {
            if let Some(number) = ladder.number {
                let _ = write!(drawn, "<p class=\"connection\">Connection {number}</p>");
            }
            let number = ladder.number.unwrap_or_default();
            drawn.push_str(&ladder.svg(
                &format!("{}:ladder-{number}", self.id),
                &self.lesson.front.placeholders,
            ));
        }
        if !packets.left_out.is_empty() {
            let _ = write!(
                drawn,
                "<p class=\"left-out\">There may be other packets {} these.</p>",
                html::list(&packets.left_out),
            );
        }
        format!(
            "<figure class=\"output wire\">{}<div class=\"ladders\">{drawn}</div>\
             <details><summary>The same in {}</summary>{lines}</details>{}</figure>",
            self.caption(),
            count(self.transcript.lines().count(), "line"),
            self.legend(),
        )
    }

    /// How to run it, and what is promised beyond the lines.
    fn caption(&self) -> String {
        let mut notes = Vec::new();
        match self.tie.stream {
            Stream::Stdout => {}
            Stream::Stderr => notes.push("standard error".to_owned()),
            Stream::Wire => notes.push("on the wire".to_owned()),
        }
        match self.exit {
            None | Some(Exit::Code(0)) => {}
            Some(Exit::Code(code)) => notes.push(format!("exit code {code}")),
            Some(Exit::Signal(signal)) => notes.push(format!("ended by {signal}")),
        }
        if self.tie.stream != Stream::Wire && self.interleaves() {
            notes.push("speakers may interleave".to_owned());
        }
        let mut caption = format!(
            "<figcaption><span class=\"command\">{}</span>",
            escape(&self.command())
        );
        for note in notes {
            let _ = write!(caption, "<span class=\"note\">{}</span>", escape(&note));
        }
        caption.push_str("</figcaption>");
        caption
    }

    fn interleaves(&self) -> bool {
        let speakers: BTreeSet<&str> = self
            .transcript
            .lines()
            .filter_map(|line| line.tag)
            .collect();
        self.tie.order == Order::Speakers && speakers.len() > 1
    }

    /// What a learner types into a shell to see it.
    fn command(&self) -> String {
        let id = &self.lesson.id;
        let what = match self.tie.stream {
            Stream::Wire => "wire",
            Stream::Stdout | Stream::Stderr => "run",
        };
        let mut command = format!("cargo xtask {what} {id}");
        let name = match &self.tie.program {
            Program::Command(name) => name.as_str(),
            Program::Binary(name) if name == id => "",
            Program::Binary(name) => name
                .strip_prefix(id.as_str())
                .and_then(|rest| rest.strip_prefix('-'))
                .unwrap_or(name),
        };
        if !name.is_empty() {
            let _ = write!(command, " {name}");
        }
        if !self.tie.args.is_empty() {
            let _ = write!(command, " -- {}", shell_words::join(&self.tie.args));
        }
        command
    }

    fn lines(&self) -> String {
        let mut voices = Voices::default();
        let lines: Vec<String> = self
            .transcript
            .lines()
            .map(|line| self.line(&line, &mut voices))
            .collect();
        lines.join(NEWLINE)
    }

    fn line<'l>(&self, line: &Line<'l>, voices: &mut Voices<'l>) -> String {
        let mut html = String::new();
        let mut tag_length = 0;
        if let Some(tag) = line.tag {
            tag_length = tag.len() + "[]".len();
            let voice = voices.of(tag);
            let _ = write!(
                html,
                "<span class=\"voice {voice}\">[{}]</span>",
                escape(tag)
            );
        }
        if line.elides {
            let who = line.tag.map_or("any lines", |_| " any lines");
            let _ = write!(html, "<span class=\"elided\">{who} …</span>");
            return html;
        }
        for (at, part) in line.parts.iter().enumerate() {
            match part.placeholder {
                Some(_) => html.push_str(&self.placeholder(part)),
                None if at == 0 => {
                    html.push_str(&escape(part.text.get(tag_length..).unwrap_or_default()));
                }
                None => html.push_str(&escape(&part.text)),
            }
        }
        html
    }

    /// Focusable, so that the keyboard gets to what it allows.
    fn placeholder(&self, part: &Part<'_>) -> String {
        let Some(place) = &part.placeholder else {
            return String::new();
        };
        // A screen reader names what has the focus only where it has a role.
        let name = escape(bare(&part.text));
        format!(
            "<var class=\"place\" tabindex=\"0\" role=\"note\" aria-label=\"{name}\" \
             aria-describedby=\"{}\" data-allows=\"{}\">{name}</var>",
            self.legend_id(&part.text),
            escape(&allows::in_words(place, &self.lesson.front.placeholders)),
        )
    }

    /// Every placeholder of the block once, with what it allows: what screen readers
    /// are referred to, and what stands below the block on paper.
    fn legend(&self) -> String {
        let lines: Vec<Line<'_>> = self.transcript.lines().collect();
        let mut allowed = BTreeMap::new();
        for part in lines.iter().flat_map(|line| &line.parts) {
            if let Some(place) = &part.placeholder {
                let words = allows::in_words(place, &self.lesson.front.placeholders);
                allowed.insert(part.text.as_str(), words);
            }
        }
        if allowed.is_empty() {
            return String::new();
        }
        let mut legend = "<dl class=\"legend\">".to_owned();
        for (written, words) in allowed {
            let _ = write!(
                legend,
                "<div><dt>{}</dt><dd id=\"{}\">{}</dd></div>",
                escape(bare(written)),
                self.legend_id(written),
                escape(&words),
            );
        }
        legend.push_str("</dl>");
        legend
    }

    fn legend_id(&self, written: &str) -> String {
        let name: String = bare(written)
            .chars()
            .map(|character| match character {
                'a'..='z' | '0'..='9' | ':' | '-' => character,
                _ => '_',
            })
            .collect();
        format!("allows:{}:{name}", self.id)
    }
}

/// A colour for each speaker: client and server have theirs, others in the order in
/// which they come.
#[derive(Default)]
struct Voices<'l> {
    others: Vec<&'l str>,
}

impl<'l> Voices<'l> {
    fn of(&mut self, tag: &'l str) -> &'static str {
        match tag.split(' ').next() {
            Some("client") => return "client",
            Some("server") => return "server",
            _ => {}
        }
        let place = self.others.iter().position(|other| *other == tag);
        let place = place.unwrap_or_else(|| {
            self.others.push(tag);
            self.others.len() - 1
        });
        ["third", "fourth"][place % 2]
    }
}
