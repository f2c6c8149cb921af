//! Who hears what.

use std::ops::Range;

use harness::judge::{Bytes, Challenge, Peer, Trial, Verdict, Wrong};

use super::{Chat, OUTSTANDING, numbered};

/// So many more clients make a room that is well filled, and still an everyday one.
const MANY: usize = 60;

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "it says where it listens and welcomes each client",
            "with port 0 the system chooses, and only the server can tell; a client that hears nothing does not know whether it is there",
            welcomes,
        )
        .requires(
            "a message reaches every other client",
            "this is what the server is for, however many there are",
            reaches_all,
        )
        .requires(
            "the sender does not hear itself",
            "it knows what it said; an echo looks as if somebody else had said it",
            no_echo,
        )
        .requires(
            "a newcomer hears what is said from then on, and nothing older",
            "who was not there was not spoken to",
            no_history,
        )
        .requires(
            "who joins while others talk is welcomed first, and then misses nothing",
            "a client takes the first line for its welcome; and what is said while it joins is said to it, or before it came, and never half of each",
            joins_while_others_talk,
        )
        .requires(
            "each sender's lines arrive in their order",
            "a conversation out of order is another conversation; between two senders there is no order, but within one there is",
            in_order,
        )
}

async fn welcomes(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let _ann = chat.joins("ann").await?;
    let _bob = chat.joins("bob").await?;
    Ok(())
}

async fn reaches_all(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says("hello\n").await?;
    bob.hears("hello\n").await?;
    cem.hears("hello\n").await?;
    cem.says("hi ann\n").await?;
    ann.hears("hi ann\n").await?;
    bob.hears("hi ann\n").await?;

    let mut others = Vec::new();
    for number in 0..MANY {
        others.push(chat.joins(&format!("client {number}")).await?);
    }
    ann.says("so many\n").await?;
    for other in others.iter_mut().chain([&mut bob, &mut cem]) {
        other.hears("so many\n").await?;
    }
    Ok(())
}

async fn no_echo(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("can you hear me?\n").await?;
    bob.hears("can you hear me?\n").await?;
    bob.says("yes\n").await?;
    // An echo would have come before the answer.
    ann.hears("yes\n").await?;
    ann.says("good\n").await?;
    bob.hears("good\n").await?;
    ann.finishes().await?;
    ann.hears_the_end().await
}

async fn no_history(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("before\n").await?;
    bob.hears("before\n").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says("after\n").await?;
    bob.hears("after\n").await?;
    cem.hears("after\n").await
}

async fn joins_while_others_talk(trial: Trial) -> Verdict {
    const STEP: usize = 16;
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    for name in ["cem", "dan"] {
        // The system takes the connection, and the server may come to it at any time.
        let mut newcomer = trial.connects(name, chat.addr).await?;
        for first in (0..OUTSTANDING / 2).step_by(STEP) {
            let lines = numbered("ann", first..first + STEP);
            ann.says(&lines).await?;
            bob.hears(&lines).await?;
        }
        newcomer.hears("welcome\n").await?;
        ann.says("that was all\n").await?;
        bob.hears("that was all\n").await?;
        hears_the_rest(&mut newcomer, "ann", OUTSTANDING / 2).await?;
        newcomer.finishes().await?;
        newcomer.hears_the_end().await?;
    }
    Ok(())
}

/// The last of so many numbered lines come next, from whichever on, and then that this
/// was all.
async fn hears_the_rest(client: &mut Peer, speaker: &str, count: usize) -> Verdict {
    let mut next: Option<usize> = None;
    loop {
        let awaited = match next {
            None => format!("a line of {speaker}'s, or \"that was all\\n\""),
            Some(number) if number < count => format!("{:?}", format!("{speaker} {number}\n")),
            Some(_) => "\"that was all\\n\"".to_owned(),
        };
        let line = client.hears_line(&awaited).await?;
        if line == b"that was all\n" && next.is_none_or(|number| number == count) {
            return Ok(());
        }
        let number = str::from_utf8(&line)
            .ok()
            .and_then(|line| line.strip_prefix(speaker)?.trim().parse().ok())
            .filter(|number| next.is_none_or(|next| *number == next));
        let Some(number): Option<usize> = number else {
            let what = format!("{} did not hear what it should", client.name());
            return Err(Wrong::new(what).expected(awaited).came(Bytes(&line)).into());
        };
        next = Some(number + 1);
    }
}

async fn in_order(trial: Trial) -> Verdict {
    /// Two senders: no more than 256 lines are under way to anybody.
    const EACH: usize = OUTSTANDING / 2;
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    for round in 0..4 {
        let numbers = round * EACH..(round + 1) * EACH;
        let half = numbers.start + EACH / 2;
        ann.says(numbered("ann", numbers.start..half)).await?;
        bob.says(numbered("bob", numbers.start..half)).await?;
        ann.says(numbered("ann", half..numbers.end)).await?;
        bob.says(numbered("bob", half..numbers.end)).await?;
        hears_both_in_order(&mut cem, numbers.clone()).await?;
        ann.hears(numbered("bob", numbers.clone())).await?;
        bob.hears(numbered("ann", numbers)).await?;
    }
    Ok(())
}

/// Ann's and bob's lines with these numbers come next, each sender's in order.
async fn hears_both_in_order(client: &mut Peer, numbers: Range<usize>) -> Verdict {
    let (mut ann, mut bob) = (numbers.clone(), numbers.clone());
    for _ in 0..2 * numbers.len() {
        let due = |name: &str, next: &Range<usize>| {
            next.clone()
                .next()
                .map(|number| format!("{name} {number}\n"))
                .unwrap_or_default()
        };
        let (from_ann, from_bob) = (due("ann", &ann), due("bob", &bob));
        let awaited = format!("{from_ann:?} or {from_bob:?}");
        let line = client.hears_line(&awaited).await?;
        if line == from_ann.as_bytes() {
            ann.next();
        } else if line == from_bob.as_bytes() {
            bob.next();
        } else {
            return Err(
                Wrong::new(format!("{} heard a line out of order", client.name()))
                    .expected(awaited)
                    .came(Bytes(&line))
                    .into(),
            );
        }
    }
    Ok(())
}
