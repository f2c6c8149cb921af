//! Proof from outside: of every packet of every kept capture, tshark read the same.

use std::{collections::HashMap, fmt::Write, process::Command};

use wire::{Content, Entry, Note};

use crate::kept::{Kept, folder};

/// What tshark read of one packet, by the names of its fields.
struct Row<'t>(HashMap<&'t str, &'t str>);

impl<'t> Row<'t> {
    fn all(table: &'t str) -> Vec<Self> {
        let mut lines = table.lines().map(|line| line.split('\t'));
        let names: Vec<&str> = lines.next().unwrap().collect();
        lines
            .map(|cells| Self(names.iter().copied().zip(cells).collect()))
            .collect()
    }

    fn text(&self, field: &str) -> &'t str {
        self.0
            .get(field)
            .unwrap_or_else(|| panic!("tshark was not asked for {field}"))
    }

    /// What tshark says of a packet, as [`ours`] says it.
    fn told(&self) -> String {
        let seconds: f64 = self.text("frame.time_relative").parse().unwrap();
        let mut told = format!("{} {seconds:.9}", self.text("frame.number"));
        match self.text("_ws.col.Protocol") {
            "TCP" => self.tell_tcp(&mut told),
            "UDP" => {
                let length: u32 = self.text("udp.length").parse().unwrap();
                let (from, to) = (self.text("udp.srcport"), self.text("udp.dstport"));
                write!(told, " udp {from} {to} len {}", length - 8).unwrap();
            }
            other => write!(told, " {other}").unwrap(),
        }
        told
    }

    fn tell_tcp(&self, told: &mut String) {
        let stream: usize = self.text("tcp.stream").parse().unwrap();
        write!(
            told,
            " tcp {} {} {} {} seq {} ack {} len {} win {} data {}",
            stream + 1,
            self.text("tcp.srcport"),
            self.text("tcp.dstport"),
            self.text("tcp.flags"),
            self.text("tcp.seq"),
            self.text("tcp.ack"),
            self.text("tcp.len"),
            self.text("tcp.window_size_value"),
            self.text("tcp.payload"),
        )
        .unwrap();
    }

    fn note(&self) -> Option<Note> {
        let notes = [
            ("tcp.analysis.retransmission", Note::Again),
            ("tcp.analysis.keep_alive", Note::Probe),
            ("tcp.analysis.zero_window", Note::WindowClosed),
            ("tcp.analysis.window_update", Note::WindowUpdate),
        ];
        let mut notes = notes
            .into_iter()
            .filter(|(field, _)| !self.text(field).is_empty());
        notes.next().map(|(_, note)| note)
    }
}

/// What we say of a packet: number, time, protocol, stream, ports, flags, relative
/// numbers, lengths.
fn ours(entry: &Entry<'_>) -> String {
    let mut told = format!("{} {:.9}", entry.number, entry.at.as_secs_f64());
    match &entry.content {
        Content::Tcp(segment) => write!(
            told,
            " tcp {} {} {} {:#06x} seq {} ack {} len {} win {} data {}",
            segment.connection,
            segment.source.port(),
            segment.destination.port(),
            segment.flags.bits(),
            segment.sequence,
            // tshark says 0 where there is no acknowledgement number.
            segment.acknowledgement.unwrap_or(0),
            segment.length,
            segment.window,
            hex(segment.payload),
        ),
        Content::Udp(datagram) => write!(
            told,
            " udp {} {} len {}",
            datagram.source.port(),
            datagram.destination.port(),
            datagram.length
        ),
        Content::Other { name } => write!(told, " {name}"),
        Content::Unreadable { error } => write!(told, " {error}"),
    }
    .unwrap();
    told
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in bytes {
        write!(digits, "{byte:02x}").unwrap();
    }
    digits
}

fn note(entry: &Entry<'_>) -> Option<Note> {
    match &entry.content {
        Content::Tcp(segment) => segment.note,
        _ => None,
    }
}

fn agree(kept: &Kept, table: &str) {
    let capture = kept.capture();
    let rows = Row::all(table);
    assert_eq!(capture.packets().len(), rows.len(), "{}", kept.name);
    for (entry, row) in capture.packets().iter().zip(&rows) {
        assert_eq!(ours(entry), row.told(), "{}", kept.name);
        // Where a socket connects to itself, tshark takes the SYN ACK for the SYN again.
        if kept.name != "self-connect" {
            assert_eq!(note(entry), row.note(), "{}: {}", kept.name, ours(entry));
        }
    }
}

#[test]
fn tshark_read_the_same_in_every_packet() {
    for kept in Kept::all() {
        agree(&kept, &kept.tshark());
    }
}

#[test]
#[ignore = "needs tshark: cargo test -p wire -- --ignored"]
fn tshark_still_reads_the_same() {
    for kept in Kept::all() {
        let table = kept.tshark();
        let fields = table.lines().next().unwrap().split('\t');
        let output = Command::new("tshark")
            .arg("-r")
            .arg(folder().join(format!("{}.pcap", kept.name)))
            .args(["-T", "fields", "-E", "header=y", "-E", "separator=/t"])
            .args(fields.flat_map(|field| ["-e", field]))
            .output()
            .expect("tshark is installed");
        agree(&kept, &String::from_utf8(output.stdout).unwrap());
    }
}
