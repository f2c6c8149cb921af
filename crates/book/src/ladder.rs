//! Packets as a ladder: two lifelines, and an arrow for each line of the transcript.
//!
//! A page holds each side of a connection to its own order, and says nothing of the
//! order between connections. So each connection has a ladder of its own.

mod draw;

use lesson::transcript::{Line, Part, Transcript};

/// The packets of one connection.
#[derive(Debug)]
pub(crate) struct Ladder<'t> {
    /// The connection's number, where the run has several.
    pub(crate) number: Option<u32>,
    /// What happened, in the order of the page.
    pub(crate) steps: Vec<Step<'t>>,
}

/// One line.
#[derive(Debug)]
pub(crate) struct Step<'t> {
    pub(crate) from: Side,
    pub(crate) what: What,
    /// What stands on the arrow, from the left.
    pub(crate) label: Vec<Part<'t>>,
    /// What stands below it: the ports of a SYN.
    pub(crate) detail: Vec<Part<'t>>,
}

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// What is sent, as far as it is drawn differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// SYN, SYN ACK, ACK.
    Handshake,
    /// Bytes.
    Data,
    /// FIN.
    Fin,
    /// RST.
    Reset,
    /// Any number of packets: `...`.
    Anything,
}

/// The packets of a transcript.
#[derive(Debug)]
pub(crate) struct Packets<'t> {
    /// One for each connection, by number.
    pub(crate) ladders: Vec<Ladder<'t>>,
    /// Where the transcript leaves out packets of whatever connection: `before`,
    /// `between`, `after` those that are drawn.
    pub(crate) left_out: Vec<&'static str>,
}

/// Reads a transcript of packets. `None` where some line is no packet that could be
/// drawn.
pub(crate) fn read(transcript: &Transcript) -> Option<Packets<'_>> {
    let mut ladders: Vec<Ladder<'_>> = Vec::new();
    let mut left_out = Vec::new();
    let mut leaves_out = false;
    for line in transcript.lines() {
        if line.elides && line.tag.is_none() {
            leaves_out = true;
            continue;
        }
        if std::mem::take(&mut leaves_out) {
            let place = if ladders.is_empty() {
                "before"
            } else {
                "between"
            };
            left_out.push(place);
        }
        let (side, number) = speaker(line.tag?)?;
        let step = step(side, line)?;
        match ladders.iter_mut().find(|ladder| ladder.number == number) {
            Some(ladder) => ladder.steps.push(step),
            None => ladders.push(Ladder {
                number,
                steps: vec![step],
            }),
        }
    }
    if leaves_out {
        left_out.push("after");
    }
    left_out.dedup();
    ladders.sort_by_key(|ladder| ladder.number);
    (!ladders.is_empty()).then_some(Packets { ladders, left_out })
}

/// `client`, `server 2`
fn speaker(tag: &str) -> Option<(Side, Option<u32>)> {
    let (name, number) = match tag.split_once(' ') {
        Some((name, number)) => (name, Some(number.parse().ok()?)),
        None => (tag, None),
    };
    match name {
        "client" => Some((Side::Client, number)),
        "server" => Some((Side::Server, number)),
        _ => None,
    }
}

fn step(from: Side, line: Line<'_>) -> Option<Step<'_>> {
    let tag = line.tag.map_or(0, |tag| tag.len() + "[] ".len());
    let elides = line.elides;
    let mut label = line.parts;
    let first = label.first_mut()?;
    first.text = first.text.get(tag..)?.to_owned();
    if first.text.is_empty() {
        label.remove(0);
    }
    if elides {
        return Some(Step {
            from,
            what: What::Anything,
            label: vec![text("any packets")],
            detail: Vec::new(),
        });
    }
    let text: String = label.iter().map(|part| part.text.as_str()).collect();
    let what = match text.as_str() {
        "SYN ACK" | "ACK" => What::Handshake,
        "FIN" => What::Fin,
        "RST" => What::Reset,
        text if text.starts_with("SYN from ") => What::Handshake,
        text if text.ends_with(" bytes") || text.ends_with(" bytes after FIN") => What::Data,
        _ => return None,
    };
    let detail = ports_of_syn(&mut label);
    Some(Step {
        from,
        what,
        label,
        detail,
    })
}

fn text(text: &str) -> Part<'static> {
    Part {
        text: text.to_owned(),
        placeholder: None,
    }
}

/// Takes the ports off a SYN.
fn ports_of_syn<'t>(label: &mut Vec<Part<'t>>) -> Vec<Part<'t>> {
    let Some(rest) = label
        .first()
        .and_then(|first| first.text.strip_prefix("SYN "))
    else {
        return Vec::new();
    };
    if rest.starts_with("ACK") {
        return Vec::new();
    }
    let rest = text(rest);
    let mut detail = std::mem::replace(label, vec![text("SYN")]);
    detail[0] = rest;
    detail
}
