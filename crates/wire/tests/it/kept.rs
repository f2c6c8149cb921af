//! The captures that are kept in `tests/captures`.

use std::{fs, path::PathBuf};

use wire::{Capture, Packet};

/// A capture file, read whole.
pub(crate) struct Kept {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    frames: Vec<Frame>,
}

struct Frame {
    time: u64,
    bytes: Vec<u8>,
    length: usize,
}

impl Kept {
    /// All captures, by their names.
    pub(crate) fn all() -> Vec<Self> {
        let mut names: Vec<String> = fs::read_dir(folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| Some(name.strip_suffix(".pcap")?.to_owned()))
            .collect();
        names.sort();
        assert!(!names.is_empty(), "no captures are kept");
        names.iter().map(|name| Self::open(name)).collect()
    }

    pub(crate) fn open(name: &str) -> Self {
        let file = fs::read(folder().join(format!("{name}.pcap"))).unwrap();
        Self {
            name: name.to_owned(),
            frames: read(&file),
            file,
        }
    }

    pub(crate) fn packets(&self) -> impl Iterator<Item = Packet<'_>> {
        self.frames.iter().map(|frame| Packet {
            time: frame.time,
            bytes: &frame.bytes,
            length: frame.length,
        })
    }

    pub(crate) fn capture(&self) -> Capture<'_> {
        Capture::read(self.packets())
    }

    /// What tshark read in it: a row for each packet, after the names of the columns.
    pub(crate) fn tshark(&self) -> String {
        fs::read_to_string(folder().join(format!("{}.tsv", self.name))).unwrap()
    }
}

pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/captures")
}

/// Reads a classic capture file with nanoseconds, in little-endian byte order.
fn read(mut file: &[u8]) -> Vec<Frame> {
    let magic: [u8; 4] = take(&mut file);
    assert_eq!(u32::from_le_bytes(magic), 0xa1b2_3c4d);
    let _rest_of_the_header: [u8; 20] = take(&mut file);
    let mut frames = Vec::new();
    while !file.is_empty() {
        let [seconds, nanoseconds, captured, length] =
            std::array::from_fn(|_| u32::from_le_bytes(take(&mut file)));
        let (bytes, rest) = file.split_at(captured as usize);
        frames.push(Frame {
            time: u64::from(seconds) * 1_000_000_000 + u64::from(nanoseconds),
            bytes: bytes.to_vec(),
            length: length as usize,
        });
        file = rest;
    }
    frames
}

fn take<const N: usize>(file: &mut &[u8]) -> [u8; N] {
    let (taken, rest) = file.split_first_chunk().expect("the file goes on");
    *file = rest;
    *taken
}
