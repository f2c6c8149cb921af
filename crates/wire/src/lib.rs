//! Packets: decode, follow a connection, say it in lines.
//!
//! What a program put on the network is told in the words of a transcript, so that a
//! page can promise it:
//!
//! ```text
//! [client] SYN from 40312 to 4000
//! [server] SYN ACK
//! [client] ACK
//! [client] 33 bytes
//! [server] 45 bytes
//! [client] FIN
//! [server] FIN
//! ```
//!
//! Bytes come in as [`Packet`]s; a [`Capture`] knows what they are. It says its
//! [`Line`]s, lists its packets, draws a connection as a [`Ladder`], and is written as
//! JSON by serde. [`pcap`] writes packets for Wireshark.
//!
//! # What is a line
//!
//! - A connection's `client` is the side that sent its first SYN. Where there are
//!   several connections they are numbered by their first SYN: `[client 2]`.
//! - A side's lines come in the order of its sequence numbers: `SYN …`, `SYN ACK`, the
//!   `ACK` of the handshake, `<n> bytes`, `FIN`. Its `RST` comes last, and once.
//! - Data between two of a side's other lines is one line with the sum. It stands where
//!   its first byte was seen. A FIN that carries data is the data's line, then its own;
//!   likewise an ACK.
//! - Data that a side sent after it had acknowledged the other side's FIN is a line of
//!   its own, `<n> bytes after FIN`.
//! - What was sent twice counts once. Pure acknowledgements, window updates and
//!   keep-alives are no lines, nor is what is not TCP.
//! - Between the sides, lines come in the order of the capture.
//!
//! # Which packets are a connection
//!
//! - A SYN on the ports of an earlier connection, with another first sequence number,
//!   opens a new connection. What still comes from the earlier one is known by its
//!   sequence numbers.
//! - A SYN has to be seen before what follows it. Everything else may be seen in any
//!   order, and more than once.
//! - Where no SYN was seen, the side that sent the first packet is the client.
//!
//! This crate opens no sockets and knows no processes.

mod capture;
mod connection;
mod decode;
mod flags;
mod flow;
mod follow;
mod hex;
mod ladder;
mod lines;
mod list;
mod note;
mod packet;
pub mod pcap;
mod ranges;
mod sequence;
mod side;

pub use capture::{Capture, Content, Entry, Segment, Unreadable};
pub use connection::Connection;
pub use decode::{Datagram, DecodeError};
pub use flags::Flags;
pub use ladder::{Ladder, Step};
pub use lines::{Line, Said};
pub use list::List;
pub use note::Note;
pub use packet::Packet;
pub use side::{Side, Speaker};
