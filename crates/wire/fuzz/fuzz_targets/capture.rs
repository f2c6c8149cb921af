//! Captures of arbitrary packets: some are arbitrary bytes, some are segments with
//! arbitrary fields on few ports, so that they get as far as a connection.
//!
//!     cargo +nightly fuzz run capture -- -max_total_time=600

#![no_main]

use std::{collections::HashSet, mem::discriminant};

use libfuzzer_sys::fuzz_target;
use wire::{Capture, Packet, Said, pcap};

fuzz_target!(|bytes: &[u8]| {
    let frames = frames(bytes);
    let once: Vec<Packet<'_>> = frames
        .iter()
        .map(|(frame, cut)| packet(frame, *cut))
        .collect();
    let capture = Capture::read(once.iter().copied());
    assert_eq!(capture.packets().len(), once.len());
    tell(&capture);
    speaks_properly(&capture);
    pcap::write(Vec::new(), once.iter().copied()).expect("times are small");

    let twice = once.iter().flat_map(|packet| [*packet, *packet]);
    assert_eq!(Capture::read(twice).transcript(), capture.transcript());
});

fn packet(frame: &[u8], cut: usize) -> Packet<'_> {
    Packet {
        time: frame.len() as u64,
        bytes: frame,
        length: frame.len() + cut,
    }
}

/// Everything that can be told is told, and a ladder fits a terminal.
fn tell(capture: &Capture<'_>) {
    let _ = capture.list(100).to_string();
    let _ = serde_json::to_string(capture).expect("a capture is JSON");
    for error in capture.unreadable() {
        assert!(!error.to_string().is_empty());
    }
    for connection in capture.connections() {
        let ladder = capture.ladder(connection.number).expect("it is there");
        assert!(
            ladder
                .to_string()
                .lines()
                .all(|line| line.chars().count() <= 80)
        );
    }
}

/// Nobody says a thing twice, but data; and no data is nothing.
fn speaks_properly(capture: &Capture<'_>) {
    let mut said = HashSet::new();
    for line in capture.lines() {
        match line.said {
            Said::Bytes(bytes) | Said::BytesAfterFin(bytes) => assert!(bytes > 0),
            other => assert!(said.insert((line.speaker, discriminant(&other))), "{line}"),
        }
    }
}

/// Frames, and how many bytes each lacks.
fn frames(mut bytes: &[u8]) -> Vec<(Vec<u8>, usize)> {
    let mut frames = Vec::new();
    while let Some((&kind, rest)) = bytes.split_first() {
        let cut = if kind & 2 == 0 { 0 } else { 7 };
        let (frame, rest) = if kind & 1 == 0 {
            segment(rest)
        } else {
            raw(rest)
        };
        frames.push((frame, cut));
        bytes = rest;
    }
    frames
}

fn raw(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let length = bytes.first().map_or(0, |&length| usize::from(length) % 100);
    let (frame, rest) = bytes.split_at(bytes.len().min(1 + length));
    (frame[frame.len().min(1)..].to_vec(), rest)
}

/// A TCP segment: ports, flags, sequence and acknowledgement number, length, window.
fn segment(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let (taken, rest) = bytes.split_at(bytes.len().min(8));
    let mut fields = [0; 8];
    fields[..taken.len()].copy_from_slice(taken);
    let [ports, flags, high, sequence, ack_high, ack, length, window] = fields;
    let length = usize::from(length) % 20;
    let total = [0, 40 + length as u8];
    let (from, to) = (ports >> 4 & 3, ports & 3);
    let frame = [
        &[0; 12][..],
        &[0x08, 0x00, 0x45, 0],
        &total,
        &[0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1],
        &[0, from, 0, to, high, 0, 0, sequence, ack_high, 0, 0, ack],
        &[0x50, flags, 0, window, 0, 0, 0, 0],
        &vec![b'x'; length],
    ]
    .concat();
    (frame, rest)
}
