//! A connection as a ladder: two lifelines, and an arrow for each packet.

mod draw;

use std::{net::SocketAddr, time::Duration};

use crate::{Capture, Content, Flags, Note, Segment, Side, Speaker};

/// A connection, step by step. `Display` draws it for a terminal, 80 columns wide.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// What the client is called, and its address.
    pub client: (Speaker, SocketAddr),
    /// The same of the server.
    pub server: (Speaker, SocketAddr),
    /// The packets, in the order of the capture.
    pub steps: Vec<Step>,
}

/// One packet of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The packet's number in the capture, from 1.
    pub packet: usize,
    /// The time since the capture's first packet.
    pub at: Duration,
    /// Who sent it.
    pub from: Side,
    /// To whom: the same side where a socket connected to itself.
    pub to: Side,
    /// What it is: `SYN ACK`, `33 bytes`, `12 bytes FIN`.
    pub label: String,
    /// Its relative numbers, and what else there is to say of it:
    /// `seq 1 ack 34, again`.
    pub detail: String,
}

impl Capture<'_> {
    /// The ladder of a connection, by its number, from 1.
    #[must_use]
    pub fn ladder(&self, connection: usize) -> Option<Ladder> {
        let found = self.connections().get(connection.checked_sub(1)?)?;
        let steps = self
            .packets()
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Tcp(segment) if segment.connection == connection => Some(Step {
                    packet: entry.number,
                    at: entry.at,
                    from: segment.side,
                    to: found.receiver(segment.side),
                    label: label(segment),
                    detail: detail(segment),
                }),
                _ => None,
            });
        Some(Ladder {
            client: (self.speaker(connection, Side::Client), found.client),
            server: (self.speaker(connection, Side::Server), found.server),
            steps: steps.collect(),
        })
    }
}

/// What a segment is, in the words of a transcript: an ACK only where it is nothing
/// else.
fn label(segment: &Segment<'_>) -> String {
    let flags = segment.flags;
    let mut words = Vec::new();
    if flags.has(Flags::SYN) {
        words.push("SYN".to_owned());
    }
    let plain = segment.length == 0 && !flags.has_any(Flags::FIN | Flags::RST);
    if flags.has(Flags::ACK) && (plain || flags.has(Flags::SYN)) {
        words.push("ACK".to_owned());
    }
    if segment.length > 0 {
        words.push(format!("{} bytes", segment.length));
    }
    for (flag, word) in [(Flags::FIN, "FIN"), (Flags::RST, "RST")] {
        if flags.has(flag) {
            words.push(word.to_owned());
        }
    }
    words.join(" ")
}

fn detail(segment: &Segment<'_>) -> String {
    let seq = segment.sequence;
    let ack = segment.acknowledgement;
    let ack = ack.map_or_else(String::new, |number| format!(" ack {number}"));
    let note = segment.note.map(Note::words);
    let note = note.map_or_else(String::new, |words| format!(", {words}"));
    format!("seq {seq}{ack}{note}")
}
