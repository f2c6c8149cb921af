//! Who keeps nobody waiting.

use std::time::Duration;

use harness::judge::{Challenge, Trial, Verdict};
use tokio::time::sleep;

use super::{LONGEST_CONTENT, Store, answer, answers_to_overflow, set};

/// So many bytes show that a server has begun to answer. They fit into what the system
/// keeps for a client that does not read.
const BEGUN: usize = 10_000;
/// So long a client may read nothing, and longer.
const PAUSE: Duration = Duration::from_millis(2500);

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a client that has sent half a request keeps nobody waiting",
            "the other half may never come",
            half_a_request,
        )
        .requires(
            "a client that does not read its answers keeps nobody waiting, and loses none",
            "a write waits for its reader once the system's buffers are full; whoever else waits for the write waits for that reader too",
            unread_answers,
        )
        .requires(
            "a client that is gone is gone alone",
            "a reset is everyday business, and no reason for anybody else to lose a connection",
            gone,
        )
}

async fn half_a_request(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let mut bob = store.connects("bob").await?;
    ann.says("set colour 5\ngre").await?;
    ann.is_read().await;
    bob.says(set("colour", "red")).await?;
    bob.hears("stored\n").await?;
    store.has("colour", Some(b"red")).await?;
    ann.says("en\nget colour\n").await?;
    ann.hears("stored\n").await?;
    ann.hears(answer(Some(b"green"))).await
}

async fn unread_answers(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let mut bob = store.connects("bob").await?;
    let content = vec![b'x'; LONGEST_CONTENT];
    ann.says(set("large", &content)).await?;
    ann.hears("stored\n").await?;

    let answers = answers_to_overflow();
    ann.says("get large\n".repeat(answers)).await?;
    ann.peeks(BEGUN).await?;
    for content in ["red", "green", "blue"] {
        bob.says(set("colour", content)).await?;
        bob.hears("stored\n").await?;
        store.has("colour", Some(content.as_bytes())).await?;
    }
    // No wait for something else: the pause is what the candidate is given.
    sleep(PAUSE).await;
    let large = answer(Some(&content));
    for _ in 0..answers {
        ann.hears(&large).await?;
    }
    ann.says("get colour\n").await?;
    ann.hears(answer(Some(b"blue"))).await
}

async fn gone(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut bob = store.connects("bob").await?;
    let content = vec![b'x'; LONGEST_CONTENT];
    bob.says(set("large", &content)).await?;
    bob.hears("stored\n").await?;

    let mut ann = store.connects("ann").await?;
    ann.says("set colour 5\ngre").await?;
    ann.is_read().await;
    ann.resets()?;
    store.has("colour", None).await?;

    // In the middle of an answer, which the server cannot write to its end then.
    let mut cem = store.connects("cem").await?;
    cem.says("get large\n".repeat(answers_to_overflow()))
        .await?;
    cem.peeks(BEGUN).await?;
    cem.resets()?;
    store.has("colour", None).await?;
    bob.says(set("colour", "red")).await?;
    bob.hears("stored\n").await?;
    store.has("colour", Some(b"red")).await
}
