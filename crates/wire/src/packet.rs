//! What comes in: bytes that somebody saw on a network interface.

/// One packet, as an `AF_PACKET` socket gives it: an Ethernet frame. On the
/// loopback interface both of its hardware addresses are zero.
///
/// On the loopback interface a packet is seen twice, once on its way out and once
/// on its way in. A capture holds each once. (One that holds both says the same
/// lines, since what is seen twice counts once, but it lists every packet twice.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// When the kernel saw it: nanoseconds since the Unix epoch.
    pub time: u64,
    /// The bytes that were captured, from the Ethernet header on.
    pub bytes: &'a [u8],
    /// How many bytes the packet had on the wire. More than were captured, where
    /// the capture was limited; the headers have to be there all the same.
    pub length: usize,
}

impl Packet<'_> {
    /// How many of its bytes were not captured.
    pub(crate) fn cut(&self) -> usize {
        self.length.saturating_sub(self.bytes.len())
    }
}
