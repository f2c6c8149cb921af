//! `records ADDR`: connects, takes apart the records that come, however they are cut, and
//! prints the content of each on a line.

use harness::judge::{
    Candidate, Challenge, Trial, Verdict, cut,
    reading::{connected, ends_well, fails, fails_where_refused, tells_of_its_arguments},
};

/// A content has at most so many bytes.
const LONGEST: usize = 1_048_576;
/// So many records fill 64 KiB and more, the largest buffer that readers usually have.
const MANY: usize = 2_000;

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    let challenge = Challenge::new(
        "records",
        "`records ADDR` connects, and prints the content of every record that comes, however it is cut",
    );
    let challenge = require_records(challenge);
    require_refusals(challenge)
        .requires(
            "the stream may end before a record or after one, with exit code 0",
            "a stream that has said everything is no failure",
            ends_where_it_may,
        )
        .requires(
            "an end within the length is told about, with exit code 1",
            "something was on its way and did not arrive; nobody else can know it",
            finds_a_cut_off_length,
        )
        .requires(
            "an end within the content or the checksum is told about, with exit code 1, and the content not printed",
            "a content whose checksum has not come is one that nobody has checked",
            finds_a_cut_off_record,
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

/// What comes of records that are right.
fn require_records(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a content is printed as soon as its record is complete",
            "whoever waits for a record should not have to wait for the next one too, or for the end",
            prints_at_once,
        )
        .requires(
            "many records in one piece are all printed, in their order",
            "a read gives what is there, and that may be more than one record, and the beginning of another",
            prints_many,
        )
        .requires(
            "a record is the same wherever it is cut, in its length and its checksum too",
            "what was sent together need not come together: a program that thinks so works on one machine, and breaks on a network",
            joins_pieces,
        )
        .requires(
            "the length is a varint, its lowest seven bits first",
            "sender and receiver have to agree on what a number looks like, or they see different records",
            reads_lengths,
        )
        .requires(
            "a record without a content is a record",
            "an empty message is a message; one that is passed over, or taken for the end, is lost",
            prints_empty_contents,
        )
        .requires(
            "a backslash is printed as `\\\\`, and a line feed as `\\n`",
            "the lines are a framing too: a content that holds its delimiter would be two",
            escapes,
        )
        .requires(
            "all other bytes are printed as they came",
            "what is not text, or has blanks at its end, has been sent for a reason; what is replaced or trimmed is lost",
            keeps_bytes,
        )
        .requires(
            "a content of 1,048,576 bytes is printed, whatever its bytes",
            "a limit that is off by one refuses what was promised to work, and a sum may outgrow the number that it is kept in",
            prints_the_longest_content,
        )
}

/// What comes of records that are wrong.
fn require_refusals(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a length above 1,048,576 is told about without waiting for its content, with exit code 1",
            "a length is only a claim, and nobody has to wait for what will not be taken",
            refuses_a_longer_content,
        )
        .requires(
            "a length of more than three bytes is told about at its third, with exit code 1",
            "a number that may go on for ever is a message without a limit",
            refuses_a_longer_length,
        )
        .requires(
            "a length that is not the shortest is told about, with exit code 1",
            "where one number has two forms, two programs that compare bytes see two messages, and whoever filters the one lets the other pass",
            refuses_a_roundabout_length,
        )
        .requires(
            "a checksum that does not fit is told about, with exit code 1, and the content not printed",
            "TCP checks what travels, not what a sender did wrong: a checksum that is read and not compared checks nothing",
            refuses_a_wrong_checksum,
        )
        .requires(
            "nothing is printed of what follows a wrong record",
            "if the length was what is wrong, what follows is no record, and may look like one",
            stops_at_what_is_wrong,
        )
}

