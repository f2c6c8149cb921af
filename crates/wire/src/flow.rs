//! One direction of a connection: what a side sent, by its sequence numbers.

use serde::Serialize;

use crate::{Flags, decode::RawSegment, ranges::Ranges, sequence::Sequence};

/// What a side sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    /// Unknown until a packet of this side, or an answer to one, was seen.
    pub(crate) sequence: Option<Sequence>,
    /// The sequence numbers of the data that was seen.
    pub(crate) data: Ranges,
    /// The segments that carried data, as they came.
    pub(crate) pieces: Vec<Piece>,
    /// The packet that carried the first SYN without ACK.
    pub(crate) syn: Option<usize>,
    /// The packet that carried the first SYN with ACK.
    pub(crate) syn_ack: Option<usize>,
    /// The first acknowledgement of the other side's SYN that came without a SYN.
    pub(crate) ack: Option<Mark>,
    pub(crate) fin: Option<Mark>,
    /// The packet that carried the first RST.
    pub(crate) rst: Option<usize>,
    /// What the last segment acknowledged, and for how much it had room; unknown after
    /// a SYN, whose window is not scaled.
    last: Option<(Option<i64>, u16)>,
}

/// A segment's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: i64,
    pub(crate) end: i64,
    /// Up to which of the other side's numbers its sender had received by then.
    pub(crate) acknowledges: Option<i64>,
    pub(crate) packet: usize,
}

/// Something that has a place among the sequence numbers, and the packet that showed
/// it first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) at: i64,
    pub(crate) packet: usize,
}

/// What a segment does, where its flags and numbers do not say it at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// All that it carries was sent before.
    Again,
    /// It asks whether the other side is still there (a keep-alive), or whether it
    /// has room again (a window probe): the number before the next one, and no data.
    Probe,
    /// Its sender has room for a different number of bytes than it last said.
    WindowUpdate,
    /// Its sender has no room: the other side has to wait.
    WindowClosed,
}

impl Note {
    /// The note in words: `window update`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Probe => "probe",
            Self::WindowUpdate => "window update",
            Self::WindowClosed => "window closed",
        }
    }
}

impl Flow {
    /// Where the first byte, SYN or FIN of a segment stands.
    ///
    /// Where no SYN was seen, what is seen first has the number 1, as if a SYN had
    /// gone before it.
    pub(crate) fn begin(&mut self, segment: &RawSegment<'_>) -> i64 {
        let first = if segment.flags.has(Flags::SYN) {
            segment.sequence
        } else {
            segment.sequence.wrapping_sub(1)
        };
        self.sequence
            .get_or_insert(Sequence::from(first))
            .relative(segment.sequence)
    }

    /// Up to where the other side says that it has received.
    pub(crate) fn acknowledged(&mut self, segment: &RawSegment<'_>) -> Option<i64> {
        if !segment.flags.has(Flags::ACK) {
            return None;
        }
        let first = segment.acknowledgement.wrapping_sub(1);
        let sequence = self.sequence.get_or_insert(Sequence::from(first));
        Some(sequence.relative(segment.acknowledgement))
    }

    /// Takes note of a segment that begins at `start`.
    pub(crate) fn record(
        &mut self,
        segment: &RawSegment<'_>,
        start: i64,
        acknowledges: Option<i64>,
        packet: usize,
    ) -> Option<Note> {
        let flags = segment.flags;
        if flags.has(Flags::RST) {
            self.rst.get_or_insert(packet);
            return None;
        }
        let piece = self.piece(segment, start, acknowledges, packet);
        let note = if piece.end == start && !flags.has(Flags::FIN) {
            self.note_of_plain(segment, start, acknowledges)
        } else {
            self.take(segment, piece)
        };
        let syn = flags.has(Flags::SYN);
        if !syn && acknowledges.is_some_and(|number| number > 0) {
            let ack = self.ack.get_or_insert(Mark { at: start, packet });
            ack.at = ack.at.min(start);
        }
        self.last = (!syn).then_some((acknowledges, segment.window));
        let closed = segment.window == 0 && !flags.has_any(Flags::SYN | Flags::FIN);
        note.or(closed.then_some(Note::WindowClosed))
    }

    /// Where the data of a segment stands: behind its SYN. A keep-alive may carry one
    /// byte that stands where the SYN was (RFC 9293, section 3.8.4), and is no data.
    fn piece(
        &self,
        segment: &RawSegment<'_>,
        start: i64,
        acknowledges: Option<i64>,
        packet: usize,
    ) -> Piece {
        let start = start + i64::from(segment.flags.has(Flags::SYN));
        let end = start + i64::from(segment.length);
        let opened = self.syn.is_some() || self.syn_ack.is_some();
        Piece {
            start: if opened && start == 0 { 1 } else { start },
            end,
            acknowledges,
            packet,
        }
    }

    /// Takes note of a segment with data, SYN or FIN.
    fn take(&mut self, segment: &RawSegment<'_>, piece: Piece) -> Option<Note> {
        let flags = segment.flags;
        let Piece {
            start, end, packet, ..
        } = piece;
        let mut new = false;
        if flags.has(Flags::SYN) {
            let syn = if flags.has(Flags::ACK) {
                &mut self.syn_ack
            } else {
                &mut self.syn
            };
            new |= syn.is_none();
            syn.get_or_insert(packet);
        }
        if start < end {
            new |= self.data.insert(start..end);
            self.pieces.push(piece);
        }
        let mut next = segment.sequence.wrapping_add(segment.length);
        next = next.wrapping_add(flags.has(Flags::SYN).into());
        if flags.has(Flags::FIN) {
            new |= self.fin.is_none();
            self.fin.get_or_insert(Mark { at: end, packet });
            next = next.wrapping_add(1);
        }
        if let Some(sequence) = &mut self.sequence {
            sequence.advance(next);
        }
        (!new).then_some(Note::Again)
    }

    fn note_of_plain(
        &self,
        segment: &RawSegment<'_>,
        start: i64,
        acknowledges: Option<i64>,
    ) -> Option<Note> {
        let reached = self.sequence?.reached();
        if start == reached - 1 {
            return Some(Note::Probe);
        }
        let (acknowledged, window) = self.last?;
        let update = start == reached && acknowledged == acknowledges && window != segment.window;
        (update && segment.window > 0).then_some(Note::WindowUpdate)
    }
}
