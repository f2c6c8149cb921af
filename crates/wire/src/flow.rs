//! One direction of a connection: what a side sent, by its sequence numbers.

use std::ops::Range;

use crate::{Flags, Note, decode::RawSegment, ranges::Ranges, sequence::Sequence};

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
    /// Where the first SYN stands, with or without ACK.
    opened: Option<i64>,
    /// The first acknowledgement that came without SYN or RST, and the place of the
    /// one with the lowest number.
    pub(crate) ack: Option<Mark>,
    pub(crate) fin: Option<Mark>,
    /// The packet that carried the first RST.
    pub(crate) rst: Option<usize>,
    /// What the last segment acknowledged, and for how much it had room; unknown after
    /// a SYN, whose window is not scaled.
    last: Option<(Option<i64>, u16)>,
}

/// A segment, in the numbers of its flow.
pub(crate) struct Seen<'s, 'a> {
    pub(crate) segment: &'s RawSegment<'a>,
    /// Where its first byte, SYN or FIN stands.
    pub(crate) start: i64,
    /// Up to which of the other side's numbers its sender had received by then.
    pub(crate) acknowledges: Option<i64>,
    pub(crate) packet: usize,
}

impl Seen<'_, '_> {
    /// Where its data stands.
    fn data(&self) -> Range<i64> {
        let start = self.start + i64::from(self.segment.flags.has(Flags::SYN));
        start..start + i64::from(self.segment.length)
    }

    fn mark(&self, at: i64) -> Mark {
        Mark {
            at,
            packet: self.packet,
        }
    }
}

/// A segment's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    pub(crate) start: i64,
    pub(crate) end: i64,
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

    /// Takes note of a segment.
    pub(crate) fn record(&mut self, seen: &Seen<'_, '_>) -> Option<Note> {
        let flags = seen.segment.flags;
        if flags.has(Flags::RST) {
            self.rst.get_or_insert(seen.packet);
            return None;
        }
        let note = if seen.segment.length > 0 || flags.has_any(Flags::SYN | Flags::FIN) {
            (!self.take(seen)).then_some(Note::Again)
        } else {
            self.note_of_plain(seen)
        };
        if flags.has(Flags::ACK) && !flags.has(Flags::SYN) {
            let ack = self.ack.get_or_insert(seen.mark(seen.start));
            ack.at = ack.at.min(seen.start);
        }
        let scaled = !flags.has(Flags::SYN);
        self.last = scaled.then_some((seen.acknowledges, seen.segment.window));
        let closed = seen.segment.window == 0 && !flags.has_any(Flags::SYN | Flags::FIN);
        note.or(closed.then_some(Note::WindowClosed))
    }

    /// Takes note of SYN, data and FIN. Says whether anything of them is new.
    fn take(&mut self, seen: &Seen<'_, '_>) -> bool {
        let flags = seen.segment.flags;
        let mut new = false;
        if flags.has(Flags::SYN) {
            let syn = if flags.has(Flags::ACK) {
                &mut self.syn_ack
            } else {
                &mut self.syn
            };
            new |= syn.is_none();
            syn.get_or_insert(seen.packet);
            self.opened.get_or_insert(seen.start);
        }
        let Range { mut start, end } = seen.data();
        // A keep-alive may carry one byte that is no data. Where nothing was sent yet,
        // it stands in the place of the SYN: RFC 9293, section 3.8.4.
        if self.opened == Some(start) {
            start += 1;
        }
        if start < end {
            new |= self.data.insert(start..end);
            self.pieces.push(Piece {
                start,
                end,
                acknowledges: seen.acknowledges,
                packet: seen.packet,
            });
        }
        if flags.has(Flags::FIN) {
            new |= self.fin.is_none();
            self.fin.get_or_insert(seen.mark(end));
        }
        if let Some(sequence) = &mut self.sequence {
            sequence.advance(seen.segment.next());
        }
        new
    }

    fn note_of_plain(&self, seen: &Seen<'_, '_>) -> Option<Note> {
        let reached = self.sequence?.reached();
        if seen.start == reached - 1 {
            return Some(Note::Probe);
        }
        let (acknowledges, window) = self.last?;
        let same = seen.start == reached && acknowledges == seen.acknowledges;
        let update = same && ![0, window].contains(&seen.segment.window);
        update.then_some(Note::WindowUpdate)
    }
}
