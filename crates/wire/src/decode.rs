//! From the bytes of a packet to what it carries: Ethernet, then IPv4 or IPv6, then
//! TCP or UDP. Nothing of a packet is believed before it was held against the
//! number of bytes that are there.

use std::net::{IpAddr, SocketAddr};

use etherparse::{
    EtherType, IpNumber, Ipv6Header, LaxNetSlice, LaxSlicedPacket, LenSource, TcpSlice,
    TransportSlice, UdpHeader, UdpSlice,
    err::{Layer, LenError, packet::SliceError},
};
use serde::Serialize;
use thiserror::Error;

use crate::{Flags, Packet, hex};

/// What a packet carries.
pub(crate) enum Decoded<'a> {
    Tcp(RawSegment<'a>),
    Udp(Datagram<'a>),
    /// What else there may be, by its name: `ARP`, `ICMP`.
    Other(String),
}

/// A TCP segment, in the numbers of its header.
pub(crate) struct RawSegment<'a> {
    pub(crate) source: SocketAddr,
    pub(crate) destination: SocketAddr,
    pub(crate) flags: Flags,
    pub(crate) sequence: u32,
    pub(crate) acknowledgement: u32,
    pub(crate) window: u16,
    /// Bytes of data on the wire.
    pub(crate) length: u32,
    /// The bytes of data that were captured.
    pub(crate) payload: &'a [u8],
}

impl RawSegment<'_> {
    /// The sequence number that follows this segment: SYN and FIN have one each.
    pub(crate) fn next(&self) -> u32 {
        let flags = [Flags::SYN, Flags::FIN].map(|flag| u32::from(self.flags.has(flag)));
        let taken = self.length.wrapping_add(flags.iter().sum());
        self.sequence.wrapping_add(taken)
    }
}

/// A UDP datagram.
#[derive(Clone, Debug, Serialize)]
pub struct Datagram<'a> {
    /// From where.
    pub source: SocketAddr,
    /// To where.
    pub destination: SocketAddr,
    /// How many bytes of data it carries.
    pub length: u32,
    /// The data that was captured; shorter than `length` where the capture was limited.
    #[serde(rename = "data", serialize_with = "hex::serialize")]
    pub payload: &'a [u8],
}

/// Why a packet cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The packet ends inside a header.
    #[error("it ends inside its {header}: {found} of {needed} bytes are there")]
    Short {
        /// Which header: `TCP header`.
        header: String,
        /// How many bytes the header takes.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// As above, because no more was captured.
    #[error(
        "no more than {captured} of its {length} bytes were captured, and they end inside its headers: capture more of each packet"
    )]
    Cut {
        /// How many bytes were captured.
        captured: usize,
        /// How many bytes the packet had.
        length: usize,
    },
    /// A header promises more than the packet has, or less than the header itself.
    #[error("its {header} header speaks of {promised} bytes, and {found} are there")]
    Length {
        /// Which header: `IPv4`.
        header: &'static str,
        /// The length that the header gives.
        promised: usize,
        /// The length that there is.
        found: usize,
    },
    /// A header says what cannot be.
    #[error("{0}")]
    Malformed(String),
    /// A piece of an IP packet.
    #[error(
        "it is a fragment of an IP packet, and fragments are not put together: send smaller packets, or use an interface with a larger MTU"
    )]
    Fragment,
}

/// Reads one packet.
///
/// # Errors
///
/// Where its headers are cut off, contradict the bytes that are there, or belong
/// to a fragment.
pub(crate) fn decode<'a>(packet: &Packet<'a>) -> Result<Decoded<'a>, DecodeError> {
    let sliced =
        LaxSlicedPacket::from_ethernet(packet.bytes).map_err(|error| too_short(packet, &error))?;
    if let Some((error, _)) = &sliced.stop_err {
        return Err(match error {
            SliceError::Len(error) => too_short(packet, error),
            other => DecodeError::Malformed(malformed(other)),
        });
    }
    let frame = sliced.ether_payload();
    let Some(ip) = sliced.net.as_ref().and_then(Ip::of) else {
        let name = frame.map_or_else(String::new, |frame| ether_type(frame.ether_type));
        return Ok(Decoded::Other(name));
    };
    let missing = ip.missing(packet, frame.map_or(0, |frame| frame.payload.len()))?;
    if ip.fragmented {
        return Err(DecodeError::Fragment);
    }
    match &sliced.transport {
        Some(TransportSlice::Tcp(tcp)) => Ok(Decoded::Tcp(segment(&ip, tcp, missing))),
        Some(TransportSlice::Udp(udp)) => datagram(&ip, udp, missing).map(Decoded::Udp),
        _ => Ok(Decoded::Other(ip_protocol(ip.protocol))),
    }
}

fn too_short(packet: &Packet<'_>, error: &LenError) -> DecodeError {
    if error.len_source == LenSource::Slice && packet.cut() > 0 {
        return DecodeError::Cut {
            captured: packet.bytes.len(),
            length: packet.length,
        };
    }
    let header = match error.layer {
        Layer::Ethernet2Header => "Ethernet header".to_owned(),
        other => other.to_string(),
    };
    if error.required_len < error.len {
        let (due, found) = (error.required_len, error.len);
        return DecodeError::Malformed(format!(
            "its {header} has {found} bytes, and should have {due}"
        ));
    }
    DecodeError::Short {
        header,
        needed: error.required_len,
        found: error.len,
    }
}

