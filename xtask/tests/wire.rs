//! Pages that promise packets: checked, blessed, and shown by `wire`.
//!
//! The programs are tests of this file, which take part only when they are asked for by
//! name. Where this machine cannot isolate a program, or tap it, these tests say so, and
//! pass, unless `TEST_ISOLATION` is `require`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod course;

use std::{
    env, fs,
    io::{Read, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream, UdpSocket},
    os::unix::net::{UnixListener, UnixStream},
    process::Stdio,
};

use course::{Course, Page};
use nix::{
    sys::{
        signal::{Signal, kill},
        wait::{WaitPidFlag, waitpid},
    },
    unistd::Pid,
};
use runner::Snap;
use serde_json::Value;
use socket2::SockRef;

/// Whether packets can be seen here.
fn can_tap() -> bool {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match runtime.block_on(xtask::packets::tap(Snap::Headers)) {
        Ok(_) => true,
        Err(unavailable) => {
            assert!(
                course::isolation() != "require",
                "TEST_ISOLATION=require, and there is no tap: {unavailable}"
            );
            eprintln!("skipped: {unavailable}");
            false
        }
    }
}

/// A page with a program of this file, and blocks about it.
fn page(program: &str, blocks: &[(&str, &str)]) -> Page {
    let this = env::current_exe().unwrap();
    let words = [
        &*this.to_string_lossy(),
        "--exact",
        program,
        "--ignored",
        "--nocapture",
        // With one, as on one core, libtest prints the name of a test in front of its output.
        "--test-threads=2",
    ];
    let page = Page::named("talk", 1).command("talk", &words);
    blocks
        .iter()
        .fold(page, |page, (info, expected)| page.block(info, expected))
}

/// What the talk of this file's programs looks like, if it ends in order.
const TALK: &str = "\
[client] SYN from <port:client> to <port:server>
[server] SYN ACK
[client] ACK
[client] 5 bytes
[server] 7 bytes
[client] FIN
[server] FIN
";

/// What the programs print: the same, however it ends.
const PRINTED: &str = "...\ntalking to port <port:server>\ndone\n...\n";

/// Two sides that say five and seven bytes. Gives the client, and then the server.
fn talk() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    println!("talking to port {}", address.port());
    let (mut server, _) = listener.accept().unwrap();
    client.write_all(b"hello").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    server.write_all(b"welcome").unwrap();
    client.read_exact(&mut [0; 7]).unwrap();
    (client, server)
}

#[test]
#[ignore = "a program of the other tests"]
fn ends_in_order() {
    let (client, mut server) = talk();
    client.shutdown(Shutdown::Write).unwrap();
    server.read_to_end(&mut Vec::new()).unwrap();
    println!("done");
}

#[test]
#[ignore = "a program of the other tests"]
fn breaks_off() {
    let (client, mut server) = talk();
    let zero = Some(std::time::Duration::ZERO);
    SockRef::from(&client).set_linger(zero).unwrap();
    drop(client);
    server.read_to_end(&mut Vec::new()).unwrap_err();
    println!("done");
}

/// Sends a datagram that is too large for one packet, beside a talk.
#[test]
#[ignore = "a program of the other tests"]
fn fragments() {
    let (client, mut server) = talk();
    client.shutdown(Shutdown::Write).unwrap();
    server.read_to_end(&mut Vec::new()).unwrap();
    let receiver = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    let sender = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)).unwrap();
    // Loopback takes packets of 65,536 bytes, and headers are a part of them.
    let datagram = vec![0; 65_520];
    let to = receiver.local_addr().unwrap();
    sender.send_to(&datagram, to).unwrap();
    println!("done");
}

/// Sends more packets than a tap has room for, while nobody takes them.
#[test]
#[ignore = "a program of the other tests"]
fn floods() {
    let mut test = UnixStream::connect("test.socket").unwrap();
    test.read_exact(&mut [0]).unwrap();
    let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = receiver.local_addr().unwrap();
    let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for _ in 0..20_000 {
        sender.send_to(b"!", address).unwrap();
    }
}

