//! What is refused, and what becomes of the connection.

use harness::judge::{Challenge, Trial, Verdict};

use super::{LONGEST_CONTENT, LONGEST_LINE, LONGEST_NAME, Store, set};

const BAD_REQUEST: &str = "error: bad request\n";
const TOO_LONG: &str = "error: line too long\n";
const BAD_SET: &str = "error: bad set\n";
const BAD_CONTENT: &str = "error: bad content\n";
/// So much of a line is passed over.
const VERY_LONG: usize = 16 << 20;

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "a line that is no request is told about, and the next one answered",
            "where the next message can be found, one wrong message is no reason to hang up",
            goes_on_after_a_bad_request,
        )
        .requires(
            "a line that is too long is told about at once and only once, and passed over",
            "a limit that is looked at when the line ends is none; and behind the line's end there is a request again",
            passes_over_a_long_line,
        )
        .requires(
            "a length that is too large ends the connection, without waiting for the content",
            "a length is only a claim; and what comes of the content must not be taken for requests",
            refuses_a_large_length,
        )
        .requires(
            "a `set` that is not as it should be ends the connection",
            "two programs that read a length differently see different requests, and one of them carries out what was meant as a content",
            refuses_a_bad_set,
        )
        .requires(
            "a content that is not followed by a line feed is not kept, and ends the connection",
            "then the length was wrong, and nobody knows what the rest is",
            refuses_a_bad_content,
        )
}

async fn goes_on_after_a_bad_request(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    ann.says(set("colour", "red")).await?;
    ann.hears("stored\n").await?;
    let long_name = [&b"get "[..], &[b'n'; LONGEST_NAME + 1]].concat();
    let longest_line = [b'x'; LONGEST_LINE];
    let lines: [&[u8]; _] = [
        b"",
        b"hello",
        b"get",
        b"get ",
        b"get  colour",
        b"get colour ",
        b"get colour\r",
        b"get colour red",
        b"get\tcolour",
        b"get gr\xc3\xbcn",
        b"get colour\x7f",
        // Not UTF-8, and with the byte that ends a string in C.
        b"get gr\xfcn",
        b"get \xff",
        b"\xff",
        b"get colour\0",
        b"get colour\0red",
        b"\0",
        b" get colour",
        b"GET colour",
        b"set",
        b"setcolour 5",
        b"SET colour 5",
        &long_name,
        &longest_line,
    ];
    for line in lines {
        ann.says([line, b"\nget colour\n"].concat()).await?;
        ann.hears(BAD_REQUEST).await?;
        ann.hears("value 3\nred\n").await?;
    }
    // Before its end comes, it could still become too long.
    ann.says_in_pieces([&longest_line[..], b"\nget colour\n"])
        .await?;
    ann.hears(BAD_REQUEST).await?;
    ann.hears("value 3\nred\n").await
}

async fn passes_over_a_long_line(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    ann.says(set("colour", "red")).await?;
    ann.hears("stored\n").await?;

    ann.says("x".repeat(LONGEST_LINE + 1)).await?;
    // Its end has not come yet.
    ann.hears(TOO_LONG).await?;
    ann.says_in_pieces(["get colour", "y", &"z".repeat(LONGEST_LINE + 1)])
        .await?;
    ann.says("\nget colour\n").await?;
    ann.hears("value 3\nred\n").await?;

    // All of it in one piece, with requests in front and behind.
    let long = format!("get {}", "n".repeat(2 * LONGEST_LINE));
    ann.says(format!("get colour\n{long}\nget colour\n"))
        .await?;
    ann.hears("value 3\nred\n").await?;
    ann.hears(TOO_LONG).await?;
    ann.hears("value 3\nred\n").await?;
    let one_more = "x".repeat(LONGEST_LINE + 1);
    ann.says(format!("{one_more}\nget colour\n")).await?;
    ann.hears(TOO_LONG).await?;
    ann.hears("value 3\nred\n").await?;

    ann.pours(&[b'x'; 8 << 10], VERY_LONG).await?;
    ann.says("\nget colour\n").await?;
    ann.hears(TOO_LONG).await?;
    ann.hears("value 3\nred\n").await
}

async fn refuses_a_large_length(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let one_more = (LONGEST_CONTENT + 1).to_string();
    for length in [
        &one_more,
        "4294967295",
        // One more than 32 bits, 64 bits and a double can tell from a small number.
        "4294967297",
        "18446744073709551617",
        "99999999999999999999999999999999999999999",
    ] {
        // No content comes, and no end.
        let mut ann = store.connects("ann").await?;
        ann.says(format!("set colour {length}\n")).await?;
        ann.is_dismissed_with(BAD_SET).await?;
        // A content comes that looks like a request.
        let mut bob = store.connects("bob").await?;
        bob.says(
            [
                format!("set colour {length}\n").as_bytes(),
                &set("colour", "red"),
            ]
            .concat(),
        )
        .await?;
        bob.is_dismissed_with(BAD_SET).await?;
        store.has("colour", None).await?;
    }
    Ok(())
}

async fn refuses_a_bad_set(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let long_name = [&[b'n'; LONGEST_NAME + 1][..], b" 3"].concat();
    let wrong: [&[u8]; _] = [
        b"",
        b"colour",
        b"colour ",
        b" 3",
        b"colour  3",
        b"colour 3 ",
        b"colour 3\r",
        b"colour 3 4",
        b"colour -3",
        b"colour +3",
        b"colour 03",
        b"colour 00",
        b"colour 3.0",
        b"colour 3e0",
        b"colour 0x3",
        b"colour 0_3",
        b"colour 1_0",
        b"colour three",
        b"colour \xd9\xa3",
        b"c\xc3\xb6lour 3",
        b"co\tlour 3",
        b"colour\x7f 3",
        b"c\xf6lour 3",
        b"colour 3\xff",
        b"co\0lour 3",
        b"colour 3\0",
        &long_name,
    ];
    for words in wrong {
        let line = [&b"set "[..], words, b"\n"].concat();
        let mut ann = store.connects("ann").await?;
        ann.says([&b"get colour\n"[..], &line, &set("colour", "red")].concat())
            .await?;
        ann.hears("none\n").await?;
        ann.is_dismissed_with(BAD_SET).await?;
        // Nothing follows, and no end.
        let mut bob = store.connects("bob").await?;
        bob.says(line).await?;
        bob.is_dismissed_with(BAD_SET).await?;
        store.has("colour", None).await?;
    }
    // It has become too long, and its end has not come yet.
    let mut ann = store.connects("ann").await?;
    ann.says(format!("set {}", "n".repeat(LONGEST_LINE - 3)))
        .await?;
    ann.is_dismissed_with(BAD_SET).await
}

async fn refuses_a_bad_content(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    ann.says(set("colour", "red")).await?;
    ann.hears("stored\n").await?;
    for content in ["greener", "green \n", "green\r\n", "\n\n\n\n\n\r"] {
        let mut bob = store.connects("bob").await?;
        bob.says(format!("set colour 5\n{content}")).await?;
        bob.is_dismissed_with(BAD_CONTENT).await?;
        store.has("colour", Some(b"red")).await?;
    }
    // A length that is too small, as of one that counts characters.
    let mut bob = store.connects("bob").await?;
    bob.says([&b"set colour 4\ngr\xc3\xbcn\n"[..], &set("colour", "blue")].concat())
        .await?;
    bob.is_dismissed_with(BAD_CONTENT).await?;
    store.has("colour", Some(b"red")).await
}
