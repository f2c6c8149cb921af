//! Captures written by hand. Each line is a packet:
//!
//! ```text
//! c SYN 0             who, flags, sequence number
//! s SYN,ACK 0 1       acknowledgement number
//! c PSH,ACK 1 1 +33   bytes of data
//! s ACK 1 34 w0       window
//! c2 SYN 0            the client of another connection
//! ```
//!
//! Numbers count from what the sides begin with, the [`Script`]'s `first`. The client
//! of connection `n` has port 40000 + `n`, all servers have port 4000.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use wire::{Capture, Packet};

/// When the first packet was seen, in nanoseconds since the epoch.
pub(crate) const START: u64 = 1_800_000_000_123_456_789;

/// A capture to be.
pub(crate) struct Script {
    pub(crate) rows: Vec<Row>,
    /// What the numbers of client and server begin with.
    pub(crate) first: [u32; 2],
    pub(crate) address: IpAddr,
}

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) server: bool,
    pub(crate) connection: u16,
    pub(crate) flags: u16,
    pub(crate) sequence: u32,
    pub(crate) acknowledgement: Option<u32>,
    pub(crate) data: Vec<u8>,
    pub(crate) window: u16,
}

/// The packets of a script, as bytes.
pub(crate) struct Frames(pub(crate) Vec<Vec<u8>>);

impl Script {
    pub(crate) fn new(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Self::of(lines.map(Row::parse).collect())
    }

    pub(crate) fn of(rows: Vec<Row>) -> Self {
        Self {
            rows,
            first: [1000, 2000],
            address: Ipv4Addr::LOCALHOST.into(),
        }
    }

    pub(crate) fn frames(&self) -> Frames {
        Frames(self.rows.iter().map(|row| self.frame(row)).collect())
    }

    pub(crate) fn transcript(&self) -> String {
        self.frames().capture().transcript()
    }

    fn frame(&self, row: &Row) -> Vec<u8> {
        let client = SocketAddr::new(self.address, 40000 + row.connection);
        let server = SocketAddr::new(self.address, 4000);
        let [mine, other] = self.first;
        let (from, to, mine, other) = if row.server {
            (server, client, other, mine)
        } else {
            (client, server, mine, other)
        };
        let mut tcp = Vec::new();
        tcp.extend(from.port().to_be_bytes());
        tcp.extend(to.port().to_be_bytes());
        tcp.extend(row.sequence.wrapping_add(mine).to_be_bytes());
        let acknowledgement = row.acknowledgement.map_or(0, |ack| ack.wrapping_add(other));
        tcp.extend(acknowledgement.to_be_bytes());
        tcp.extend((row.flags | 5 << 12).to_be_bytes());
        tcp.extend(row.window.to_be_bytes());
        tcp.extend([0; 4]);
        tcp.extend(&row.data);
        ethernet(&ip(from.ip(), to.ip(), 6, &tcp), from.ip())
    }
}

impl Frames {
    /// The packets, a millisecond apart.
    pub(crate) fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        let times = (START..).step_by(1_000_000);
        times.zip(&self.0).map(|(time, bytes)| Packet {
            time,
            bytes,
            length: bytes.len(),
        })
    }

    pub(crate) fn capture(&self) -> Capture<'_> {
        Capture::read(self.packets())
    }
}

impl Row {
    pub(crate) fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let who = words.next().expect("a row says who");
        let flags = words.next().expect("a row has flags");
        let mut row = Self {
            server: who.starts_with('s'),
            connection: who[1..].parse().unwrap_or(1),
            flags: flags.split(',').map(flag).sum(),
            sequence: number(words.next().expect("a row has a sequence number")),
            acknowledgement: None,
            data: Vec::new(),
            window: 512,
        };
        for word in words {
            match word.split_at(1) {
                ("+", length) => row.data = vec![b'x'; length.parse().unwrap()],
                ("w", window) => row.window = window.parse().unwrap(),
                _ => row.acknowledgement = Some(number(word)),
            }
        }
        row
    }
}

fn number(word: &str) -> u32 {
    word.parse().expect("a number")
}

fn flag(name: &str) -> u16 {
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"];
    let bit = names.iter().position(|&known| known == name);
    1 << bit.expect("the name of a flag")
}

/// An IP packet around `payload`.
pub(crate) fn ip(source: IpAddr, destination: IpAddr, protocol: u8, payload: &[u8]) -> Vec<u8> {
    let mut packet = match source {
        IpAddr::V4(_) => {
            let length = u16::try_from(20 + payload.len()).unwrap().to_be_bytes();
            let [high, low] = length;
            vec![0x45, 0, high, low, 0, 0, 0x40, 0, 64, protocol, 0, 0]
        }
        IpAddr::V6(_) => {
            let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
            let [high, low] = length;
            vec![0x60, 0, 0, 0, high, low, protocol, 64]
        }
    };
    for address in [source, destination] {
        match address {
            IpAddr::V4(address) => packet.extend(address.octets()),
            IpAddr::V6(address) => packet.extend(address.octets()),
        }
    }
    packet.extend(payload);
    packet
}

/// An Ethernet frame around an IP packet, as it is on loopback: its addresses are zero.
pub(crate) fn ethernet(packet: &[u8], version: IpAddr) -> Vec<u8> {
    let kind: [u8; 2] = if version.is_ipv4() {
        [0x08, 0x00]
    } else {
        [0x86, 0xdd]
    };
    [&[0; 12][..], &kind, packet].concat()
}
