//! What holds of every connection, however its bytes travelled, and of every packet,
//! whatever its bytes are.

use proptest::{prelude::*, sample::Index};
use wire::{Capture, Packet, pcap};

use crate::script::{Frames, Row, Script};

/// What two sides said to each other.
#[derive(Clone, Debug)]
struct Talk {
    client: u32,
    server: u32,
    /// What the server said after the client's FIN.
    after: u32,
}

/// How a side's bytes travelled: pieces that may overlap, each as a start and a length
/// relative to all there is.
type Pieces = Vec<(Index, Index)>;

impl Talk {
    /// The same, whatever happens to the packets: the lines of each side.
    fn lines(&self) -> [Vec<String>; 2] {
        let mut client = vec!["SYN from 40001 to 4000".to_owned(), "ACK".to_owned()];
        let mut server = vec!["SYN ACK".to_owned()];
        let said = |bytes: u32, words| (bytes > 0).then(|| format!("{bytes} bytes{words}"));
        client.extend(said(self.client, ""));
        server.extend(said(self.server, ""));
        server.extend(said(self.after, " after FIN"));
        client.push("FIN".to_owned());
        server.push("FIN".to_owned());
        [client, server]
    }

    /// The packets but the first SYN, in the order in which they would be sent.
    fn rows(&self, cuts: &[Pieces; 3]) -> Vec<Row> {
        let [client, server, after] = cuts;
        let fin = 1 + self.client;
        let end = 1 + self.server + self.after;
        let mut rows = vec![
            Row::parse("s SYN,ACK 0 1"),
            Row::parse("c ACK 1 1"),
            Row::parse(&format!("c FIN,ACK {fin} 1")),
            Row::parse(&format!("s FIN,ACK {end} {}", fin + 1)),
        ];
        rows.extend(segments("c", 1, self.client, 1, client));
        rows.extend(segments("s", 1, self.server, 1, server));
        rows.extend(segments("s", 1 + self.server, self.after, fin + 1, after));
        rows
    }
}

/// `length` bytes from `start` on, in pieces that make them up, and some more.
fn segments(who: &str, start: u32, length: u32, ack: u32, pieces: &Pieces) -> Vec<Row> {
    let mut cuts = vec![0, length];
    let mut spans = Vec::new();
    let places: Vec<u32> = (0..=length).collect();
    for (from, to) in pieces {
        let (from, to) = (*from.get(&places), *to.get(&places));
        cuts.push(from);
        spans.push((from.min(to), from.max(to)));
    }
    cuts.sort_unstable();
    spans.extend(cuts.windows(2).map(|pair| (pair[0], pair[1])));
    let rows = spans
        .iter()
        .filter(|(from, to)| from < to)
        .map(|(from, to)| {
            Row::parse(&format!(
                "{who} PSH,ACK {} {ack} +{}",
                start + from,
                to - from
            ))
        });
    rows.collect()
}

fn sides(transcript: &str) -> [Vec<String>; 2] {
    ["[client] ", "[server] "].map(|speaker| {
        let lines = transcript
            .lines()
            .filter_map(|line| line.strip_prefix(speaker));
        lines.map(str::to_owned).collect()
    })
}

prop_compose! {
    fn talk()(client in 0..300_u32, server in 0..300_u32, after in 0..300_u32) -> Talk {
        Talk { client, server, after }
    }
}

fn pieces() -> impl Strategy<Value = Pieces> {
    prop::collection::vec(any::<(Index, Index)>(), 0..8)
}

/// Everything that can be told of a capture is told.
fn tell(packets: &[Packet<'_>]) {
    let capture = Capture::read(packets.iter().copied());
    assert_eq!(capture.packets().len(), packets.len());
    let lines = capture.transcript().lines().count();
    assert!(lines <= 10 * packets.len());
    let _ = capture.list(usize::MAX).to_string();
    for connection in capture.connections() {
        let ladder = capture.ladder(connection.number).unwrap().to_string();
        for line in ladder.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
    serde_json::to_string(&capture).unwrap();
    pcap::write(Vec::new(), packets.iter().copied()).unwrap();
}

proptest! {
    #[test]
    fn each_side_says_the_same_however_its_packets_travelled(
        talk in talk(),
        cuts in [pieces(), pieces(), pieces()],
        twice in prop::collection::vec(any::<Index>(), 0..6),
        order in prop::collection::vec(any::<Index>(), 80),
        first in any::<[u32; 2]>(),
    ) {
        let mut rows = talk.rows(&cuts);
        let copies: Vec<_> = twice.iter().map(|row| rows[row.index(rows.len())].clone()).collect();
        rows.extend(copies);
        for (at, with) in order.iter().take(rows.len()).enumerate() {
            let with = with.index(rows.len());
            rows.swap(at, with);
        }
        rows.insert(0, Row::parse("c SYN 0"));

        let mut script = Script::of(rows);
        script.first = first;
        let transcript = script.transcript();
        prop_assert_eq!(sides(&transcript), talk.lines(), "{}", transcript);
    }

    #[test]
    fn any_bytes_are_told(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..120), 0..20)) {
        tell(&Frames(frames).packets().collect::<Vec<_>>());
    }

    #[test]
    fn packets_with_changed_bytes_are_told(
        talk in talk(),
        cuts in [pieces(), pieces(), pieces()],
        changes in prop::collection::vec(any::<(Index, Index, u8)>(), 1..40),
        cut in prop::collection::vec(any::<(Index, Index)>(), 0..4),
        longer in 0..200_usize,
    ) {
        let mut frames = Script::of(talk.rows(&cuts)).frames().0;
        for (frame, byte, value) in changes {
            let frame = frame.index(frames.len());
            // Headers are where it hurts.
            let byte = byte.index(frames[frame].len().min(66));
            frames[frame][byte] = value;
        }
        for (frame, length) in cut {
            let frame = frame.index(frames.len());
            let length = length.index(frames[frame].len());
            frames[frame].truncate(length + 1);
        }
        let frames = Frames(frames);
        let mut packets: Vec<_> = frames.packets().collect();
        tell(&packets);
        for packet in &mut packets {
            packet.length += longer;
        }
        tell(&packets);
    }
}
