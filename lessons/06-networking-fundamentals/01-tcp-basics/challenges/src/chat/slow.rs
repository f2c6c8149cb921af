//! Clients that do not read.

use std::{fmt::Write, ops::Range, time::Duration};

use harness::judge::{Challenge, Peer, Signal, Trial, Verdict, Wrong, most_sent_unread};
use tokio::time::sleep;

use super::{Chat, LONGEST_LINE, OUTSTANDING, server::ends_in_time};

/// How many digits the number of a line has.
const DIGITS: usize = 6;
/// A client that is more lines behind is disconnected.
const MOST_BEHIND: usize = 4096;
/// Of lines this long it does not take too many until the system keeps no more.
const LONG: usize = 1023;
/// Of lines this short, 4,096 are fewer bytes than 256 of the longest: a queue that is
/// bounded in bytes holds too many of these, or too few of those.
const SHORT: usize = 319;
/// So long a client may read nothing, and longer.
const PAUSE: Duration = Duration::from_millis(2500);

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a client that stops reading does not slow the others",
            "one suspended laptop must not silence the whole room",
            stalled,
        )
        .requires(
            "a client up to 256 lines behind is not dropped",
            "everybody is slow for a moment; a server that drops them at once loses its users",
            a_little_behind,
        )
        .requires(
            "a client over 4,096 lines behind is disconnected",
            "what it does not read has to be kept somewhere, and a queue without a bound takes all memory there is",
            far_behind,
        )
        .requires(
            "a stalled client does not keep it from ending",
            "waiting for somebody who never reads is waiting for ever",
            ends_while_stalled,
        )
}

async fn stalled(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let _sam = chat.joins_narrowly("sam, who reads nothing").await?;
    // Far more than the system keeps for sam, and than the server may.
    talk(&mut ann, &mut bob, LONG, 0..lines_to_overflow(LONG)).await?;
    bob.says("and back\n").await?;
    ann.hears("and back\n").await
}

async fn a_little_behind(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut sam = chat.joins_narrowly("sam").await?;
    let said = leave_behind(&mut ann, &mut bob, &sam).await?;
    bob.says("now read, sam\n").await?;
    ann.hears("now read, sam\n").await?;
    // No wait for something else: the pause is what the candidate is given.
    sleep(PAUSE).await;
    sam.hears(&said).await?;
    sam.hears("now read, sam\n").await
}

async fn far_behind(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut sam = chat.joins_narrowly("sam").await?;
    let mut count = 0;
    while count < lines_to_overflow(SHORT) {
        talk(&mut ann, &mut bob, SHORT, count..count + MOST_BEHIND / 4).await?;
        count += MOST_BEHIND / 4;
        // Where the system does not say what it keeps, it may be all of it.
        let kept = sam.kept_by_system().unwrap_or(usize::MAX) / (SHORT + 1);
        if count.saturating_sub(kept) > MOST_BEHIND + OUTSTANDING {
            break;
        }
    }
    // All of it has gone through the room: bob has heard the last line.
    let all = (SHORT + 1) * count;
    let (heard, hang_up) = sam.hears_out(all - 1).await?;
    if hang_up.is_none() {
        return Err(Wrong::new(format!(
            "sam read nothing while {count} lines of {SHORT} bytes were said, and was sent them all"
        ))
        .expected("a hang-up, once sam is 4,096 lines behind what the system keeps for him")
        .came(format!("{heard} bytes"))
        .into());
    }
    bob.says("sam is gone\n").await?;
    ann.hears("sam is gone\n").await
}

async fn ends_while_stalled(trial: Trial) -> Verdict {
    for signal in [Signal::Terminate, Signal::Interrupt] {
        ends_while_stalled_by(signal, &trial).await?;
    }
    Ok(())
}

async fn ends_while_stalled_by(signal: Signal, trial: &Trial) -> Verdict {
    let mut chat = Chat::start(trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let sam = chat.joins_narrowly("sam").await?;
    leave_behind(&mut ann, &mut bob, &sam).await?;
    ends_in_time(&mut chat.server, signal).await?;
    ann.hears_the_end().await?;
    bob.hears_the_end().await
}

/// The speaker says lines of this length with these numbers, and the listener hears each.
/// No more than is allowed is ever under way to the listener.
async fn talk(
    speaker: &mut Peer,
    listener: &mut Peer,
    length: usize,
    numbers: Range<usize>,
) -> Verdict {
    for first in numbers.clone().step_by(OUTSTANDING) {
        let lines = long_lines(length, first..numbers.end.min(first + OUTSTANDING));
        speaker.says(&lines).await?;
        listener.hears(&lines).await?;
    }
    Ok(())
}

/// The speaker says lines, and the listener hears them, until the third, who reads none,
/// is well behind what the system keeps for it, and still not too far. Gives what was
/// said.
async fn leave_behind(speaker: &mut Peer, listener: &mut Peer, third: &Peer) -> Verdict<String> {
    const STEP: usize = OUTSTANDING / 8;
    let mut said = String::new();
    for first in (0..lines_to_overflow(LONGEST_LINE)).step_by(STEP) {
        let lines = long_lines(LONGEST_LINE, first..first + STEP);
        speaker.says(&lines).await?;
        listener.hears(&lines).await?;
        said.push_str(&lines);
        // Where the system does not say what it keeps, it may be nothing.
        let kept = third.kept_by_system().unwrap_or(0);
        let behind = said.len().saturating_sub(kept) / (LONGEST_LINE + 1);
        if behind + 2 * STEP >= OUTSTANDING {
            break;
        }
    }
    Ok(said)
}

/// So many lines that a client that reads none is over 4,096 behind, whatever the
/// system keeps for it.
fn lines_to_overflow(length: usize) -> usize {
    MOST_BEHIND + most_sent_unread() / length + OUTSTANDING
}

/// Lines of that length, each with its number.
fn long_lines(length: usize, numbers: Range<usize>) -> String {
    let filling = "x".repeat(length - DIGITS);
    let mut lines = String::new();
    for number in numbers {
        let _ = writeln!(lines, "{number:0DIGITS$}{filling}");
    }
    lines
}
