//! The packets that a program put on its network, as a tap has seen them.

use std::fmt;

/// How many bytes are kept at most, packets and what is known of them: a program may
/// flood its network as it may its output.
const MOST: usize = 256 << 20;

/// The packets of one run, each of them once, in the order in which they were sent.
///
/// They are Ethernet frames, as every packet of a loopback is to a packet socket; on a
/// loopback both hardware addresses are zero.
#[derive(Clone, Default)]
pub struct Capture {
    bytes: Vec<u8>,
    seen: Vec<Seen>,
    lost: u64,
}

/// One packet of a [`Capture`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// When the kernel saw it: nanoseconds since the Unix epoch.
    pub time: u64,
    /// Its first bytes, as many as were to be kept.
    pub bytes: &'a [u8],
    /// How many bytes it had.
    pub length: usize,
}

/// A packet, whose bytes end at `end` of all bytes, and begin where those before it end.
#[derive(Clone, Copy)]
struct Seen {
    time: u64,
    end: usize,
    length: usize,
}

impl Capture {
    /// The packets, in the order in which they were sent.
    pub fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        let mut begin = 0;
        self.seen.iter().map(move |seen| {
            let bytes = &self.bytes[begin..seen.end];
            begin = seen.end;
            Packet {
                time: seen.time,
                bytes,
                length: seen.length,
            }
        })
    }

    /// How many packets there were beyond those that are here: more than anybody could
    /// take in time, or more than 256 MiB of them.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost
    }

    #[cfg_attr(
        not(target_os = "linux"),
        expect(dead_code, reason = "a tap takes Linux")
    )]
    pub(crate) fn push(&mut self, packet: Packet<'_>) {
        let size = self.bytes.len() + self.seen.len() * size_of::<Seen>();
        if size + packet.bytes.len() > MOST {
            return self.lose(1);
        }
        self.bytes.extend_from_slice(packet.bytes);
        self.seen.push(Seen {
            time: packet.time,
            end: self.bytes.len(),
            length: packet.length,
        });
    }

    pub(crate) fn lose(&mut self, packets: u64) {
        self.lost += packets;
    }
}

/// How much there is, not what: a run is shown in one line.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("packets", &self.seen.len())
            .field("bytes", &self.bytes.len())
            .field("lost", &self.lost)
            .finish()
    }
}
