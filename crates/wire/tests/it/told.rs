//! What is told of the kept captures: lines, list and ladder, as a terminal shows them.

use std::net::{Ipv4Addr, Ipv6Addr};

use wire::{Capture, Packet};

use crate::{
    kept::Kept,
    script::{Script, ethernet, ip},
};

/// How much of a packet's data the lists show.
const DATA: usize = 64;

/// Lines, list and ladders.
fn told(capture: &Capture<'_>) -> String {
    let mut parts = vec![capture.transcript(), capture.list(DATA).to_string()];
    for connection in capture.connections() {
        let ladder = capture.ladder(connection.number);
        parts.push(ladder.expect("a connection has a ladder").to_string());
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

#[test]
fn the_kept_captures_are_told() {
    for kept in Kept::all() {
        insta::assert_snapshot!(kept.name.clone(), told(&kept.capture()));
    }
}

#[test]
fn packets_that_are_not_tcp_or_cannot_be_read_are_listed() {
    let v4 = Ipv4Addr::LOCALHOST.into();
    let v6 = Ipv6Addr::LOCALHOST.into();
    let mut frames = Script::new(
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c PSH,ACK 1 1 +70",
    )
    .frames();
    frames.0[2].truncate(50);
    frames.0.extend([
        ethernet(&ip(v6, v6, 17, b"\x13\x88\x00\x35\x00\x0c\0\0ping"), v6),
        ethernet(&ip(v4, v4, 1, b"\x08\x00\0\0\0\0\0\0"), v4),
        ethernet(&ip(v4, v4, 253, b"an experiment"), v4),
        [&[0; 12][..], &[0x88, 0xcc], b"LLDP"].concat(),
    ]);
    insta::assert_snapshot!(told(&frames.capture()));
}

#[test]
fn as_much_data_is_shown_as_asked_for() {
    let frames = Script::new(
        "c SYN 0
         c ACK 1 1 +40",
    )
    .frames();
    let capture = frames.capture();
    let lists = [0, 1, 16, 39, 40].map(|data| capture.list(data).to_string());
    insta::assert_snapshot!(lists.join("\n"));
}

#[test]
fn one_byte_is_told_as_one() {
    let v4 = Ipv4Addr::LOCALHOST.into();
    let mut frames = Script::new("c PSH,ACK 1 1 +2").frames();
    frames.0.push(ethernet(
        &ip(v4, v4, 17, b"\x13\x88\x00\x35\x00\x09\0\0!"),
        v4,
    ));
    let packets = frames.0.iter().zip([1, 0]).map(|(frame, cut)| Packet {
        time: 0,
        bytes: &frame[..frame.len() - cut],
        length: frame.len(),
    });
    insta::assert_snapshot!(Capture::read(packets).list(DATA).to_string());
}

#[test]
fn a_capture_is_written_as_json() {
    let frames = Script::new(
        "c SYN 0
         s SYN,ACK 0 1
         c PSH,ACK 1 1 +5
         c PSH,ACK 1 1 +5",
    );
    let mut frames = frames.frames();
    frames.0.push(vec![1, 2, 3]);
    let json = serde_json::to_string_pretty(&frames.capture()).unwrap();
    insta::assert_snapshot!(json);
}

#[test]
fn a_time_is_counted_from_the_first_packet_even_if_they_come_out_of_order() {
    let times = [5_000, 3_000, 4_000];
    let packets = times.map(|time| Packet {
        time,
        bytes: &[],
        length: 0,
    });
    let capture = Capture::read(packets);
    let at: Vec<u128> = capture
        .packets()
        .iter()
        .map(|entry| entry.at.as_nanos())
        .collect();
    assert_eq!(at, [2_000, 0, 1_000]);
}

#[test]
fn there_is_no_ladder_of_a_connection_that_is_not_there() {
    let frames = Script::new("c SYN 0").frames();
    let capture = frames.capture();
    assert!(capture.ladder(1).is_some());
    assert!(capture.ladder(0).is_none());
    assert!(capture.ladder(2).is_none());
}
