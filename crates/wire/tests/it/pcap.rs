//! Captures as files.

use wire::{Packet, pcap};

use crate::kept::Kept;

fn written<'a>(packets: impl IntoIterator<Item = Packet<'a>>) -> Vec<u8> {
    let mut file = Vec::new();
    pcap::write(&mut file, packets).unwrap();
    file
}

#[test]
fn a_capture_is_written_as_tcpdump_wrote_it() {
    for kept in Kept::all() {
        let mut file = kept.file.clone();
        // Where tcpdump was told to cut packets off, its header says so.
        file[16..20].copy_from_slice(&262_144_u32.to_le_bytes());
        assert!(written(kept.packets()) == file, "{}", kept.name);
    }
}

#[test]
fn a_capture_of_nothing_is_a_header() {
    assert_eq!(written([]).len(), 24);
}

#[test]
fn a_time_that_the_format_cannot_say_is_an_error() {
    let packet = Packet {
        time: u64::MAX,
        bytes: &[],
        length: 0,
    };
    let error = pcap::write(Vec::new(), [packet]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[test]
fn a_packet_is_never_shorter_than_what_was_captured_of_it() {
    let packet = Packet {
        time: 0,
        bytes: &[7; 60],
        length: 10,
    };
    let file = written([packet]);
    assert_eq!(file[32..40], [60, 0, 0, 0, 60, 0, 0, 0]);
}
