//! What is refused.

use harness::judge::{Challenge, Trial, Verdict, Wrong};

use super::{Chat, LONGEST_LINE};

/// A line that never ends is cut off before so many bytes.
const ENDLESS: usize = 64 << 20;
const TOO_LONG: &str = "error: line too long\n";
const NOT_UTF8: &str = "error: not UTF-8\n";

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a line of 8,192 bytes is delivered",
            "a limit that is off by one turns away what was allowed",
            longest_line,
        )
        .requires(
            "a longer line is refused and its sender disconnected",
            "a server that takes any line can be made to use any amount of memory",
            too_long,
        )
        .requires(
            "an endless line is cut off",
            "a limit that is only looked at when the line ends is no limit: this line does not end",
            endless,
        )
        .requires(
            "bytes that are not UTF-8 are refused and their sender stays",
            "others could not read them; and one wrong line is no reason to hang up",
            not_utf8,
        )
}

async fn longest_line(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    // As many bytes, and half as many characters.
    for line in ["x".repeat(LONGEST_LINE), "é".repeat(LONGEST_LINE / 2)] {
        ann.says(format!("{line}\n")).await?;
        bob.hears(format!("{line}\n")).await?;
        // The ending does not count, whichever it is, and whenever it comes.
        ann.says(format!("{line}\r\n")).await?;
        bob.hears(format!("{line}\n")).await?;
        ann.says_in_pieces([&format!("{line}\r"), "\n"]).await?;
        bob.hears(format!("{line}\n")).await?;
        // The limit is one of lines: what is read at once may be more.
        ann.says(format!("{line}\n").repeat(16)).await?;
        bob.hears(format!("{line}\n").repeat(16)).await?;
    }
    ann.says("still here\n").await?;
    bob.hears("still here\n").await
}

async fn too_long(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    let one_more = "x".repeat(LONGEST_LINE + 1);
    let two_more = "é".repeat(LONGEST_LINE / 2 + 1);
    let carriage_return = "x".repeat(LONGEST_LINE) + "\r\r";
    let not_utf8 = vec![0xff; LONGEST_LINE + 1];
    for line in [
        one_more.as_bytes(),
        two_more.as_bytes(),
        carriage_return.as_bytes(),
        &not_utf8,
    ] {
        let mut ann = chat.joins("ann").await?;
        // In one piece with what is in front of it, and with what comes too late.
        ann.says([b"before\n", line, b"\nafter\n"].concat()).await?;
        bob.hears("before\n").await?;
        cem.hears("before\n").await?;
        ann.is_dismissed_with(TOO_LONG).await?;
        cem.says("what was that?\n").await?;
        // Nothing of the long line came before, and nothing from behind it.
        bob.hears("what was that?\n").await?;
    }
    Ok(())
}

async fn endless(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    let taken = ann.pours(&[b'x'; 8 << 10], ENDLESS).await?;
    if taken >= ENDLESS {
        return Err(
            Wrong::new("the server took a line of 64 MiB, and wanted more")
                .expected(format!(
                    "{TOO_LONG:?} and a hang-up, after little more than {LONGEST_LINE} bytes"
                ))
                .into(),
        );
    }
    ann.is_dismissed_with(TOO_LONG).await?;
    cem.says("what was that?\n").await?;
    bob.hears("what was that?\n").await
}

async fn not_utf8(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let wrong: [&[u8]; 6] = [
        b"caf\xe9\n",
        b"\xc3\n",
        b"\xff\xfe\n",
        // Half of a pair in UTF-16, a character in more bytes than it needs, and a number
        // beyond the last character.
        b"\xed\xa0\x80\n",
        b"\xc0\xaf\n",
        b"\xf4\x90\x80\x80\n",
    ];
    for line in wrong {
        ann.says(line).await?;
        ann.hears(NOT_UTF8).await?;
    }
    ann.says("café\n").await?;
    bob.hears("café\n").await?;
    // The other lines of the same piece are none the worse for it.
    ann.says(b"tea\ncaf\xe9\ncaf\xe9\ncocoa\n").await?;
    ann.hears(NOT_UTF8.repeat(2)).await?;
    bob.hears("tea\ncocoa\n").await
}
