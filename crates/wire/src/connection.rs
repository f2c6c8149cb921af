//! One connection: who its sides are, and which packets are theirs.

use std::net::SocketAddr;

use serde::Serialize;

use crate::{
    Flags, Note, Side,
    decode::RawSegment,
    flow::{Flow, Seen},
    sequence::Sequence,
};

/// A TCP connection.
#[derive(Clone, Debug, Serialize)]
pub struct Connection {
    /// Its number, from 1, in the order of the first SYNs.
    pub number: usize,
    /// The side that sent the first SYN. Where no SYN was captured: the side that
    /// sent the first packet, or that did not, if it is a SYN ACK.
    pub client: SocketAddr,
    /// The other side. The same as the client where a socket connected to itself:
    /// then all packets are the client's.
    pub server: SocketAddr,
    #[serde(skip)]
    flows: [Flow; 2],
}

/// What a segment is, in the numbers of its connection.
pub(crate) struct Place {
    pub(crate) side: Side,
    pub(crate) sequence: i64,
    pub(crate) acknowledgement: Option<i64>,
    pub(crate) note: Option<Note>,
}

impl Connection {
    /// The connection whose first packet is `segment`.
    pub(crate) fn new(number: usize, segment: &RawSegment<'_>) -> Self {
        let (mut client, mut server) = (segment.source, segment.destination);
        if segment.flags.has(Flags::SYN | Flags::ACK) {
            (client, server) = (server, client);
        }
        Self {
            number,
            client,
            server,
            flows: [Flow::default(), Flow::default()],
        }
    }

    /// The address of a side.
    #[must_use]
    pub fn address(&self, side: Side) -> SocketAddr {
        match side {
            Side::Client => self.client,
            Side::Server => self.server,
        }
    }

    /// Takes in a segment of this connection.
    pub(crate) fn record(&mut self, segment: &RawSegment<'_>, packet: usize) -> Place {
        let side = self.side(segment.source);
        let acknowledges = self.flow_mut(self.receiver(side)).acknowledged(segment);
        let flow = self.flow_mut(side);
        let start = flow.begin(segment);
        let note = flow.record(&Seen {
            segment,
            start,
            acknowledges,
            packet,
        });
        Place {
            side,
            sequence: start,
            acknowledgement: acknowledges,
            note,
        }
    }

    /// Whether `segment`, a SYN without ACK, is one that this connection has: with the
    /// same first sequence number.
    pub(crate) fn has_syn(&self, segment: &RawSegment<'_>) -> bool {
        let flow = self.flow(self.side(segment.source));
        let first = flow.sequence.map(Sequence::first);
        first == Some(segment.sequence)
    }

    /// Whether this connection may still get a SYN from the sender of `segment`: that of
    /// a server that wanted to open the connection, too (RFC 9293, section 3.5:
    /// simultaneous open).
    pub(crate) fn awaits_syn(&self, segment: &RawSegment<'_>) -> bool {
        let flow = self.flow(self.side(segment.source));
        flow.sequence.is_none() && self.flows.iter().all(|flow| flow.rst.is_none())
    }

    /// How far the numbers of `segment` are from those of this connection.
    pub(crate) fn distance(&self, segment: &RawSegment<'_>) -> u64 {
        let side = self.side(segment.source);
        if let Some(sequence) = self.flow(side).sequence {
            return sequence.distance(segment.sequence);
        }
        match self.flow(self.receiver(side)).sequence {
            Some(sequence) if segment.flags.has(Flags::ACK) => {
                sequence.distance(segment.acknowledgement)
            }
            _ => u64::MAX,
        }
    }

    fn side(&self, source: SocketAddr) -> Side {
        if source == self.client {
            Side::Client
        } else {
            Side::Server
        }
    }

    /// To whom a side sends: to itself where a socket connected to itself.
    pub(crate) fn receiver(&self, side: Side) -> Side {
        if self.client == self.server {
            side
        } else {
            side.other()
        }
    }

    pub(crate) fn flow(&self, side: Side) -> &Flow {
        let [client, server] = &self.flows;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }

    fn flow_mut(&mut self, side: Side) -> &mut Flow {
        let [client, server] = &mut self.flows;
        match side {
            Side::Client => client,
            Side::Server => server,
        }
    }
}
