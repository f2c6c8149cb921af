//! What an isolated program puts on its network is seen, each packet once.
//!
//! Where this machine cannot isolate, or tap, these tests say so, and pass, unless
//! `TEST_ISOLATION` is `require`.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::{
    env,
    io::{Read, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream, UdpSocket},
    os::unix::net::{UnixListener, UnixStream},
    thread,
};

use common::{Script, had, isolated, millis};
use runner::{Budget, Capture, Ended, Isolation, Program, Run, Snap, StartError, Tap, prepare};

/// The variable that gives a test a part to play, as a program of its own.
const PART: &str = "PART_OF_THIS_TEST";

/// The test of this name as a program that plays a part.
fn actor(test: &str, part: &str) -> Program {
    let this = env::current_exe().expect("a test has a file");
    Program::new(this, "/")
        .arg("--exact")
        .arg(test)
        .arg("--nocapture")
        .env(PART, part)
}

/// A tap, where this machine has it; says so where it has not.
async fn tap(snap: Snap) -> Option<Tap> {
    let Isolation::On(namespaces) = isolated().await? else {
        return None;
    };
    had("tap", Tap::detect(namespaces, snap).await)
}

async fn run(program: &Program, tap: Tap) -> Run {
    let prepared = prepare(program, tap).await.expect("a test is a program");
    let run = prepared.run(&millis(60_000)).await;
    let run = run.expect("a test starts itself");
    assert_eq!(run.ended, Ended::Code(0), "{}", run.stdout.text());
    run
}

fn capture(run: &Run) -> &Capture {
    run.capture.as_ref().expect("it was tapped")
}

/// What the capture says, and how much data it holds.
fn read(capture: &Capture) -> wire::Capture<'_> {
    let read = wire::Capture::read(capture.packets().map(|packet| wire::Packet {
        time: packet.time,
        bytes: packet.bytes,
        length: packet.length,
    }));
    assert_eq!(read.unreadable().collect::<Vec<_>>(), []);
    read
}

/// Sends so many bytes over a connection of its own, which ends in order.
fn send(listener: &TcpListener, bytes: usize) {
    let address = listener.local_addr().expect("it is bound");
    let sender = thread::spawn(move || {
        let mut client = TcpStream::connect(address).expect("it listens");
        client.write_all(&vec![b'x'; bytes]).expect("it is read");
        client.shutdown(Shutdown::Write).expect("it is connected");
        client.read_to_end(&mut Vec::new()).expect("it is ended");
    });
    let (mut server, _) = listener.accept().expect("somebody connects");
    let mut received = Vec::new();
    server.read_to_end(&mut received).expect("it is ended");
    assert_eq!(received.len(), bytes);
    drop(server);
    sender.join().expect("it sends");
}

#[tokio::test]
async fn a_connection_is_seen_from_its_first_packet_to_its_last() {
    if env::var(PART).is_ok() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000)).expect("a port is free");
        return send(&listener, 33);
    }
    for snap in [Snap::Headers, Snap::Whole] {
        let Some(tap) = tap(snap).await else { return };
        let test = "a_connection_is_seen_from_its_first_packet_to_its_last";
        let run = run(&actor(test, "both"), tap).await;
        let capture = capture(&run);
        let read = read(capture);
        let port = read.connections()[0].client.port();
        let expected = format!(
            "[client] SYN from {port} to 4000\n[server] SYN ACK\n[client] ACK\n\
             [client] 33 bytes\n[client] FIN\n[server] FIN\n"
        );
        assert_eq!(read.transcript(), expected);

        // Each packet once: nothing is there again.
        assert_eq!(capture.lost(), 0);
        let list = read.list(0).to_string();
        assert!(!list.contains("again"), "{list}");
        let times: Vec<u64> = capture.packets().map(|packet| packet.time).collect();
        assert!(times.is_sorted(), "{times:?}");
    }
}

#[tokio::test]
async fn a_tap_keeps_the_headers_or_the_whole_as_it_is_asked_to() {
    const BYTES: usize = 10_000;
    if env::var(PART).is_ok() {
        let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).expect("a port is free");
        return send(&listener, BYTES);
    }
    for (snap, kept) in [(Snap::Headers, 160), (Snap::Whole, BYTES)] {
        let Some(tap) = tap(snap).await else { return };
        let test = "a_tap_keeps_the_headers_or_the_whole_as_it_is_asked_to";
        let run = run(&actor(test, "both"), tap).await;
        let longest = capture(&run).packets().max_by_key(|packet| packet.length);
        let longest = longest.expect("there are packets");
        assert!(longest.length > BYTES, "{longest:?}");
        match snap {
            Snap::Headers => assert_eq!(longest.bytes.len(), kept),
            Snap::Whole => assert_eq!(longest.bytes.len(), longest.length),
        }
        let transcript = read(capture(&run)).transcript();
        assert!(
            transcript.contains("[client] 10000 bytes\n"),
            "{transcript}"
        );
    }
}

