//! How clients leave.

use harness::judge::{Challenge, Trial, Verdict};

use super::Chat;

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a client that ends its stream has left",
            "the server's side has to be closed too, or the connection stays half open for ever",
            half_close,
        )
        .requires(
            "a reset is one client's leaving and nobody else notices",
            "clients crash, and networks break: that must not end the server, or anybody else's connection",
            reset,
        )
}

async fn half_close(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says("bye\n").await?;
    ann.finishes().await?;
    ann.hears_the_end().await?;
    bob.hears("bye\n").await?;
    cem.hears("bye\n").await?;
    cem.says("she is gone\n").await?;
    bob.hears("she is gone\n").await?;
    bob.says("so she is\n").await?;
    cem.hears("so she is\n").await
}

async fn reset(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    for (said, answer) in [("one\n", "two\n"), ("three\n", "four\n")] {
        let mut ann = chat.joins("ann").await?;
        ann.says("hello\n").await?;
        bob.hears("hello\n").await?;
        cem.hears("hello\n").await?;
        ann.resets()?;
        bob.says(said).await?;
        cem.hears(said).await?;
        cem.says(answer).await?;
        bob.hears(answer).await?;
    }
    let mut dan = chat.joins("dan").await?;
    dan.says("is anybody here?\n").await?;
    bob.hears("is anybody here?\n").await?;
    cem.hears("is anybody here?\n").await
}