#[test]
fn a_page_that_is_true_about_packets_passes() {
    if !can_tap() {
        return;
    }
    let blocks = [("run=talk", PRINTED), ("wire=talk", TALK)];
    let course = Course::of(&page("ends_in_order", &blocks));
    let told = course.xtask(&["check", "--format", "json"]);
    assert_eq!(told.code, 0, "{}", told.whole());

    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    let of = |name: &str| {
        let checks = document["checks"].as_array().unwrap();
        let found = checks.iter().find(|check| check["check"] == name);
        found.unwrap_or_else(|| panic!("no check {name}: {document}"))
    };
    let (run, wire) = (of("run talk"), of("wire talk"));
    assert_eq!(wire["status"], "passed");
    assert_eq!(wire["runs"], 1);
    assert_eq!(run["names"], wire["names"]);
    let names = wire["names"].as_object().unwrap();
    assert_eq!(
        names.keys().collect::<Vec<_>>(),
        ["port:client", "port:server"]
    );
}

#[test]
fn a_program_that_breaks_off_fails_by_its_packets_alone() {
    if !can_tap() {
        return;
    }
    let blocks = [("run=talk", PRINTED), ("wire=talk", TALK)];
    let course = Course::of(&page("breaks_off", &blocks));
    let told = course.xtask(&["check"]);
    let told = told.whole();
    let lines = told
        .lines()
        .map(|line| match line.split_once(" SYN from ") {
            Some((before, _)) => format!("{before} SYN from PORT to PORT\n"),
            None => format!("{}\n", line.trim_end()),
        });
    insta::assert_snapshot!(lines.collect::<String>());
}

#[test]
fn ports_on_the_wire_are_those_that_were_printed() {
    if !can_tap() {
        return;
    }
    let swapped = TALK.replace("from <port:client> to", "from <port:server> to");
    let swapped = swapped.replace("to <port:server>", "to <port:other>");
    let blocks = [("run=talk", PRINTED), ("wire=talk", &*swapped)];
    let told = Course::of(&page("ends_in_order", &blocks)).xtask(&["check"]);
    assert_eq!(told.code, 1, "{}", told.whole());
    for part in [
        "<port:server> stands for one text on the page, and for several in the run",
        " of the output of talk, ",
        " in line 1 of the wire of talk, ",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.whole());
    }
}

