//! Captures as files that Wireshark, tshark and tcpdump open: the classic format, with
//! times in nanoseconds (<https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-06.html>).

use std::io::{self, Write};

use crate::Packet;

/// What a file with times in nanoseconds begins with.
const MAGIC: u32 = 0xa1b2_3c4d;

/// The most bytes of a packet that a file of ours may hold: what tcpdump says, too.
const SNAPSHOT_LENGTH: u32 = 262_144;

/// Packets are Ethernet frames.
const LINKTYPE_ETHERNET: u32 = 1;

/// Writes packets as a capture file, in the byte order of little-endian machines.
///
/// # Errors
///
/// Those of `out`; and `InvalidInput` where a packet was seen after the year 2106, or
/// is larger than the format can say.
pub fn write<'a>(
    mut out: impl Write,
    packets: impl IntoIterator<Item = Packet<'a>>,
) -> io::Result<()> {
    out.write_all(&MAGIC.to_le_bytes())?;
    for version in [2_u16, 4] {
        out.write_all(&version.to_le_bytes())?;
    }
    // Two fields that are no longer used, then what the packets are.
    for field in [0, 0, SNAPSHOT_LENGTH, LINKTYPE_ETHERNET] {
        out.write_all(&field.to_le_bytes())?;
    }
    for packet in packets {
        let captured = packet.bytes.len();
        let nanoseconds = packet.time % 1_000_000_000;
        out.write_all(&field(packet.time / 1_000_000_000)?)?;
        out.write_all(&field(nanoseconds)?)?;
        out.write_all(&field(captured)?)?;
        out.write_all(&field(packet.length.max(captured))?)?;
        out.write_all(packet.bytes)?;
    }
    out.flush()
}

fn field(value: impl TryInto<u32>) -> io::Result<[u8; 4]> {
    let value = value.try_into().map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidInput,
            "a packet does not fit into a capture file: its time is after 2106, or it is larger than 4 GiB",
        )
    })?;
    Ok(value.to_le_bytes())
}