#[tokio::test]
async fn sixty_four_megabytes_are_seen_without_a_loss() {
    const BYTES: usize = 64 << 20;
    if env::var(PART).is_ok() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        return send(&listener, BYTES);
    }
    let Some(tap) = tap(Snap::Headers).await else {
        return;
    };
    let run = run(
        &actor("sixty_four_megabytes_are_seen_without_a_loss", "both"),
        tap,
    )
    .await;
    assert_eq!(capture(&run).lost(), 0);
    let transcript = read(capture(&run)).transcript();
    let line = format!("[client] {BYTES} bytes\n");
    assert!(transcript.contains(&line), "{transcript}");
}

#[tokio::test]
async fn what_nobody_could_take_in_time_is_counted() {
    const PACKETS: usize = 20_000;
    if let Ok(done) = env::var(PART) {
        let receiver = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = receiver.local_addr().expect("it is bound");
        let sender = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        for _ in 0..PACKETS {
            sender.send_to(b"!", address).expect("it is bound");
        }
        UnixStream::connect(done).expect("somebody waits");
        return;
    }
    let Some(tap) = tap(Snap::Headers).await else {
        return;
    };
    let folder = tempfile::tempdir().expect("there is room");
    let path = folder.path().join("done");
    let done = UnixListener::bind(&path).expect("there is room");
    let program = actor(
        "what_nobody_could_take_in_time_is_counted",
        &path.to_string_lossy(),
    );
    let prepared = prepare(&program, tap).await.expect("a test is a program");
    // The runtime has one thread, and while this waits, nobody takes packets.
    let keep_busy = async {
        done.accept().expect("the program is done");
    };
    let budget = millis(60_000);
    let (run, ()) = tokio::join!(prepared.run(&budget), keep_busy);
    let run = run.expect("a test starts itself");
    let capture = capture(&run);
    let seen = capture.packets().count();
    assert_eq!(seen as u64 + capture.lost(), PACKETS as u64, "{capture:?}");
    assert!(capture.lost() > 0, "{capture:?}");
}

#[tokio::test]
async fn a_program_that_is_prepared_starts_when_it_is_run() {
    let Some(tap) = tap(Snap::Headers).await else {
        return;
    };
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("started");
    let script = Script::new(&format!("touch '{}'; echo ready", file.display()));

    let prepared = prepare(&script.program, tap)
        .await
        .expect("there is a shell");
    drop(prepared);
    let prepared = prepare(&script.program, tap)
        .await
        .expect("there is a shell");
    assert!(!file.exists());

    let run = prepared.run(&Budget::default()).await;
    let run = run.expect("a shell starts");
    assert_eq!(run.stdout.text(), "ready\n");
    assert!(file.exists());
    assert_eq!(capture(&run).packets().count(), 0);
    assert_eq!(script.left(), Vec::<String>::new());
}

#[tokio::test]
async fn a_program_that_cannot_be_executed_says_so_when_it_is_run() {
    let Some(tap) = tap(Snap::Headers).await else {
        return;
    };
    let absent = Program::new("no-such-program-anywhere", "/");
    let refused = prepare(&absent, tap).await;
    assert!(
        matches!(refused, Err(StartError::NotFound(_))),
        "{refused:?}"
    );

    let nowhere = Program::new("sh", "/no/such/folder");
    let prepared = prepare(&nowhere, tap).await.expect("there is a shell");
    let refused = prepared.run(&Budget::default()).await;
    assert!(
        matches!(refused, Err(StartError::BadDir { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_tapped_program_is_held_by_its_budget() {
    let Some(tap) = tap(Snap::Headers).await else {
        return;
    };
    let script = Script::new("echo so far; exec sleep 600");
    let prepared = prepare(&script.program, tap)
        .await
        .expect("there is a shell");
    let run = prepared.run(&millis(1000)).await.expect("a shell starts");
    assert!(run.timed_out);
    assert_eq!(run.stdout.text(), "so far\n");
    assert_eq!(script.left(), Vec::<String>::new());
}
