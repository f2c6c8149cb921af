//! What a program put on the wire, as the tap of its run has seen it.

use runner::{Capture, Isolation, Snap, Tap, Unavailable};

/// A tap, where this machine has one.
///
/// # Errors
///
/// Why it has none.
pub async fn tap(snap: Snap) -> Result<Tap, Unavailable> {
    Tap::detect(Isolation::detect().await?, snap).await
}

/// The packets of a run, read.
#[must_use]
pub fn read(capture: &Capture) -> wire::Capture<'_> {
    wire::Capture::read(packets(capture))
}

/// The packets of a run, as `wire` takes them.
pub fn packets(capture: &Capture) -> impl Iterator<Item = wire::Packet<'_>> {
    capture.packets().map(|packet| wire::Packet {
        time: packet.time,
        bytes: packet.bytes,
        length: packet.length,
    })
}

/// Why nobody can say what all packets of a program are, as a sentence or two: some were
/// lost, or cannot be read.
#[must_use]
pub fn missing(capture: &Capture, read: &wire::Capture) -> Option<String> {
    if capture.lost() > 0 {
        return Some(lost(capture.lost()));
    }
    let mut unreadable = read.unreadable();
    let first = unreadable.next()?;
    let first = match unreadable.count() {
        0 => first.to_string(),
        more => format!("{first}; {more} more cannot be read"),
    };
    Some(format!(
        "Nobody can say all that the program put on the wire: {first}. `cargo xtask wire` shows each packet."
    ))
}

/// What became of packets that nobody saw, as a sentence.
#[must_use]
pub fn lost(packets: u64) -> String {
    let (packets, were) = match packets {
        1 => ("1 packet".to_owned(), "was"),
        packets => (format!("{packets} packets"), "were"),
    };
    format!(
        "{packets} of the program {were} lost: it sent more than this machine could take in time. \
         Run it again, with less beside it; if it is always so, let the program send less."
    )
}