fn malformed(error: &SliceError) -> String {
    use etherparse::err::{ip::HeaderError as Ip, tcp::HeaderError as Tcp};
    match error {
        SliceError::Ip(Ip::UnsupportedIpVersion { version_number }) => {
            format!("its IP version is {version_number}; there are 4 and 6")
        }
        SliceError::Ip(Ip::Ipv4HeaderLengthSmallerThanHeader { ihl }) => {
            format!(
                "its IPv4 header speaks of {} bytes for itself; it has 20 at least",
                ihl * 4
            )
        }
        SliceError::Tcp(Tcp::DataOffsetTooSmall { data_offset }) => {
            format!(
                "its TCP header speaks of {} bytes for itself; it has 20 at least",
                data_offset * 4
            )
        }
        other => format!("its headers make no sense: {other}"),
    }
}

/// What the two versions of the Internet Protocol have in common.
struct Ip {
    version: &'static str,
    source: IpAddr,
    destination: IpAddr,
    /// How many bytes the header takes, extensions left out.
    header: usize,
    /// How many bytes header and payload take, as the header says. It says nothing
    /// where the packet is too large for its length field (RFC 2675; on Linux, "BIG
    /// TCP", IPv4 too).
    promised: Option<usize>,
    fragmented: bool,
    protocol: IpNumber,
}

impl Ip {
    fn of(net: &LaxNetSlice<'_>) -> Option<Self> {
        let payload = net.ip_payload_ref()?;
        let (version, source, destination, header, promised) = match net {
            LaxNetSlice::Ipv4(ip) => (
                "IPv4",
                ip.header().source_addr().into(),
                ip.header().destination_addr().into(),
                ip.header().slice().len(),
                usize::from(ip.header().total_len()),
            ),
            LaxNetSlice::Ipv6(ip) => (
                "IPv6",
                ip.header().source_addr().into(),
                ip.header().destination_addr().into(),
                Ipv6Header::LEN,
                match usize::from(ip.header().payload_length()) {
                    0 => 0,
                    length => Ipv6Header::LEN + length,
                },
            ),
            LaxNetSlice::Arp(_) => return None,
        };
        Some(Self {
            version,
            source,
            destination,
            header,
            promised: (promised > 0).then_some(promised),
            fragmented: payload.fragmented,
            protocol: payload.ip_number,
        })
    }

    /// How many bytes of the packet were not captured, where `found` bytes follow the
    /// Ethernet header.
    fn missing(&self, packet: &Packet<'_>, found: usize) -> Result<usize, DecodeError> {
        let Some(promised) = self.promised else {
            return Ok(packet.cut());
        };
        if promised < self.header {
            return Err(DecodeError::Length {
                header: self.version,
                promised,
                found: self.header,
            });
        }
        lack(self.version, promised, found, packet.cut())
    }
}

/// How many of the promised bytes were not captured: at most `cut`.
fn lack(
    header: &'static str,
    promised: usize,
    found: usize,
    cut: usize,
) -> Result<usize, DecodeError> {
    let missing = promised.saturating_sub(found);
    if missing > cut {
        return Err(DecodeError::Length {
            header,
            promised,
            found: found + cut,
        });
    }
    Ok(missing)
}

fn segment<'a>(ip: &Ip, tcp: &TcpSlice<'a>, missing: usize) -> RawSegment<'a> {
    RawSegment {
        source: SocketAddr::new(ip.source, tcp.source_port()),
        destination: SocketAddr::new(ip.destination, tcp.destination_port()),
        flags: flags(tcp),
        sequence: tcp.sequence_number(),
        acknowledgement: tcp.acknowledgment_number(),
        window: tcp.window_size(),
        length: bytes(tcp.payload().len() + missing),
        payload: tcp.payload(),
    }
}

fn flags(tcp: &TcpSlice<'_>) -> Flags {
    let set = [
        tcp.fin(),
        tcp.syn(),
        tcp.rst(),
        tcp.psh(),
        tcp.ack(),
        tcp.urg(),
        tcp.ece(),
        tcp.cwr(),
        tcp.ns(),
    ];
    let bits = (0..).zip(set).map(|(bit, set)| u16::from(set) << bit).sum();
    Flags::from_bits(bits)
}

fn datagram<'a>(ip: &Ip, udp: &UdpSlice<'a>, missing: usize) -> Result<Datagram<'a>, DecodeError> {
    let found = udp.slice().len();
    // A length of 0 stands for a datagram that is too large for the field: RFC 2675.
    let missing = match usize::from(udp.length()) {
        0 => missing,
        short if short < UdpHeader::LEN => {
            return Err(DecodeError::Length {
                header: "UDP",
                promised: short,
                found: UdpHeader::LEN,
            });
        }
        promised => lack("UDP", promised, found, missing)?,
    };
    Ok(Datagram {
        source: SocketAddr::new(ip.source, udp.source_port()),
        destination: SocketAddr::new(ip.destination, udp.destination_port()),
        length: bytes(udp.payload().len() + missing),
        payload: udp.payload(),
    })
}

/// A number of bytes. No packet is larger than the 4 GiB of RFC 2675.
fn bytes(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn ether_type(number: EtherType) -> String {
    match number {
        EtherType::ARP => "ARP".to_owned(),
        EtherType(number) => format!("Ethernet type {number:#06x}"),
    }
}

fn ip_protocol(number: IpNumber) -> String {
    match number.keyword_str() {
        Some(name) => name.to_owned(),
        None => format!("IP protocol {}", number.0),
    }
}
