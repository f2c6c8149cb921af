//! What a capture says, in the lines of a transcript.
//!
//! A side's lines come in the order of its sequence numbers, so they are the same
//! however its data was cut into segments, sent twice, or seen out of order. Data has
//! a line for each stretch that none of the side's other lines interrupts.

use std::{fmt, ops::Range};

use crate::{
    Capture, Connection, Side, Speaker,
    flow::{Flow, Mark},
};

/// One line: who, and what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who sent it.
    pub speaker: Speaker,
    /// What was sent.
    pub said: Said,
    /// The packet that showed it first: its number in the capture, from 1.
    pub packet: usize,
}

/// What a side sends, as far as a transcript tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It wants to connect.
    Syn {
        /// Its own port.
        from: u16,
        /// The port that it wants to connect to.
        to: u16,
    },
    /// It accepts.
    SynAck,
    /// It completes the handshake.
    Ack,
    /// So many bytes of data. The text always says `bytes`, so that a placeholder can
    /// stand for the number.
    Bytes(u64),
    /// So many bytes of data, sent after it had acknowledged the other side's FIN.
    BytesAfterFin(u64),
    /// It will send no more.
    Fin,
    /// It ends the connection at once, or refuses it.
    Rst,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.speaker, self.said)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syn { from, to } => write!(f, "SYN from {from} to {to}"),
            Self::SynAck => f.write_str("SYN ACK"),
            Self::Ack => f.write_str("ACK"),
            Self::Bytes(bytes) => write!(f, "{bytes} bytes"),
            Self::BytesAfterFin(bytes) => write!(f, "{bytes} bytes after FIN"),
            Self::Fin => f.write_str("FIN"),
            Self::Rst => f.write_str("RST"),
        }
    }
}

impl Capture<'_> {
    /// What the TCP connections say. Each side's lines come in its own order; between
    /// the sides, in the order of the capture.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for connection in self.connections() {
            for side in [Side::Client, Side::Server] {
                let speaker = self.speaker(connection.number, side);
                let mut packet = 0;
                for (said, first) in spoken(connection, side) {
                    // A line does not stand before the one that it follows.
                    packet = first.max(packet);
                    lines.push(Line {
                        speaker,
                        said,
                        packet,
                    });
                }
            }
        }
        lines.sort_by_key(|line| line.packet);
        lines
    }

    /// The lines as text, each with its line end: what a page's transcript is held
    /// against.
    #[must_use]
    pub fn transcript(&self) -> String {
        let mut text = String::new();
        for line in self.lines() {
            text.push_str(&line.to_string());
            text.push('\n');
        }
        text
    }
}

/// What a side says, in the order of its sequence numbers, and the packet that showed
/// it first.
fn spoken(connection: &Connection, side: Side) -> Vec<(Said, usize)> {
    let flow = connection.flow(side);
    let mut spoken = Vec::new();
    let from = connection.address(side).port();
    let to = connection.address(side.other()).port();
    spoken.extend(flow.syn.map(|packet| (Said::Syn { from, to }, packet)));
    spoken.extend(flow.syn_ack.map(|packet| (Said::SynAck, packet)));

    let after_fin = after_fin(connection, side);
    let mut start = i64::MIN;
    for (mark, said) in marks(flow) {
        spoken.extend(data(flow, start..mark.at, after_fin));
        spoken.push((said, mark.packet));
        start = mark.at;
    }
    spoken.extend(data(flow, start..i64::MAX, after_fin));
    spoken.extend(flow.rst.map(|packet| (Said::Rst, packet)));
    spoken
}

/// The lines that interrupt a side's data, in order. An acknowledgement is one if it
/// completes the handshake: its sender sent a SYN, and no SYN ACK.
fn marks(flow: &Flow) -> Vec<(Mark, Said)> {
    let completes = flow.syn.is_some() && flow.syn_ack.is_none();
    let ack = flow.ack.filter(|_| completes).map(|mark| (mark, Said::Ack));
    let fin = flow.fin.map(|mark| (mark, Said::Fin));
    let mut marks: Vec<_> = ack.into_iter().chain(fin).collect();
    marks.sort_by_key(|(mark, _)| mark.at);
    marks
}

/// From which sequence number on a side's data was sent after it had acknowledged the
/// other side's FIN: behind all data of which one copy, at least, was sent before.
fn after_fin(connection: &Connection, side: Side) -> i64 {
    let Some(fin) = connection.flow(connection.receiver(side)).fin else {
        return i64::MAX;
    };
    let before = connection.flow(side).pieces.iter().filter(|piece| {
        let acknowledged = piece.acknowledges.is_some_and(|next| next > fin.at);
        !acknowledged
    });
    before.map(|piece| piece.end).max().unwrap_or(i64::MIN)
}

/// The data of a range of sequence numbers, and for each line of it the packet that
/// showed its first byte.
fn data(flow: &Flow, range: Range<i64>, after_fin: i64) -> impl Iterator<Item = (Said, usize)> {
    let before = range.start..range.end.min(after_fin);
    let after = range.start.max(after_fin)..range.end;
    let line = |range: Range<i64>, said: fn(u64) -> Said| {
        let first = flow.data.first(range.clone())?;
        let shown = flow
            .pieces
            .iter()
            .find(|piece| (piece.start..piece.end).contains(&first))?;
        Some((said(flow.data.count(range)), shown.packet))
    };
    let lines = [line(before, Said::Bytes), line(after, Said::BytesAfterFin)];
    lines.into_iter().flatten()
}
