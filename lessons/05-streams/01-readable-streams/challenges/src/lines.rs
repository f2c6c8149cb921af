//! `lines ADDR`: connects, and prints every line that comes, however it is cut.

use harness::judge::{
    Candidate, Challenge, Trial, Verdict, Wrong, cut,
    reading::{connected, ends_well, fails, fails_where_refused, tells_of_its_arguments},
};

/// A line has at most so many bytes, its ending not counted.
const LONGEST: usize = 65_536;
/// A line without an end is given up before so many bytes of it.
const GIVEN_UP: usize = 16 << 20;
/// So many lines fill 64 KiB and more, the largest buffer that readers usually have.
const MANY: usize = 2_000;

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    Challenge::new(
        "lines",
        "`lines ADDR` connects, and prints every line that comes, however it is cut",
    )
    .requires(
        "a line is printed as soon as it is complete",
        "whoever waits for a line should not have to wait for the next one too, or for the end",
        prints_at_once,
    )
    .requires(
        "many lines in one piece are all printed, in their order",
        "a read gives what is there, and that may be more than one line, and the beginning of another",
        prints_many,
    )
    .requires(
        "a line is printed whole, wherever it is cut",
        "a read may end anywhere: a program that takes it for a line works on one machine, and breaks on a network",
        joins_pieces,
    )
    .requires(
        "nothing but `\\n` ends a line, and any other `\\r` belongs to it",
        "a line that is cut where its sender did not end it is two wrong lines",
        ends_at_newlines_only,
    )
    .requires(
        "a `\\r` just before the `\\n` belongs to the ending, and is not printed",
        "many programs end their lines with both; whoever reads yours should not have to care",
        takes_either_ending,
    )
    .requires(
        "a line is bytes, and is printed as it came",
        "who sends something else than UTF-8, or blanks at the end, has reasons; what is replaced or trimmed is lost",
        keeps_bytes,
    )
    .requires(
        "an empty line is a line",
        "an empty line means something in many protocols: in HTTP it ends the header",
        prints_empty_lines,
    )
    .requires(
        "the stream may end after a line, or at its very beginning, with exit code 0",
        "a stream that has said everything is no failure",
        ends_where_it_may,
    )
    .requires(
        "a last line without its ending is not printed but told about, with exit code 1",
        "half a line can mean something else than the whole: `delete a` and `delete a.bak`",
        finds_a_cut_off_line,
    )
    .requires(
        "a line of 65,536 bytes is printed, with either ending",
        "a limit that is off by one refuses what was promised to work",
        prints_the_longest_line,
    )
    .requires(
        "a longer line is not printed but told about, with exit code 1",
        "a limit that does not hold is none",
        refuses_a_longer_line,
    )
    .requires(
        "a line that never ends is given up before 16 MiB of it have come",
        "whoever sends a line without an end would else decide how much memory your program takes",
        gives_up_an_endless_line,
    )
    .requires(
        "a connection that fails or breaks is told about, with exit code 1",
        "a stream that broke off looks like one that has ended, unless somebody says so",
        finds_a_broken_connection,
    )
    .requires(
        "an argument that is missing or no address is told about, with exit code 2",
        "a mistake in a command should show at once, and not look like a server that is down",
        tells_of_its_arguments,
    )
}

