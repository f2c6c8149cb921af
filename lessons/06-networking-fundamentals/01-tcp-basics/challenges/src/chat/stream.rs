//! How a stream becomes lines.

use harness::judge::{Challenge, Trial, Verdict};

use super::{Chat, OUTSTANDING, numbered};

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a line may come in many pieces",
            "TCP is a byte stream: what was written at once may be read in pieces, and a read is not a message",
            in_pieces,
        )
        .requires(
            "the lines of two clients do not mix",
            "each client is a stream of its own: what has come of its line waits for the rest of it, and for nobody else's",
            half_lines,
        )
        .requires(
            "many lines may come in one piece",
            "TCP is a byte stream: what was written in pieces may be read at once, and a read is not a message",
            in_one_burst,
        )
        .requires(
            "a character may be cut between two pieces",
            "a piece of a character is not broken text: the rest of it is still on the way",
            cut_characters,
        )
        .requires(
            "a line arrives unchanged",
            "spaces, tabs, and whatever else is in a line belong to the sender; the server is no editor",
            unchanged,
        )
        .requires(
            "a \\r just before the \\n belongs to the ending",
            "many clients, telnet among them, end their lines with \\r\\n; to the others this should not matter",
            carriage_returns,
        )
        .requires(
            "an empty line is a message",
            "nothing between two line endings is a line too",
            empty_lines,
        )
        .requires(
            "a last line without its ending is no message",
            "the end of the stream may have cut it off: nobody knows what the rest would have been",
            unfinished,
        )
}

async fn in_pieces(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says_in_pieces(["h", "el", "lo ", "bob", "\n"]).await?;
    bob.hears("hello bob\n").await?;
    ann.says_in_pieces(["one\ntw", "o\nthree\nfo", "ur\n"])
        .await?;
    bob.hears("one\ntwo\nthree\nfour\n").await
}

async fn half_lines(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says_in_pieces(["how are "]).await?;
    bob.says_in_pieces(["good mor"]).await?;
    // Half a line is not passed on yet, either.
    cem.says("hello\n").await?;
    ann.hears("hello\n").await?;
    bob.hears("hello\n").await?;
    ann.says("you\n").await?;
    bob.hears("how are you\n").await?;
    cem.hears("how are you\n").await?;
    bob.says("ning\n").await?;
    ann.hears("good morning\n").await?;
    cem.hears("good morning\n").await
}

async fn in_one_burst(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("one\ntwo\nthree\n").await?;
    bob.hears("one\ntwo\nthree\n").await?;
    let lines = numbered("ann", 0..OUTSTANDING);
    ann.says(&lines).await?;
    bob.hears(&lines).await
}

async fn cut_characters(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let line = "naïve 日本 🦀\n".as_bytes();
    ann.says_in_pieces(line.chunks(1)).await?;
    bob.hears(line).await
}

async fn unchanged(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let lines = [
        "  spaces before and after  \n",
        "\ttabs\tanywhere\t\n",
        "a \r in the middle, and \0 and \u{7f}\n",
        "\u{feff}a mark in front, and \u{2028} no line ending\n",
        "neither are \u{b}, \u{c}, \u{1e} and \u{85}, nor is \u{1b}[1m anything to take out\n",
        " \t \n",
        "naïve 日本 🦀\n",
        "nai\u{308}ve, in another way\n",
    ];
    for line in lines {
        ann.says(line).await?;
        bob.hears(line).await?;
    }
    Ok(())
}

async fn carriage_returns(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("telnet\r\n").await?;
    bob.hears("telnet\n").await?;
    ann.says_in_pieces(["cut in between\r", "\n"]).await?;
    bob.hears("cut in between\n").await?;
    // Only one belongs to the ending.
    ann.says("two\r\r\n\r\n").await?;
    bob.hears("two\r\n\n").await
}

async fn empty_lines(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("\n").await?;
    bob.hears("\n").await?;
    ann.says("a\n\n\nb\n").await?;
    bob.hears("a\n\n\nb\n").await
}

async fn unfinished(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    let mut cem = chat.joins("cem").await?;
    ann.says("the whole line\nand half a li").await?;
    ann.finishes().await?;
    // The server has seen the end of her stream when it closes its side.
    ann.hears_the_end().await?;
    bob.hears("the whole line\n").await?;
    cem.hears("the whole line\n").await?;
    cem.says("and then?\n").await?;
    bob.hears("and then?\n").await
}
