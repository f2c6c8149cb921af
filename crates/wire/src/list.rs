//! Every packet of a capture, one after the other, as a terminal shows them.

use std::{fmt, time::Duration};

use crate::{Capture, Content, Entry, Note, Segment, Side, hex::Dump};

/// The packets as text; made by [`Capture::list`].
#[derive(Clone, Copy, Debug)]
pub struct List<'c, 'a> {
    capture: &'c Capture<'a>,
    data: usize,
}

impl<'a> Capture<'a> {
    /// The packets as text: who the connections' sides are, then a line for each
    /// packet with time, sender, flags, relative numbers and length, and below it its
    /// data, as hexadecimal digits and as text. At most `data` bytes of a packet's data
    /// are shown; the list says how many it leaves out.
    #[must_use]
    pub fn list(&self, data: usize) -> List<'_, 'a> {
        List {
            capture: self,
            data,
        }
    }
}

/// The names of the columns.
const HEADING: [&str; 8] = ["#", "time", "from", "flags", "seq", "ack", "length", ""];

/// Which columns are flush right: numbers.
const RIGHT: [bool; 8] = [true, true, false, false, true, true, true, false];

/// The cells of a line: all columns, or number, time and words.
type Row = Vec<String>;

impl fmt::Display for List<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for connection in self.capture.connections() {
            let client = self.capture.speaker(connection.number, Side::Client);
            let server = self.capture.speaker(connection.number, Side::Server);
            let (from, to) = (connection.client, connection.server);
            writeln!(f, "[{client}] {from}  [{server}] {to}")?;
        }
        let heading = HEADING.map(str::to_owned).to_vec();
        let packets = self.capture.packets();
        let rows: Vec<Row> = packets
            .iter()
            .map(|entry| row(self.capture, entry))
            .collect();
        let widths = widths(rows.iter().chain([&heading]));
        if !self.capture.connections().is_empty() {
            writeln!(f)?;
        }
        write_row(f, &heading, widths)?;
        for (row, entry) in rows.iter().zip(packets) {
            write_row(f, row, widths)?;
            self.write_data(f, entry)?;
        }
        Ok(())
    }
}

impl List<'_, '_> {
    fn write_data(&self, f: &mut fmt::Formatter<'_>, entry: &Entry<'_>) -> fmt::Result {
        let (payload, length) = match &entry.content {
            Content::Tcp(segment) => (segment.payload, segment.length),
            Content::Udp(datagram) => (datagram.payload, datagram.length),
            Content::Other { .. } | Content::Unreadable { .. } => return Ok(()),
        };
        if self.data == 0 {
            return Ok(());
        }
        let indent = "    ";
        let shown = &payload[..payload.len().min(self.data)];
        write!(
            f,
            "{}",
            Dump {
                bytes: shown,
                indent
            }
        )?;
        let hidden = payload.len() - shown.len();
        if hidden > 0 {
            writeln!(f, "{indent}... {} more", bytes(hidden as u64))?;
        }
        let missing = usize::try_from(length).map_or(0, |length| length - payload.len());
        if missing > 0 {
            let were = if missing == 1 { "was" } else { "were" };
            writeln!(
                f,
                "{indent}... {} {were} not captured",
                bytes(missing as u64)
            )?;
        }
        Ok(())
    }
}

fn row(capture: &Capture<'_>, entry: &Entry<'_>) -> Row {
    let mut row = vec![entry.number.to_string(), Seconds(entry.at).to_string()];
    match &entry.content {
        Content::Tcp(segment) => row.extend(columns(capture, segment)),
        Content::Udp(datagram) => row.push(format!(
            "UDP from {} to {}, {}",
            datagram.source,
            datagram.destination,
            bytes(datagram.length.into())
        )),
        Content::Other { name } => row.push(name.clone()),
        Content::Unreadable { error } => row.push(format!("cannot be read: {error}")),
    }
    row
}

/// So many bytes.
fn bytes(count: u64) -> String {
    match count {
        1 => "1 byte".to_owned(),
        _ => format!("{count} bytes"),
    }
}

fn columns(capture: &Capture<'_>, segment: &Segment<'_>) -> [String; 6] {
    let ack = segment.acknowledgement;
    [
        format!("[{}]", capture.speaker(segment.connection, segment.side)),
        segment.flags.to_string(),
        segment.sequence.to_string(),
        ack.map_or_else(String::new, |number| number.to_string()),
        segment.length.to_string(),
        segment.note.map_or("", Note::words).to_owned(),
    ]
}

/// How wide each column has to be. Words take no column.
fn widths<'r>(rows: impl Iterator<Item = &'r Row>) -> [usize; 8] {
    let mut widths = [0; 8];
    for row in rows {
        let cells = if row.len() == widths.len() {
            row.len()
        } else {
            2
        };
        for (width, cell) in widths.iter_mut().zip(&row[..cells]) {
            *width = cell.len().max(*width);
        }
    }
    widths
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &Row, widths: [usize; 8]) -> fmt::Result {
    let cells = row.iter().zip(widths).zip(RIGHT);
    let cells = cells.map(|((cell, width), right)| {
        if right {
            format!("{cell:>width$}")
        } else {
            format!("{cell:width$}")
        }
    });
    let line = cells.collect::<Vec<_>>().join("  ");
    writeln!(f, "{}", line.trim_end())
}

/// A time in seconds and microseconds, as tcpdump and Wireshark show it.
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0.as_secs(), self.0.subsec_micros());
        f.pad(&text)
    }
}