async fn prints_at_once(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    for content in ["red", "green", "blue"] {
        server.says(record(content)).await?;
        prints(&mut records, content).await?;
    }
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn prints_many(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    let content = |number| format!("record {number}, in one piece with {MANY} others");
    let contents: Vec<String> = (1..=MANY).map(content).collect();
    let many: Vec<u8> = contents.iter().flat_map(record).collect();
    server.says(many).await?;
    server.finishes().await?;
    for content in &contents {
        prints(&mut records, content).await?;
    }
    ends_well(&mut records).await
}

async fn joins_pieces(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    // A length of one byte, and one of two.
    for content in ["hello, all", &"all work and no play ".repeat(7)] {
        for piece in cut::in_two(&record(content)) {
            server.says(piece).await?;
            prints(&mut records, content).await?;
        }
    }
    for pieces in cut::in_every_way(&record("hi")) {
        server.says_in_pieces(pieces).await?;
        prints(&mut records, "hi").await?;
    }
    // A length of three bytes, each alone, and a content for which many reads are needed,
    // whatever the reader.
    let long = numbers(1_000_000);
    let record = record(&long);
    let (length, rest) = record.split_at(3);
    server.says_in_pieces(length.chunks(1)).await?;
    server.says(rest).await?;
    prints(&mut records, &long).await?;
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn reads_lengths(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    // On both sides of each place where a byte more is needed, and some in which every
    // part of the number is another one.
    for length in [1, 127, 128, 129, 300, 16_383, 16_384, 16_385, 70_000] {
        let content = numbers(length);
        server.says(record(&content)).await?;
        prints(&mut records, &content).await?;
    }
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn prints_empty_contents(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    // Alone: nothing behind it makes the program look again.
    server.says(record("")).await?;
    prints(&mut records, "").await?;
    let contents = ["", "", "red", ""];
    server.says(contents.map(record).concat()).await?;
    for content in contents {
        prints(&mut records, content).await?;
    }
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn escapes(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    for (content, line) in [
        (
            "roses are red,\nviolets are blue",
            r"roses are red,\nviolets are blue",
        ),
        ("\n", r"\n"),
        ("\\", r"\\"),
        (r"C:\new", r"C:\\new"),
        ("\\\n\n\\", r"\\\n\n\\"),
    ] {
        server.says(record(content)).await?;
        records.prints_bytes(line.as_bytes()).await?;
    }
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn keeps_bytes(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    let blanks: &[u8] = b" \t two blanks before and after \t ";
    let is_kept = |byte: &u8| !matches!(byte, b'\n' | b'\\');
    let every_other_byte: Vec<u8> = (0..=u8::MAX).filter(is_kept).collect();
    for content in [
        blanks,
        "\"grün\", '緑'".as_bytes(),
        b"caf\xc3",
        b"carriage return\r",
        b"\0",
        &every_other_byte,
    ] {
        server.says(record(content)).await?;
        records.prints_bytes(content).await?;
    }
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn prints_the_longest_content(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    let longest = [0, b'x', 0xff].map(|byte| vec![byte; LONGEST]);
    for content in &longest {
        server.says(record(content)).await?;
        prints(&mut records, content).await?;
    }
    // The limit is one of contents: what is read at once may be more.
    server.says(longest.each_ref().map(record).concat()).await?;
    for content in &longest {
        prints(&mut records, content).await?;
    }
    server.says(record("red")).await?;
    prints(&mut records, "red").await?;
    server.finishes().await?;
    ends_well(&mut records).await
}

async fn refuses_a_longer_content(trial: Trial) -> Verdict {
    for length in [LONGEST + 1, 2 * LONGEST - 1] {
        holds_on_after(&trial, &varint(length)).await?;
    }
    Ok(())
}

async fn refuses_a_longer_length(trial: Trial) -> Verdict {
    for length in [[0x80; 3], [0xff; 3], [0x85, 0x80, 0x80]] {
        holds_on_after(&trial, &length).await?;
    }
    Ok(())
}

/// A wrong length comes, and then nothing: no content, and no end.
async fn holds_on_after(trial: &Trial, length: &[u8]) -> Verdict {
    let (mut records, mut server) = connected(trial).await?;
    server.says(record("red")).await?;
    prints(&mut records, "red").await?;
    server.says(length).await?;
    fails(&mut records).await
}

async fn refuses_a_roundabout_length(trial: Trial) -> Verdict {
    for (length, content) in [
        (&[0x80, 0][..], ""),
        (&[0x85, 0], "green"),
        (&[0x80, 0x80, 0], ""),
        (&[0x85, 0x80, 0], "green"),
    ] {
        let (mut records, mut server) = connected(&trial).await?;
        server.says(record("red")).await?;
        prints(&mut records, "red").await?;
        // All the rest is as it should be.
        let checksum = adler32(content.as_bytes()).to_be_bytes();
        server
            .says([length, content.as_bytes(), &checksum].concat())
            .await?;
        fails(&mut records).await?;
        holds_on_after(&trial, length).await?;
    }
    Ok(())
}

async fn refuses_a_wrong_checksum(trial: Trial) -> Verdict {
    let right = record("green");
    let wrong = |place: usize, byte: u8| {
        let mut record = right.clone();
        record[place] = byte;
        record
    };
    // Each byte of the checksum, one of the content, and two that have changed places.
    let mut swapped = right.clone();
    swapped.swap(1, 2);
    let mut backwards = right.clone();
    backwards[6..].reverse();
    let records = (6..10).map(|place| wrong(place, right[place] ^ 1));
    // The checksum of nothing is not 0.
    let empty = vec![0; 5];
    for wrong in records.chain([wrong(1, b'G'), swapped, backwards, empty]) {
        let (mut records, mut server) = connected(&trial).await?;
        server.says(record("red")).await?;
        prints(&mut records, "red").await?;
        // Without an end: the checksum alone has to tell.
        server.says(&wrong).await?;
        fails(&mut records).await?;
    }
    Ok(())
}

async fn stops_at_what_is_wrong(trial: Trial) -> Verdict {
    let mut wrong_checksum = record("green");
    wrong_checksum[1] = b'G';
    for wrong in [&wrong_checksum[..], &[0xff, 0xff, 0xff], &[0x80, 0]] {
        let (mut records, mut server) = connected(&trial).await?;
        // Behind it, in the same piece, is what looks like a good record.
        server
            .says([&record("red"), wrong, &record("blue")].concat())
            .await?;
        prints(&mut records, "red").await?;
        fails(&mut records).await?;
    }
    Ok(())
}

async fn ends_where_it_may(trial: Trial) -> Verdict {
    for contents in [&["red", "green"][..], &[""], &[]] {
        let (mut records, mut server) = connected(&trial).await?;
        for content in contents {
            server.says(record(content)).await?;
        }
        server.finishes().await?;
        for content in contents {
            prints(&mut records, content).await?;
        }
        ends_well(&mut records).await?;
    }
    Ok(())
}

async fn finds_a_cut_off_length(trial: Trial) -> Verdict {
    for rest in [&[0x80][..], &[0x85], &[0xff, 0xff]] {
        ends_within_a_record(&trial, rest).await?;
    }
    Ok(())
}

async fn finds_a_cut_off_record(trial: Trial) -> Verdict {
    let whole = record("green");
    for length in [1, 2, 5, 6, 7, 9] {
        ends_within_a_record(&trial, &whole[..length]).await?;
    }
    // All that is missing is the checksum of nothing.
    ends_within_a_record(&trial, &[0]).await
}

/// One whole record, then this much of another, and the end.
async fn ends_within_a_record(trial: &Trial, rest: &[u8]) -> Verdict {
    let (mut records, mut server) = connected(trial).await?;
    server.says([&record("red"), rest].concat()).await?;
    prints(&mut records, "red").await?;
    server.finishes().await?;
    fails(&mut records).await
}

async fn finds_a_broken_connection(trial: Trial) -> Verdict {
    let (mut records, mut server) = connected(&trial).await?;
    server.says(record("red")).await?;
    prints(&mut records, "red").await?;
    // A stream could end here; but this is a reset, and no end.
    server.resets()?;
    fails(&mut records).await?;
    fails_where_refused(&trial).await
}

/// The next line that it prints has to be this content, which needs no escaping.
async fn prints(records: &mut Candidate, content: impl AsRef<[u8]>) -> Verdict {
    records.prints_bytes(content.as_ref()).await.map(drop)
}

/// The length, the content, and the checksum.
fn record(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let checksum = adler32(content).to_be_bytes();
    [&varint(content.len()), content, &checksum].concat()
}

fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [lowest, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(lowest);
            return bytes;
        }
        bytes.push(lowest | 0x80);
    }
}

fn adler32(content: &[u8]) -> u32 {
    let (mut a, mut b) = (1, 0);
    for &byte in content {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

/// A content of so many bytes. Each part of it looks different, so that none can be
/// lost or come twice.
fn numbers(length: usize) -> Vec<u8> {
    let numbers = (0..).flat_map(|number: u32| format!("{number} ").into_bytes());
    numbers.take(length).collect()
}
