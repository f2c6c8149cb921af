//! A capture that was read: each packet in the numbers of its connection.

use std::{net::SocketAddr, time::Duration};

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::{
    Connection, DecodeError, Flags, Note, Packet, Side, Speaker,
    decode::{self, Datagram, Decoded},
    follow::Table,
    hex,
};

/// Packets, and the connections that they make up.
///
/// ```
/// # fn packets() -> Vec<wire::Packet<'static>> { Vec::new() }
/// let capture = wire::Capture::read(packets());
/// print!("{}", capture.transcript());
/// ```
#[derive(Clone, Debug, Default, Serialize)]
pub struct Capture<'a> {
    connections: Vec<Connection>,
    packets: Vec<Entry<'a>>,
}

/// One packet of a capture.
#[derive(Clone, Debug, Serialize)]
pub struct Entry<'a> {
    /// Its number in the capture, from 1, as Wireshark counts.
    pub number: usize,
    /// The time since the capture's first packet.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub at: Duration,
    /// What it carries.
    #[serde(flatten)]
    pub content: Content<'a>,
}

/// What a packet carries.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "protocol", rename_all = "kebab-case")]
pub enum Content<'a> {
    /// A TCP segment.
    Tcp(Segment<'a>),
    /// A UDP datagram.
    Udp(Datagram<'a>),
    /// Something else.
    Other {
        /// What: `ICMP`.
        name: String,
    },
    /// What could not be read.
    Unreadable {
        /// What is wrong with it.
        #[serde(serialize_with = "words")]
        error: DecodeError,
    },
}

/// A TCP segment, in the numbers of its connection.
#[derive(Clone, Debug, Serialize)]
pub struct Segment<'a> {
    /// Its connection's number, from 1.
    pub connection: usize,
    /// Who sent it.
    pub side: Side,
    /// From where.
    pub source: SocketAddr,
    /// To where.
    pub destination: SocketAddr,
    /// Its flags.
    pub flags: Flags,
    /// The sequence number of its first byte, SYN or FIN: the sender's SYN has the
    /// number 0, or would have, had it been captured.
    pub sequence: i64,
    /// The number that the sender expects next from the other side, where it says so.
    pub acknowledgement: Option<i64>,
    /// For how many bytes the sender has room: the number in the header, which a
    /// connection may have agreed to scale (RFC 7323).
    pub window: u16,
    /// How many bytes of data it carries.
    pub length: u32,
    /// The data that was captured; shorter than `length` where the capture was limited.
    #[serde(rename = "data", serialize_with = "hex::serialize")]
    pub payload: &'a [u8],
    /// What else there is to say of it.
    pub note: Option<Note>,
}

/// A packet that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("packet {packet} cannot be read: {error}")]
pub struct Unreadable {
    /// Its number in the capture, from 1.
    pub packet: usize,
    /// What is wrong with it.
    pub error: DecodeError,
}

impl<'a> Capture<'a> {
    /// Reads packets, in the order in which they were seen. One that cannot be read is
    /// kept as such, and stops nothing.
    pub fn read(packets: impl IntoIterator<Item = Packet<'a>>) -> Self {
        let packets: Vec<_> = packets.into_iter().collect();
        let start = packets.iter().map(|packet| packet.time).min().unwrap_or(0);
        let mut table = Table::default();
        let packets = (1..)
            .zip(&packets)
            .map(|(number, packet)| Entry {
                number,
                at: Duration::from_nanos(packet.time - start),
                content: content(packet, number, &mut table),
            })
            .collect();
        Self {
            connections: table.connections,
            packets,
        }
    }

    /// All packets, in the order of the capture.
    #[must_use]
    pub fn packets(&self) -> &[Entry<'a>] {
        &self.packets
    }

    /// All TCP connections, by their numbers.
    #[must_use]
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// The packets that could not be read, and why.
    pub fn unreadable(&self) -> impl Iterator<Item = Unreadable> {
        self.packets
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Unreadable { error } => Some(Unreadable {
                    packet: entry.number,
                    error: error.clone(),
                }),
                _ => None,
            })
    }

    /// The name of a side: with the connection's number, where there are several.
    #[must_use]
    pub fn speaker(&self, connection: usize, side: Side) -> Speaker {
        Speaker {
            side,
            connection: (self.connections.len() > 1).then_some(connection),
        }
    }
}

fn content<'a>(packet: &Packet<'a>, number: usize, table: &mut Table) -> Content<'a> {
    match decode::decode(packet) {
        Ok(Decoded::Tcp(segment)) => {
            let (connection, place) = table.record(&segment, number);
            Content::Tcp(Segment {
                connection: connection + 1,
                side: place.side,
                source: segment.source,
                destination: segment.destination,
                flags: segment.flags,
                sequence: place.sequence,
                acknowledgement: place.acknowledgement,
                window: segment.window,
                length: segment.length,
                payload: segment.payload,
                note: place.note,
            })
        }
        Ok(Decoded::Udp(datagram)) => Content::Udp(datagram),
        Ok(Decoded::Other(name)) => Content::Other { name },
        Err(error) => Content::Unreadable { error },
    }
}

fn seconds<S: Serializer>(at: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(at.as_secs_f64())
}

fn words<S: Serializer>(error: &DecodeError, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(error)
}
