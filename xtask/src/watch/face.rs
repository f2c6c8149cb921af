//! What a watcher shows: one screen on a terminal, plain lines anywhere else.

use std::{
    collections::BTreeSet,
    env,
    fmt::Write as _,
    io::{IsTerminal, Write, stdout},
    path::PathBuf,
};

use anstyle::Style;
use anyhow::Result;
use console::{Term, measure_text_width};
use tokio::sync::mpsc::UnboundedSender;

use super::{round::News, told::Told};
use crate::{
    cargo::{Cargo, Colours},
    stop::Stop,
    verdict::slashes,
};

const FAINT: Style = Style::new().dimmed();
const STRONG: Style = Style::new().bold();

/// So many files that were saved are named.
const NAMED: usize = 3;
/// So many older results are shown below the newest.
const OLDER: usize = 6;
/// Begins at the top of an empty screen.
const CLEAR: &str = "\x1b[H\x1b[J";

/// Where it is shown.
pub(super) enum Face {
    Screen(Screen),
    Lines,
}

impl Face {
    /// Says what is watched.
    pub(super) fn begin(what: &str) -> Result<Self> {
        let is_able =
            stdout().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb");
        if is_able {
            let colours = match anstream::AutoStream::choice(&stdout()) {
                anstream::ColorChoice::Never => Colours::No,
                _ => Colours::Yes,
            };
            let term = Term::stdout();
            term.clear_screen()?;
            return Ok(Self::Screen(Screen {
                term,
                colours,
                what: what.to_owned(),
                doing: None,
                built: None,
                newest: Vec::new(),
                older: Vec::new(),
            }));
        }
        say(&format!("watching {what}; Ctrl-C ends it\n"))?;
        Ok(Self::Lines)
    }

    /// How cargo is called, so that what it says fits in.
    pub(super) fn cargo(&self, stop: Stop, news: UnboundedSender<News>) -> Cargo {
        match self {
            Self::Screen(screen) => Cargo::kept(screen.colours, stop, move |part| {
                // Whoever hears it waits for the end of this round.
                let _ = news.send(News::Built(part.to_owned()));
            }),
            Self::Lines => Cargo::loud(stop),
        }
    }

    /// Nothing is going on.
    pub(super) fn wait(&mut self) -> Result<()> {
        if let Self::Screen(screen) = self {
            screen.doing = None;
        }
        self.draw()
    }

    /// A round begins with these files; the first of all with none.
    pub(super) fn saved(&mut self, files: &BTreeSet<PathBuf>) -> Result<()> {
        if files.is_empty() {
            return self.draw();
        }
        let named: Vec<String> = files.iter().take(NAMED).map(|file| slashes(file)).collect();
        let mut told = format!("saved {}", named.join(", "));
        if files.len() > NAMED {
            let _ = write!(told, " and {} more", files.len() - NAMED);
        }
        match self {
            Self::Screen(screen) => {
                screen.begin_round(told);
                screen.draw()
            }
            Self::Lines => say(&format!("\n{FAINT}{told}{FAINT:#}\n")),
        }
    }

    /// Tells what is going on, or what it came to.
    pub(super) fn hear(&mut self, news: News) -> Result<()> {
        match self {
            Self::Screen(screen) => {
                screen.hear(news);
                screen.draw()
            }
            Self::Lines => match news {
                News::Doing(_) | News::Built(_) => Ok(()),
                News::Result(told) => say(&lines(&told)),
            },
        }
    }

    /// Shows everything again, where it can be shown again.
    pub(super) fn draw(&mut self) -> Result<()> {
        match self {
            Self::Screen(screen) => screen.draw(),
            Self::Lines => Ok(()),
        }
    }

    /// Leaves what is shown as it is.
    pub(super) fn end(&mut self) -> Result<()> {
        match self {
            Self::Screen(_) => say("\n"),
            Self::Lines => Ok(()),
        }
    }
}

/// A result from its headlines to its end.
fn lines(told: &Told) -> String {
    let mut text: String = told
        .headlines
        .iter()
        .map(|(_, line)| line.as_str())
        .collect();
    for part in [&told.detail, &told.end] {
        if !part.trim().is_empty() {
            let _ = write!(text, "\n{}\n", part.trim_matches('\n'));
        }
    }
    text
}

fn say(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    write!(out, "{text}")?;
    out.flush()?;
    Ok(())
}

/// A terminal, filled from the top: what is going on, the newest results with all that
/// there is room for, and a line for each older one.
pub(super) struct Screen {
    term: Term,
    colours: Colours,
    what: String,
    doing: Option<String>,
    /// The part of it that was built last.
    built: Option<String>,
    /// Those of the last round, the newest first.
    newest: Vec<Told>,
    /// What was checked before, and how it came out, the newest first.
    older: Vec<(String, String)>,
}

