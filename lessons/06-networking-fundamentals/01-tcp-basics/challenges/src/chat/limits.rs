//! What is refused.

use harness::judge::{Challenge, Trial, Verdict, Wrong};

use super::{Chat, LONGEST_LINE, OUTSTANDING};

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
    let line = "x".repeat(LONGEST_LINE);
    ann.says(format!("{line}\n")).await?;
    bob.hears(format!("{line}\n")).await?;
    // The ending does not count, whichever it is.
    ann.says(format!("{line}\r\n")).await?;
    bob.hears(format!("{line}\n")).await?;
    ann.says("still here\n").await?;
    bob.hears("still here\n").await
}

async fn too_long(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says("before\n").await?;
    bob.hears("before\n").await?;
    ann.says(format!("{}\n", "x".repeat(LONGEST_LINE + 1)))
        .await?;
    ann.hears(TOO_LONG).await?;
    ann.hears_out(OUTSTANDING).await?;
    cem.says("what was that?\n").await?;
    // Nothing of the long line came before.
    bob.hears("what was that?\n").await
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
    ann.hears(TOO_LONG).await?;
    ann.hears_out(OUTSTANDING).await?;
    cem.says("what was that?\n").await?;
    bob.hears("what was that?\n").await
}

async fn not_utf8(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    for wrong in [
        &b"caf\xe9\n"[..],
        b"\xc3\n",
        b"\xff\xfe\n",
        b"\xed\xa0\x80\n",
    ] {
        ann.says(wrong).await?;
        ann.hears(NOT_UTF8).await?;
    }
    ann.says("café\n").await?;
    bob.hears("café\n").await
}
