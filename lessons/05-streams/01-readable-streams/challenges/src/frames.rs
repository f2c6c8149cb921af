//! `frames ADDR`: connects, and takes apart the frames that come, however they are
//! cut.

use harness::judge::{
    Candidate, Challenge, Trial, Verdict, cut,
    reading::{connected, ends_well, fails, fails_where_refused, tells_of_its_arguments},
};

/// A frame has at most so many bytes of content.
const LONGEST: u32 = 1_048_576;
/// So many frames fill 64 KiB and more, the largest buffer that readers usually have.
const MANY: usize = 2_000;

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    Challenge::new(
        "frames",
        "`frames ADDR` connects, and prints the number, length and sum of every frame that comes, however it is cut",
    )
    .requires(
        "a frame is printed as soon as it is complete",
        "whoever waits for a frame should not have to wait for the next one too, or for the end",
        prints_at_once,
    )
    .requires(
        "many frames in one piece are all printed, in their order",
        "a read gives what is there, and that may be more than one frame, and the beginning of another",
        prints_many,
    )
    .requires(
        "a frame is the same wherever it is cut, in its length too",
        "four bytes that were sent together need not come together: a program that thinks so works on one machine, and breaks on a network",
        joins_pieces,
    )
    .requires(
        "the length is four bytes, the most significant first",
        "sender and receiver have to agree on the order of bytes, whatever their processors prefer",
        reads_lengths,
    )
    .requires(
        "the sum is that of the content's bytes, each from 0 to 255",
        "a byte has no sign, and a sum is larger than what it adds up",
        adds_up,
    )
    .requires(
        "a frame of length 0 is a frame",
        "an empty message is a message; one that is passed over, or taken for the end, is lost",
        counts_empty_frames,
    )
    .requires(
        "the stream may end before a frame or after one, with exit code 0",
        "a stream that has said everything is no failure",
        ends_where_it_may,
    )
    .requires(
        "an end within the length is told about, with exit code 1",
        "something was on its way and did not arrive; nobody else can know it",
        finds_a_cut_off_length,
    )
    .requires(
        "an end within the content is told about, with exit code 1, and the frame not printed",
        "half a message can mean something else than the whole",
        finds_a_cut_off_content,
    )
    .requires(
        "a frame of 1,048,576 bytes is printed",
        "a limit that is off by one refuses what was promised to work",
        prints_the_longest_frame,
    )
    .requires(
        "a longer frame is told about without waiting for its content, with exit code 1",
        "a length is only a claim: four bytes from anybody must not cost you four gigabytes",
        refuses_a_longer_frame,
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
    let (mut frames, mut server) = connected(&trial).await?;
    for (number, content) in (1..).zip(["red", "green", "blue"]) {
        server.says(frame(content)).await?;
        prints(&mut frames, number, content).await?;
    }
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn prints_many(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    let content = |number| content_of(1 + number % 99);
    let contents: Vec<Vec<u8>> = (1..=MANY).map(content).collect();
    let many: Vec<u8> = contents.iter().flat_map(frame).collect();
    server.says(many).await?;
    server.finishes().await?;
    for (number, content) in (1..).zip(&contents) {
        prints(&mut frames, number, content).await?;
    }
    ends_well(&mut frames).await
}

async fn joins_pieces(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    let mut numbers = 1..;
    let hello = frame("hello, all");
    for (piece, number) in cut::in_two(&hello).iter().zip(&mut numbers) {
        server.says(piece).await?;
        prints(&mut frames, number, "hello, all").await?;
    }
    let hi = frame("hi");
    for (pieces, number) in cut::in_every_way(&hi).into_iter().zip(&mut numbers) {
        for piece in pieces {
            server.says(piece).await?;
        }
        prints(&mut frames, number, "hi").await?;
    }
    // So long that many reads are needed, whatever the reader.
    let long = content_of(1_000_000);
    server.says(frame(&long)).await?;
    prints(&mut frames, numbers.start, &long).await?;
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn reads_lengths(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    // Each byte of the length is 0, small, and beyond 127 somewhere.
    let lengths = [
        1, 127, 128, 255, 256, 258, 32_768, 65_535, 65_536, 66_051, 1_000_000,
    ];
    for (number, length) in (1..).zip(lengths) {
        let content = content_of(length);
        server.says(frame(&content)).await?;
        prints(&mut frames, number, &content).await?;
    }
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn adds_up(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let contents = [
        vec![0],
        vec![128],
        vec![255, 1],
        every_byte,
        vec![255; 70_000],
    ];
    for (number, content) in (1..).zip(&contents) {
        server.says(frame(content)).await?;
        prints(&mut frames, number, content).await?;
    }
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn counts_empty_frames(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    // Alone: nothing behind it makes the program look again.
    server.says(frame("")).await?;
    prints(&mut frames, 1, "").await?;
    let contents = ["", "", "red", ""];
    server.says(contents.map(frame).concat()).await?;
    for (number, content) in (2..).zip(contents) {
        prints(&mut frames, number, content).await?;
    }
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn ends_where_it_may(trial: Trial) -> Verdict {
    for contents in [&["red", "green"][..], &[""], &[]] {
        let (mut frames, mut server) = connected(&trial).await?;
        for content in contents {
            server.says(frame(content)).await?;
        }
        server.finishes().await?;
        for (number, content) in (1..).zip(contents) {
            prints(&mut frames, number, content).await?;
        }
        ends_well(&mut frames).await?;
    }
    Ok(())
}

async fn finds_a_cut_off_length(trial: Trial) -> Verdict {
    // Also a length that would be 0, or a whole one, if what is missing were 0.
    for rest in [&[0][..], &[0, 0, 0], &[1, 2, 3]] {
        ends_within_a_frame(&trial, rest).await?;
    }
    Ok(())
}

async fn finds_a_cut_off_content(trial: Trial) -> Verdict {
    let whole = frame("green");
    for length in [4, 5, 8] {
        ends_within_a_frame(&trial, &whole[..length]).await?;
    }
    Ok(())
}

/// One whole frame, then this much of another, and the end.
async fn ends_within_a_frame(trial: &Trial, rest: &[u8]) -> Verdict {
    let (mut frames, mut server) = connected(trial).await?;
    server.says([&frame("red"), rest].concat()).await?;
    prints(&mut frames, 1, "red").await?;
    server.finishes().await?;
    fails(&mut frames).await
}

async fn prints_the_longest_frame(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    let longest = vec![255; LONGEST as usize];
    for number in [1, 2] {
        server.says(frame(&longest)).await?;
        prints(&mut frames, number, &longest).await?;
    }
    // The limit is one of frames: what is read at once may be more.
    server.says(frame(&longest).repeat(3)).await?;
    for number in [3, 4, 5] {
        prints(&mut frames, number, &longest).await?;
    }
    server.says(frame("red")).await?;
    prints(&mut frames, 6, "red").await?;
    server.finishes().await?;
    ends_well(&mut frames).await
}

async fn refuses_a_longer_frame(trial: Trial) -> Verdict {
    for length in [LONGEST + 1, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
        let (mut frames, mut server) = connected(&trial).await?;
        server.says(frame("red")).await?;
        prints(&mut frames, 1, "red").await?;
        server.says(length.to_be_bytes()).await?;
        // The content never comes, and neither does the end: the server holds on.
        fails(&mut frames).await?;
    }
    Ok(())
}

async fn finds_a_broken_connection(trial: Trial) -> Verdict {
    let (mut frames, mut server) = connected(&trial).await?;
    server.says(frame("red")).await?;
    prints(&mut frames, 1, "red").await?;
    // A stream could end here; but this is a reset, and no end.
    server.resets()?;
    fails(&mut frames).await?;
    fails_where_refused(&trial).await
}

/// The next line that it prints has to be about this frame.
async fn prints(frames: &mut Candidate, number: usize, content: impl AsRef<[u8]>) -> Verdict {
    let content = content.as_ref();
    let (length, sum) = (content.len(), sum(content));
    let expected = format!("frame {number}: {length} bytes, sum {sum}");
    frames.prints(&expected).await?;
    Ok(())
}

fn sum(content: &[u8]) -> u64 {
    content.iter().map(|&byte| u64::from(byte)).sum()
}

/// The length, and the content.
fn frame(content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let [.., a, b, c, d] = content.len().to_be_bytes();
    [&[a, b, c, d], content].concat()
}

/// A content of so many bytes, of all kinds.
fn content_of(length: usize) -> Vec<u8> {
    (0..=u8::MAX).cycle().skip(1).take(length).collect()
}
