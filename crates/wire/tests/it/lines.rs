//! What a capture says: the lines of a page's transcript.

use std::net::Ipv6Addr;

use crate::script::Script;

/// A name for the case, the packets, and the lines that they say.
type Case = (&'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    (
        "an exchange",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c PSH,ACK 1 1 +12
         s ACK 1 13
         c PSH,ACK 13 1 +21
         s PSH,ACK 1 34 +45
         c ACK 34 46
         c FIN,ACK 34 46
         s FIN,ACK 46 35
         c ACK 35 47",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 33 bytes
         [server] 45 bytes
         [client] FIN
         [server] FIN",
    ),
    (
        "a SYN that a reset answers",
        "c SYN 0
         s RST,ACK 0 1 w0",
        "[client] SYN from 40001 to 4000
         [server] RST",
    ),
    (
        "a SYN that nobody answers, sent three times",
        "c SYN 0
         c SYN 0
         c SYN 0",
        "[client] SYN from 40001 to 4000",
    ),
    (
        "a handshake in which everything is sent twice",
        "c SYN 0
         s SYN,ACK 0 1
         s SYN,ACK 0 1
         c ACK 1 1
         c ACK 1 1",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK",
    ),
    (
        "a handshake that the first data completes",
        "c SYN 0
         s SYN,ACK 0 1
         c PSH,ACK 1 1 +5",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 5 bytes",
    ),
    (
        "data without an acknowledgement, which completes nothing",
        "c SYN 0
         s SYN,ACK 0 1
         c PSH 1 +5",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] 5 bytes",
    ),
    (
        "data in the SYN, which the server takes",
        "c SYN 0 +10
         s SYN,ACK 0 11
         c ACK 11 1
         c PSH,ACK 11 1 +5",
        "[client] SYN from 40001 to 4000
         [client] 10 bytes
         [server] SYN ACK
         [client] ACK
         [client] 5 bytes",
    ),
    (
        "data in the SYN, which the server does not take",
        "c SYN 0 +10
         s SYN,ACK 0 1
         c PSH,ACK 1 1 +10",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 10 bytes",
    ),
    (
        "a half-close, and an answer after it",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         s PSH,ACK 1 1 +7
         c PSH,ACK 1 8 +14
         c FIN,ACK 15 8
         s ACK 8 16
         s PSH,ACK 8 16 +8
         s FIN,ACK 16 16
         c ACK 16 17",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [server] 7 bytes
         [client] 14 bytes
         [client] FIN
         [server] 8 bytes after FIN
         [server] FIN",
    ),
    (
        "data that was under way when the other side's FIN came, sent again after it",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         s PSH,ACK 1 1 +10
         c FIN,ACK 1 1
         s PSH,ACK 1 2 +10
         s PSH,ACK 11 2 +5",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [server] 10 bytes
         [client] FIN
         [server] 5 bytes after FIN",
    ),
    (
        "the same, where the copy that was sent first is seen last",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c FIN,ACK 1 1
         s PSH,ACK 1 2 +10
         s PSH,ACK 11 2 +5
         s PSH,ACK 1 1 +10",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] FIN
         [server] 10 bytes
         [server] 5 bytes after FIN",
    ),
    (
        "a FIN that carries data, sent twice, the second time with all the data",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c PSH,ACK 1 1 +4
         c FIN,PSH,ACK 5 1 +6
         c FIN,PSH,ACK 1 1 +10
         s FIN,ACK 1 12",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 10 bytes
         [client] FIN
         [server] FIN",
    ),
    (
        "a close at the same time",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c FIN,ACK 1 1
         s FIN,ACK 1 1
         c ACK 2 2
         s ACK 2 2",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] FIN
         [server] FIN",
    ),
    (
        "an open at the same time",
        "c SYN 0
         s SYN 0
         c SYN,ACK 0 1
         s SYN,ACK 0 1
         c PSH,ACK 1 1 +3",
        "[client] SYN from 40001 to 4000
         [server] SYN from 4000 to 40001
         [client] SYN ACK
         [server] SYN ACK
         [client] 3 bytes",
    ),
    (
        "resets, which are said once a side",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c PSH,ACK 1 1 +4
         s PSH,ACK 1 5 +9
         c RST 5
         c RST 5
         s RST 10",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 4 bytes
         [server] 9 bytes
         [client] RST
         [server] RST",
    ),
    (
        "a FIN, and a reset for what comes after it",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         s FIN,ACK 1 1
         c ACK 1 2
         c PSH,ACK 1 2 +15
         s RST 2",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [server] FIN
         [client] 15 bytes after FIN
         [server] RST",
    ),
    (
        "keep-alives with and without a byte, their answers, window updates",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c ACK 0 1
         s ACK 1 1
         c ACK 0 1 +1
         s ACK 1 1
         c PSH,ACK 1 1 +8
         c ACK 8 1 +1
         s ACK 1 9 w0
         s ACK 1 9 w700",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 8 bytes",
    ),
    (
        "segments that overlap, and come in the wrong order",
        "c SYN 0
         s SYN,ACK 0 1
         c FIN,ACK 31 1
         c ACK 21 1 +10
         c ACK 5 1 +10
         s ACK 1 1
         c ACK 1 1 +10
         c ACK 12 1 +15",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 30 bytes
         [client] FIN",
    ),
    (
        "data that never came: what is there is counted",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         c ACK 1 1 +10
         c ACK 101 1 +10",
        "[client] SYN from 40001 to 4000
         [server] SYN ACK
         [client] ACK
         [client] 20 bytes",
    ),
    (
        "several connections at once",
        "c1 SYN 0
         c2 SYN 0
         s2 SYN,ACK 0 1
         s1 RST,ACK 0 1
         c2 ACK 1 1
         c3 SYN 0",
        "[client 1] SYN from 40001 to 4000
         [client 2] SYN from 40002 to 4000
         [server 2] SYN ACK
         [server 1] RST
         [client 2] ACK
         [client 3] SYN from 40003 to 4000",
    ),
    (
        "ports that are used again, and a last word from before",
        "c SYN 0
         s SYN,ACK 0 1
         c ACK 1 1
         s PSH,ACK 1 1 +5
         s FIN,ACK 6 1
         c FIN,ACK 1 7
         c SYN 5000000
         s PSH,ACK 1 1 +5
         s ACK 7 2
         s SYN,ACK 6000000 5000001
         c ACK 5000001 6000001
         s PSH,ACK 6000001 5000001 +3
         c RST 2",
        "[client 1] SYN from 40001 to 4000
         [server 1] SYN ACK
         [client 1] ACK
         [server 1] 5 bytes
         [server 1] FIN
         [client 1] FIN
         [client 2] SYN from 40001 to 4000
         [server 2] SYN ACK
         [client 2] ACK
         [server 2] 3 bytes
         [client 1] RST",
    ),
    (
        "ports that are used again before anything was answered; found by the fuzzer",
        "c SYN 0 +18
         c SYN 70000 +10
         s PSH 100 +18",
        "[client 1] SYN from 40001 to 4000
         [client 1] 18 bytes
         [client 2] SYN from 40001 to 4000
         [client 2] 10 bytes
         [server 2] 18 bytes",
    ),
    (
        "a second try on the same port, after a refusal",
        "c SYN 0
         s RST,ACK 0 1
         c SYN 70000
         s SYN,ACK 0 70001
         c ACK 70001 1",
        "[client 1] SYN from 40001 to 4000
         [server 1] RST
         [client 2] SYN from 40001 to 4000
         [server 2] SYN ACK
         [client 2] ACK",
    ),
    (
        "the same ports the other way round",
        "c SYN 0
         s RST,ACK 0 1
         s SYN 9000
         c SYN,ACK 9000 9001
         s ACK 9001 9001",
        "[client 1] SYN from 40001 to 4000
         [server 1] RST
         [client 2] SYN from 4000 to 40001
         [server 2] SYN ACK
         [client 2] ACK",
    ),
    (
        "a connection whose beginning was not seen",
        "c PSH,ACK 100 200 +10
         s ACK 200 110
         c FIN,ACK 110 200
         s FIN,ACK 200 111
         c ACK 111 201",
        "[client] 10 bytes
         [client] FIN
         [server] FIN",
    ),
    (
        "the same, of which the SYN ACK was seen first",
        "s SYN,ACK 0 1
         c ACK 1 1
         s PSH,ACK 1 1 +10",
        "[server] SYN ACK
         [server] 10 bytes",
    ),
    ("nothing at all", "", ""),
];

