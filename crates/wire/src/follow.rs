//! Which connection a segment belongs to.

use std::{collections::HashMap, net::SocketAddr};

use crate::{Connection, Flags, connection::Place, decode::RawSegment};

/// All connections of a capture.
#[derive(Default)]
pub(crate) struct Table {
    pub(crate) connections: Vec<Connection>,
    between: HashMap<Pair, Recent>,
}

/// The two addresses of a connection, the smaller one first.
#[derive(PartialEq, Eq, Hash)]
struct Pair(SocketAddr, SocketAddr);

impl Pair {
    fn of(segment: &RawSegment<'_>) -> Self {
        let (a, b) = (segment.source, segment.destination);
        Self(a.min(b), a.max(b))
    }
}

/// The connections between two addresses that can still get packets: one that uses
/// the ports again, and the one before it, whose last packets may come late. Both are
/// places in [`Table::connections`].
#[derive(Clone, Copy)]
struct Recent {
    latest: usize,
    before: Option<usize>,
}

impl Table {
    /// Takes in a segment. Says which connection it is of, as a place in
    /// [`Self::connections`], and where it stands there.
    pub(crate) fn record(&mut self, segment: &RawSegment<'_>, packet: usize) -> (usize, Place) {
        let connection = self.find(segment).unwrap_or_else(|| self.open(segment));
        (
            connection,
            self.connections[connection].record(segment, packet),
        )
    }

    fn find(&self, segment: &RawSegment<'_>) -> Option<usize> {
        let recent = self.between.get(&Pair::of(segment))?;
        let mut candidates = [Some(recent.latest), recent.before].into_iter().flatten();
        if is_opening(segment.flags) {
            let known = candidates.find(|&at| self.connections[at].has_syn(segment));
            let awaited = self.connections[recent.latest].awaits_syn(segment);
            return known.or(awaited.then_some(recent.latest));
        }
        // Where it fits both, it is the latest's: of equals, the first one is taken.
        candidates.min_by_key(|&at| self.connections[at].distance(segment))
    }

    fn open(&mut self, segment: &RawSegment<'_>) -> usize {
        let latest = self.connections.len();
        self.connections.push(Connection::new(latest + 1, segment));
        self.between
            .entry(Pair::of(segment))
            .and_modify(|recent| {
                *recent = Recent {
                    latest,
                    before: Some(recent.latest),
                };
            })
            .or_insert(Recent {
                latest,
                before: None,
            });
        latest
    }
}

/// Whether a segment with these flags opens a connection. A SYN ACK answers.
fn is_opening(flags: Flags) -> bool {
    flags.has(Flags::SYN) && !flags.has_any(Flags::ACK | Flags::RST)
}