impl Screen {
    fn begin_round(&mut self, saved: String) {
        (self.doing, self.built) = (Some(saved), None);
        for told in std::mem::take(&mut self.newest).into_iter().rev() {
            for (what, line) in told.headlines.into_iter().rev() {
                self.older.retain(|(other, _)| *other != what);
                self.older.insert(0, (what, line));
            }
        }
    }

    fn hear(&mut self, news: News) {
        match news {
            News::Doing(what) => (self.doing, self.built) = (Some(what), None),
            News::Built(part) => self.built = Some(part),
            News::Result(told) => self.newest.insert(0, told),
        }
    }

    fn draw(&self) -> Result<()> {
        let (height, width) = self.term.size();
        let text = self.page(usize::from(height), usize::from(width));
        let text = match self.colours {
            Colours::Yes => text,
            Colours::No => anstream::adapter::strip_str(&text).to_string(),
        };
        let mut out = stdout().lock();
        write!(out, "{CLEAR}{text}")?;
        out.flush()?;
        Ok(())
    }

    /// All that fits.
    fn page(&self, height: usize, width: usize) -> String {
        let mut page = Rows::new(height, width);
        let what = &self.what;
        match &self.doing {
            Some(doing) => {
                let built = self.built.as_ref();
                let built = built.map_or_else(String::new, |part| format!(", built {part}"));
                page.add(&format!(
                    "{STRONG}{doing} …{STRONG:#}{FAINT}{built}{FAINT:#}"
                ));
            }
            None => page.add(&format!(
                "{FAINT}Watching {what}. Save a file, and see. Ctrl-C ends it.{FAINT:#}"
            )),
        }
        let older = self.older();
        let mut apart = true;
        for told in &self.newest {
            if apart {
                page.add("");
            }
            apart = !told.detail.is_empty() || !told.end.is_empty();
            for (_, line) in &told.headlines {
                page.add(line.trim_end());
            }
            let end = told.end.trim_matches('\n');
            let after = older
                .iter()
                .chain([&end])
                .map(|text| page.rows(text))
                .sum::<usize>();
            page.add_as_far_as_it_fits(told, after + 2);
            if !end.is_empty() {
                page.add("");
                for line in end.lines() {
                    page.add(line);
                }
            }
        }
        if !older.is_empty() {
            page.add("");
            for line in older {
                page.add(line);
            }
        }
        page.text
    }

    fn older(&self) -> Vec<&str> {
        let is_newer = |what: &String| {
            let mut newer = self.newest.iter().flat_map(|told| &told.headlines);
            newer.any(|(other, _)| other == what)
        };
        self.older
            .iter()
            .filter(|(what, _)| !is_newer(what))
            .flat_map(|(_, line)| line.lines().take(1))
            .take(OLDER)
            .collect()
    }
}

/// The rows of a terminal, as far as they are written.
struct Rows {
    text: String,
    left: usize,
    width: usize,
}

impl Rows {
    fn new(height: usize, width: usize) -> Self {
        Self {
            text: String::new(),
            left: height,
            width: width.max(1),
        }
    }

    /// How many rows some lines take, wrapped as a terminal wraps them.
    fn rows(&self, text: &str) -> usize {
        text.lines()
            .map(|line| measure_text_width(line).div_ceil(self.width).max(1))
            .sum()
    }

    /// One more line, where there is room for it.
    fn add(&mut self, line: &str) {
        let rows = self.rows(line).max(1);
        if rows > self.left {
            self.left = 0;
            return;
        }
        self.left -= rows;
        if !self.text.is_empty() {
            self.text.push_str("\r\n");
        }
        self.text.push_str(line);
    }

    /// The detail of a result, and what shows the rest; `after` rows are left for others.
    fn add_as_far_as_it_fits(&mut self, told: &Told, after: usize) {
        let detail: Vec<&str> = told.detail.trim_matches('\n').lines().collect();
        if told.detail.trim().is_empty() {
            return;
        }
        self.add("");
        let fits = detail
            .iter()
            .map(|line| self.rows(line).max(1))
            .sum::<usize>()
            + after
            <= self.left;
        let reserved = if fits { after } else { after + 1 };
        for (nth, line) in detail.iter().enumerate() {
            if self.rows(line).max(1) + reserved > self.left {
                self.add(&format!(
                    "{FAINT}… {} more lines: {}{FAINT:#}",
                    detail.len() - nth,
                    told.again
                ));
                return;
            }
            self.add(line);
        }
    }
}