fn lines(text: &str) -> String {
    text.lines()
        .map(|line| line.trim().to_owned() + "\n")
        .collect()
}

#[test]
fn packets_are_said_in_lines() {
    for (name, packets, said) in CASES {
        assert_eq!(Script::new(packets).transcript(), lines(said), "{name}");
    }
}

#[test]
fn ipv6_says_the_same() {
    for (name, packets, said) in CASES {
        let mut script = Script::new(packets);
        script.address = Ipv6Addr::LOCALHOST.into();
        assert_eq!(script.transcript(), lines(said), "{name}");
    }
}

#[test]
fn packets_that_are_seen_twice_say_the_same() {
    for (name, packets, said) in CASES {
        let mut script = Script::new(packets);
        script.rows = script
            .rows
            .iter()
            .flat_map(|row| [row.clone(), row.clone()])
            .collect();
        assert_eq!(script.transcript(), lines(said), "{name}");
    }
}

#[test]
fn sequence_numbers_may_wrap_around_anywhere() {
    for (name, packets, said) in CASES {
        for before in 0..120 {
            let mut script = Script::new(packets);
            script.first = [0_u32.wrapping_sub(before), 0_u32.wrapping_sub(before / 2)];
            assert_eq!(
                script.transcript(),
                lines(said),
                "{name}, {before} before 0"
            );
        }
    }
}