#[test]
fn without_a_network_of_its_own_a_programs_packets_are_skipped() {
    let blocks = [("run=talk", PRINTED), ("wire=talk", TALK)];
    let course = Course::of(&page("ends_in_order", &blocks));
    let told = course.xtask(&["check", "--isolation", "off"]);
    insta::assert_snapshot!(told.whole());

    let told = course.xtask(&["check", "--isolation", "off", "--format", "json"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let document: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(document["summary"]["skipped"], 1);
    let checks = document["checks"].as_array().unwrap();
    let wire = checks.iter().find(|check| check["check"] == "wire talk");
    assert!(
        wire.unwrap()["detail"]
            .as_str()
            .unwrap()
            .contains("--isolation off")
    );
}

#[test]
fn packets_that_were_lost_make_a_check_incomplete() {
    if !can_tap() {
        return;
    }
    let course = Course::of(&page("floods", &[("wire=talk", TALK)]));
    let socket = course.lesson("talk", 1).join("test.socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let mut check = course.command(&["check"]);
    let check = check.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let check = check.unwrap();

    // While the check is stopped, nobody takes packets.
    let (mut program, _) = listener.accept().unwrap();
    let pid = Pid::from_raw(i32::try_from(check.id()).unwrap());
    kill(pid, Signal::SIGSTOP).unwrap();
    waitpid(pid, Some(WaitPidFlag::WUNTRACED)).unwrap();
    program.write_all(b"!").unwrap();
    // Its end of the socket is closed when it has ended.
    program.read_to_end(&mut Vec::new()).unwrap();
    kill(pid, Signal::SIGCONT).unwrap();

    let told = check.wait_with_output().unwrap();
    let stdout = String::from_utf8(told.stdout).unwrap();
    assert_eq!(told.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("incomplete  talk  (wire talk)"), "{stdout}");
    assert!(
        stdout.contains("packets of the program were lost"),
        "{stdout}"
    );
    assert!(!stdout.contains("mismatch"), "{stdout}");
}

#[test]
fn bless_writes_packets_into_the_page() {
    if !can_tap() {
        return;
    }
    let changed = TALK.replace("5 bytes", "6 bytes");
    let blocks = [("run=talk", PRINTED), ("wire=talk", &*changed)];
    let course = Course::of(&page("ends_in_order", &blocks));
    let told = course.xtask(&["bless"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let lesson = course.lesson("talk", 1).join("lesson.md");
    assert!(fs::read_to_string(&lesson).unwrap().contains(TALK));

    // A block that is still empty.
    let course = Course::of(&page("ends_in_order", &[("wire=talk", "")]));
    let told = course.xtask(&["bless"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    let lesson = course.lesson("talk", 1).join("lesson.md");
    let text = fs::read_to_string(&lesson).unwrap();
    assert!(
        text.contains("[client] SYN from <port> to <port>\n[server] SYN ACK\n"),
        "{text}"
    );
    assert_eq!(course.xtask(&["check"]).code, 0);
}

#[test]
fn packets_that_cannot_be_read_make_a_check_incomplete() {
    if !can_tap() {
        return;
    }
    if let Err(error) = UdpSocket::bind((Ipv6Addr::LOCALHOST, 0)) {
        eprintln!("skipped: there is no IPv6 here: {error}");
        return;
    }
    let course = Course::of(&page(
        "fragments",
        &[("run=talk", PRINTED), ("wire=talk", TALK)],
    ));
    let told = course.xtask(&["check"]);
    assert_eq!(told.code, 1, "{}", told.whole());
    for part in [
        "incomplete  talk  (wire talk)",
        "2 of 3 checks passed",
        " cannot be read: it is a fragment of an IP packet",
        "; 1 more cannot be read. `cargo xtask wire` shows each packet.",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.whole());
    }
    let told = course.xtask(&["bless"]);
    assert_eq!(told.code, 1, "{}", told.whole());
    assert!(told.whole().contains("cannot be read"), "{}", told.whole());
}

#[test]
fn every_packet_is_shown_with_a_ladder_of_its_connection() {
    if !can_tap() {
        return;
    }
    let course = Course::of(&page("ends_in_order", &[("wire=talk", TALK)]));
    let told = course.xtask(&["wire", "talk", "talk"]);
    assert_eq!(told.code, 0, "{}", told.whole());
    // Which acknowledgements travel alone is the kernel's business.
    for part in [
        "talk: ",
        " packets, 1 connection\n",
        "[client] 127.0.0.1:",
        "  SYN ACK    0    1  ",
        "0000  68 65 6c 6c 6f ",
        "  hello\n",
        "├─ SYN  seq 0 ───",
        "─── SYN ACK  seq 0 ack 1 ─┤\n",
        "├─ 5 bytes  seq 1 ack 1 ───",
        "    [server] 7 bytes\n    [client] FIN\n    [server] FIN\n",
    ] {
        assert!(told.stdout.contains(part), "{part}\n{}", told.whole());
    }
}

#[test]
fn packets_can_be_had_as_json_and_as_a_capture_file() {
    if !can_tap() {
        return;
    }
    let course = Course::of(&page("ends_in_order", &[("wire=talk", TALK)]));
    let file = course.root().join("talk.pcap");
    let file = file.to_string_lossy();
    let args = ["wire", "talk", "talk", "--format", "json", "--pcap", &file];
    for _ in 0..2 {
        // The second time the first capture is replaced.
        let told = course.xtask(&args);
        assert_eq!(told.code, 0, "{}", told.whole());
        let document: Value = serde_json::from_str(&told.stdout).unwrap();
        assert_eq!(document["ended"], "exit code 0");
        assert_eq!(document["lines"].as_array().unwrap().len(), 7);
        let packets = document["packets"].as_array().unwrap();
        let data = packets.iter().find(|packet| packet["length"] == 5).unwrap();
        assert_eq!(data["data"], "68656c6c6f");
        assert_eq!(data["sequence"], 1);

        let capture = fs::read(&*file).unwrap();
        assert_eq!(capture[..4], [0x4d, 0x3c, 0xb2, 0xa1]);
        let data: usize = packets
            .iter()
            .map(|packet| packet["length"].as_u64().unwrap())
            .sum::<u64>()
            .try_into()
            .unwrap();
        // The file's header, and for each packet a header and 66 bytes before the data;
        // a SYN has 8 more.
        assert_eq!(capture.len(), 24 + packets.len() * (16 + 66) + data + 2 * 8);
    }

    fs::write(&*file, "notes of mine\n").unwrap();
    let told = course.xtask(&args);
    assert_eq!(told.code, 2);
    assert!(told.stderr.contains("is not a capture"), "{}", told.whole());
    assert_eq!(fs::read_to_string(&*file).unwrap(), "notes of mine\n");
}
