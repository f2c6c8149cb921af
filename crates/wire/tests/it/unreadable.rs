//! Packets that cannot be read: which, and what is wrong with them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wire::{Capture, Content, Packet};

use crate::script::{Frames, Script, ethernet, ip};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// Where things stand in a frame with an IPv4 packet.
const IP: usize = 14;
const TCP: usize = 34;

/// A good frame: an ACK with five bytes of data.
fn frame() -> Vec<u8> {
    Script::new("c PSH,ACK 1 1 +5").frames().0.remove(0)
}

fn changed(change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut frame = frame();
    change(&mut frame);
    frame
}

fn udp(length: u16, data: &[u8]) -> Vec<u8> {
    let length = length.to_be_bytes();
    ethernet(
        &ip(
            V4,
            V4,
            17,
            &[&[0, 1, 0, 2], &length[..], &[0, 0], data].concat(),
        ),
        V4,
    )
}

#[test]
fn what_is_wrong_is_said_of_each_packet() {
    let cases = [
        ("nothing", vec![]),
        ("an Ethernet header that is cut off", vec![0; 13]),
        ("no IP packet", changed(|frame| frame.truncate(IP))),
        (
            "an IPv4 header that is cut off",
            changed(|frame| frame.truncate(IP + 19)),
        ),
        (
            "a TCP header that is cut off",
            changed(|frame| frame.truncate(TCP + 19)),
        ),
        (
            "data that is cut off",
            changed(|frame| frame.truncate(TCP + 22)),
        ),
        (
            "an IP version that nobody knows",
            changed(|frame| frame[IP] = 0x55),
        ),
        (
            "an IPv4 header that is too short",
            changed(|frame| frame[IP] = 0x44),
        ),
        (
            "a total length shorter than the header",
            changed(|frame| frame[IP + 3] = 19),
        ),
        (
            "a total length of the header alone",
            changed(|frame| frame[IP + 3] = 20),
        ),
        (
            "an ICMP message that is longer than its kind",
            ethernet(&ip(V4, V4, 1, &[&[13, 0][..], &[0; 22]].concat()), V4),
        ),
        (
            "a total length that ends inside the TCP header",
            changed(|frame| frame[IP + 3] = 30),
        ),
        (
            "a total length beyond the packet",
            changed(|frame| frame[IP + 2] = 200),
        ),
        (
            "a fragment: more follow",
            changed(|frame| frame[IP + 6] = 0x20),
        ),
        (
            "a fragment: not the first",
            changed(|frame| frame[IP + 7] = 1),
        ),
        (
            "a TCP header that is too short",
            changed(|frame| frame[TCP + 12] = 0x40),
        ),
        (
            "a TCP header longer than the packet",
            changed(|frame| frame[TCP + 12] = 0xf0),
        ),
        ("a UDP length shorter than the header", udp(7, b"")),
        ("a UDP length beyond the packet", udp(100, b"ping")),
        (
            "a UDP header that is cut off",
            ethernet(&ip(V4, V4, 17, &[0; 7]), V4),
        ),
        (
            "an IPv6 header that is cut off",
            ethernet(&ip(V6, V6, 6, b"")[..39], V6),
        ),
        (
            "an IPv6 extension that is cut off",
            ethernet(&ip(V6, V6, 0, &[6, 200, 0, 0, 0, 0, 0, 0]), V6),
        ),
        (
            "an IPv6 fragment",
            ethernet(
                &ip(V6, V6, 44, &[[6, 0, 0, 1, 0, 0, 0, 1], [0; 8]].concat()),
                V6,
            ),
        ),
    ];
    let mut told = Vec::new();
    for (name, frame) in cases {
        let frames = Frames(vec![frame]);
        let capture = frames.capture();
        let errors: Vec<String> = capture
            .unreadable()
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors.len(), 1, "{name}");
        assert_eq!(capture.transcript(), "", "{name}");
        told.push(format!("{name}\n    {}", errors.concat()));
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn an_unreadable_packet_does_not_hide_the_others() {
    let mut frames = Script::new(
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c PSH,ACK 1 1 +5",
    )
    .frames();
    frames.0.insert(2, vec![1, 2, 3]);
    let capture = frames.capture();
    assert_eq!(capture.transcript().lines().count(), 4);
    assert_eq!(capture.packets().len(), 5);
    let unreadable: Vec<usize> = capture.unreadable().map(|error| error.packet).collect();
    assert_eq!(unreadable, [3]);
}

/// `frame` with as much captured as `captured` says, however long it was.
fn cut(frame: &[u8], captured: usize) -> String {
    let packet = Packet {
        time: 0,
        bytes: &frame[..captured],
        length: frame.len(),
    };
    let capture = Capture::read([packet]);
    let error = capture.unreadable().next().map(|error| error.to_string());
    error.unwrap_or_else(|| capture.transcript())
}

#[test]
fn a_capture_may_be_limited_to_the_headers() {
    let frame = frame();
    assert_eq!(cut(&frame, TCP + 25), "[client] 5 bytes\n");
    assert_eq!(cut(&frame, TCP + 20), "[client] 5 bytes\n");
    insta::assert_snapshot!(cut(&frame, TCP + 19));
}

#[test]
fn a_limited_capture_is_no_excuse_for_a_wrong_length() {
    let mut frame = frame();
    frame[IP + 2] = 200;
    insta::assert_snapshot!(cut(&frame, TCP + 20));
}

#[test]
fn what_follows_an_ip_packet_in_its_frame_is_no_data() {
    let padded = changed(|frame| frame.extend([0; 30]));
    assert_eq!(cut(&padded, padded.len()), "[client] 5 bytes\n");
}

#[test]
fn a_packet_too_large_for_its_length_field_says_0() {
    let large = changed(|frame| frame[IP + 2..IP + 4].fill(0));
    assert_eq!(cut(&large, large.len()), "[client] 5 bytes\n");
    assert_eq!(cut(&large, large.len() - 3), "[client] 5 bytes\n");
}

#[test]
fn ip_options_and_extensions_are_read_over() {
    let tcp = &frame()[TCP..];
    let hop_by_hop = [&[6, 0, 1, 4, 0, 0, 0, 0], tcp].concat();
    let v6 = ethernet(&ip(V6, V6, 0, &hop_by_hop), V6);
    assert_eq!(cut(&v6, v6.len()), "[client] 5 bytes\n");

    let mut v4 = frame();
    v4[IP] = 0x46;
    v4[IP + 3] += 4;
    v4.splice(TCP..TCP, [1, 1, 1, 1]);
    assert_eq!(cut(&v4, v4.len()), "[client] 5 bytes\n");
}

/// How many bytes of data a UDP datagram has, and how many of them were captured.
fn lengths(frame: &[u8], captured: usize) -> (u32, usize) {
    let packet = Packet {
        time: 0,
        bytes: &frame[..captured],
        length: frame.len(),
    };
    match &Capture::read([packet]).packets()[0].content {
        Content::Udp(datagram) => (datagram.length, datagram.payload.len()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_datagram_may_be_empty_or_cut_off() {
    let empty = udp(8, b"");
    assert_eq!(lengths(&empty, empty.len()), (0, 0));
    let ping = udp(12, b"ping");
    assert_eq!(lengths(&ping, ping.len()), (4, 4));
    assert_eq!(lengths(&ping, ping.len() - 3), (4, 1));
    // RFC 2675: a datagram that is too large for the field says 0.
    let large = udp(0, b"ping");
    assert_eq!(lengths(&large, large.len() - 3), (4, 1));
}