async fn prints_at_once(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    for line in ["red", "green", "blue"] {
        server.says(format!("{line}\n")).await?;
        prints(&mut lines, line).await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn prints_many(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    let line = |number| format!("line {number}, in one piece with {MANY} others");
    let many: Vec<String> = (1..=MANY).map(line).collect();
    server.says(many.join("\n") + "\n").await?;
    server.finishes().await?;
    for line in &many {
        prints(&mut lines, line).await?;
    }
    ends_well(&mut lines).await
}

async fn joins_pieces(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    for piece in cut::in_two("grün, 緑, green\n".as_bytes()) {
        server.says(piece).await?;
        prints(&mut lines, "grün, 緑, green").await?;
    }
    for pieces in cut::in_every_way("blå\n".as_bytes()) {
        for piece in pieces {
            server.says(piece).await?;
        }
        prints(&mut lines, "blå").await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn ends_at_newlines_only(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    // Each of these ends a line somewhere: an old Mac, a form feed, Unicode.
    for line in [
        "a\rb",
        "\ra",
        "\r\ra",
        "a\u{b}b\u{c}c\u{1e}d",
        "a\u{85}b\u{2028}c",
    ] {
        server.says(format!("{line}\n")).await?;
        prints(&mut lines, line).await?;
    }
    for piece in cut::in_two(b"a\rb\n") {
        server.says(piece).await?;
        prints(&mut lines, "a\rb").await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn takes_either_ending(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    for (said, line) in [
        ("red\r\n", "red"),
        ("green\n", "green"),
        // Only one belongs to the ending.
        ("blue\r\r\n", "blue\r"),
    ] {
        server.says(said).await?;
        prints(&mut lines, line).await?;
    }
    for piece in cut::in_two(b"red\r\n") {
        server.says(piece).await?;
        prints(&mut lines, "red").await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn keeps_bytes(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    let blanks: &[u8] = b" \t two blanks before and after \t ";
    let every_byte: Vec<u8> = (0..=u8::MAX).filter(|&byte| byte != b'\n').collect();
    for line in [
        // What some editors put in front of a text; this is the beginning of the stream.
        b"\xef\xbb\xbfred",
        blanks,
        b"caf\xc3",
        b"\xff\xfe\x00",
        every_byte.as_slice(),
    ] {
        server.says([line, b"\n"].concat()).await?;
        prints(&mut lines, line).await?;
    }
    for piece in cut::in_two(b"\xe7\xb7\x91\xe7\xb7\n") {
        server.says(piece).await?;
        prints(&mut lines, b"\xe7\xb7\x91\xe7\xb7").await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn prints_empty_lines(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    server.says("\n").await?;
    prints(&mut lines, "").await?;
    server.says("\r\n").await?;
    prints(&mut lines, "").await?;
    server.says("\n\nred\n\r\n\n").await?;
    for line in ["", "", "red", "", ""] {
        prints(&mut lines, line).await?;
    }
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn ends_where_it_may(trial: Trial) -> Verdict {
    for stream in [&["red", "green"][..], &[""], &[]] {
        let (mut lines, mut server) = connected(&trial).await?;
        for line in stream {
            server.says(format!("{line}\n")).await?;
        }
        server.finishes().await?;
        for line in stream {
            prints(&mut lines, line).await?;
        }
        ends_well(&mut lines).await?;
    }
    Ok(())
}

async fn finds_a_cut_off_line(trial: Trial) -> Verdict {
    for rest in ["green", "green\r", "\r"] {
        let (mut lines, mut server) = connected(&trial).await?;
        server.says(format!("red\n{rest}")).await?;
        prints(&mut lines, "red").await?;
        server.finishes().await?;
        fails(&mut lines).await?;
    }
    Ok(())
}

async fn prints_the_longest_line(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    let longest = long_line(LONGEST);
    server.says([&longest, &b"\n"[..]].concat()).await?;
    prints(&mut lines, &longest).await?;
    server.says([&longest, &b"\r\n"[..]].concat()).await?;
    prints(&mut lines, &longest).await?;
    // Before its last byte comes, the ending could still be a part of the line.
    server
        .says_in_pieces([&[&longest, &b"\r"[..]].concat()[..], b"\n"])
        .await?;
    prints(&mut lines, &longest).await?;
    // The limit is one of lines: what is read at once may be more.
    server
        .says([&longest, &b"\n"[..]].concat().repeat(4))
        .await?;
    for _ in 0..4 {
        prints(&mut lines, &longest).await?;
    }
    server.says("red\n").await?;
    prints(&mut lines, "red").await?;
    server.finishes().await?;
    ends_well(&mut lines).await
}

async fn refuses_a_longer_line(trial: Trial) -> Verdict {
    for (length, ending) in [
        (LONGEST + 1, &b"\n"[..]),
        (LONGEST + 1, b"\r\n"),
        // Only one of them belongs to the ending.
        (LONGEST, b"\r\r\n"),
    ] {
        let (mut lines, mut server) = connected(&trial).await?;
        server.says("red\n").await?;
        prints(&mut lines, "red").await?;
        let longer = [&long_line(length), ending, b"green\n"].concat();
        // It may hang up before it has taken all of this.
        server.pours(&longer, longer.len()).await?;
        fails(&mut lines).await?;
    }
    Ok(())
}

async fn gives_up_an_endless_line(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    server.says("red\n").await?;
    prints(&mut lines, "red").await?;
    let taken = server.pours(&long_line(LONGEST), GIVEN_UP).await?;
    if taken >= GIVEN_UP {
        return Err(Wrong::new("lines did not give the line up")
            .expected(format!("an end before {GIVEN_UP} bytes"))
            .came("no end")
            .into());
    }
    fails(&mut lines).await
}

async fn finds_a_broken_connection(trial: Trial) -> Verdict {
    let (mut lines, mut server) = connected(&trial).await?;
    server.says("red\n").await?;
    prints(&mut lines, "red").await?;
    // A stream could end here; but this is a reset, and no end.
    server.resets()?;
    fails(&mut lines).await?;
    fails_where_refused(&trial).await
}

/// The next line that it prints has to be this one, to the byte.
async fn prints(lines: &mut Candidate, line: impl AsRef<[u8]>) -> Verdict {
    lines.prints_bytes(line.as_ref()).await.map(drop)
}

/// A line of so many bytes, without its ending. Each part of it looks different, so
/// that none can be lost or come twice.
fn long_line(length: usize) -> Vec<u8> {
    let numbers = (0..).flat_map(|number: u32| format!("{number} ").into_bytes());
    numbers.take(length).collect()
}
