//! How a stream becomes requests, and what they do.

use harness::judge::{Challenge, Trial, Verdict, cut};

use super::{LONGEST_CONTENT, LONGEST_NAME, Store, answer, answers_to_overflow, set};

/// So many requests, in one burst. Their answers fit into what the system keeps for a
/// client that has not begun to read.
const MANY: usize = 1_000;

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "it listens on the address that it is given, and on no other",
            "who names 127.0.0.1 means this machine: a server that listens on all addresses is open to the whole network",
            one_address,
        )
        .requires(
            "what one client sets, every client gets",
            "a store that keeps contents for each client alone keeps them for nobody else",
            shares_contents,
        )
        .requires(
            "what is set again is replaced, and what was never set is `none`",
            "an empty content is a content: whoever asks has to be able to tell it from none",
            replaces_contents,
        )
        .requires(
            "a name is any name, and no two are the same",
            "a name comes from somebody else: where it is taken for a number, a path or a property of an object, it finds what nobody set",
            tells_names_apart,
        )
        .requires(
            "a request may come in many pieces",
            "TCP is a byte stream: a piece may end in the line, in the content, or just before the last `\\n`",
            joins_pieces,
        )
        .requires(
            "many requests in one piece are answered in their order",
            "a client that need not wait for each answer is faster, and only the order tells it which answer is which",
            answers_a_burst,
        )
        .requires(
            "a content may hold anything",
            "a content is found by its length: what it looks like is its own matter, also where it looks like a request",
            takes_any_content,
        )
        .requires(
            "a content of 65,536 bytes and a name of 64 are kept",
            "a limit that is off by one refuses what was promised to work",
            takes_what_is_long,
        )
        .requires(
            "a client that ends its stream gets all its answers, and then the end",
            "that a client will say no more does not mean that it does not listen",
            answers_after_the_end,
        )
        .requires(
            "a request that was cut off is not carried out, and not answered",
            "half a content is another one, and half a name is another name",
            forgets_what_was_cut_off,
        )
}

async fn one_address(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    store.has("colour", None).await?;
    trial.listens_nowhere_else(store.addr).await?;

    let store = Store::start_at(&trial, trial.free_addr()?).await?;
    store.has("colour", None).await
}

async fn shares_contents(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let mut bob = store.connects("bob").await?;
    for content in ["red", "green"] {
        ann.says(set(content, content)).await?;
        ann.hears("stored\n").await?;
        bob.says(format!("get {content}\n")).await?;
        bob.hears(answer(Some(content.as_bytes()))).await?;
    }
    bob.says(set("!~", "blue")).await?;
    bob.hears("stored\n").await?;
    ann.says("get !~\n").await?;
    ann.hears(answer(Some(b"blue"))).await?;
    store.has("red", Some(b"red")).await
}

async fn replaces_contents(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    for content in ["green", "red", "", "blue"] {
        ann.says(set("colour", content)).await?;
        ann.hears("stored\n").await?;
        ann.says("get colour\n").await?;
        ann.hears(answer(Some(content.as_bytes()))).await?;
        // Names differ in every byte.
        ann.says("get Colour\nget colou\n").await?;
        ann.hears("none\nnone\n").await?;
    }
    Ok(())
}

async fn tells_names_apart(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    // What is there already in some languages, or in a file system; and what is the same
    // to some, and not the same name.
    let names = [
        "constructor",
        "__proto__",
        "toString",
        ".",
        "..",
        "/",
        "../colour",
        "colour/",
        "/dev/null",
        "1",
        "01",
        "1.0",
        "1e0",
        "0",
        "-0",
        "null",
        "a",
        "A",
        "a.",
        "%41",
        "*",
        "'",
        "\"",
        "\\",
    ];
    for name in names {
        ann.says(format!("get {name}\n")).await?;
        ann.hears(answer(None)).await?;
    }
    for name in names {
        ann.says(set(name, format!("what {name} is"))).await?;
        ann.hears("stored\n").await?;
    }
    for name in names {
        ann.says(format!("get {name}\n")).await?;
        ann.hears(answer(Some(format!("what {name} is").as_bytes())))
            .await?;
    }
    Ok(())
}

async fn joins_pieces(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let poem = "roses are red,\nviolets are blue";
    let requests = [&set("poem", poem)[..], b"get poem\n"].concat();
    let answers = [&b"stored\n"[..], &answer(Some(poem.as_bytes()))].concat();
    ann.says_in_pieces(requests.chunks(1)).await?;
    ann.hears(&answers).await?;
    for piece in cut::in_two(&requests) {
        ann.says_in_pieces([piece]).await?;
        ann.hears(&answers).await?;
    }
    for pieces in cut::in_every_way(b"get !\n") {
        ann.says_in_pieces(pieces).await?;
        ann.hears("none\n").await?;
    }
    Ok(())
}

async fn answers_a_burst(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let (mut requests, mut answers) = (Vec::new(), Vec::new());
    for number in 0..MANY {
        let content = number.to_string();
        requests.extend(set("number", &content));
        answers.extend(b"stored\n");
        requests.extend(b"get number\n");
        answers.extend(answer(Some(content.as_bytes())));
        if number % 7 == 0 {
            requests.extend(b"get nothing\nhello\n");
            answers.extend(b"none\nerror: bad request\n");
        }
    }
    ann.says(requests).await?;
    ann.hears(answers).await
}

async fn takes_any_content(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let contents: [&[u8]; 9] = [
        b"",
        b"\n",
        b"\r\n\r\n",
        b"\n\n\n",
        b" two blanks before and after ",
        "grün, 緑".as_bytes(),
        b"get colour\nset colour 4\nblue\n",
        b"\xff\xfe\0",
        &every_byte,
    ];
    for content in contents {
        ann.says(set("colour", content)).await?;
        ann.hears("stored\n").await?;
        ann.says("get colour\n").await?;
        ann.hears(answer(Some(content))).await?;
    }
    Ok(())
}

async fn takes_what_is_long(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let name = "n".repeat(LONGEST_NAME);
    let numbers = (0..).flat_map(|number: u32| format!("{number} ").into_bytes());
    let content: Vec<u8> = numbers.take(LONGEST_CONTENT).collect();
    ann.says(set(&name, &content)).await?;
    ann.hears("stored\n").await?;
    ann.says(format!("get {name}\n")).await?;
    ann.hears(answer(Some(&content))).await
}

async fn answers_after_the_end(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    let requests = [&set("colour", "red")[..], &b"get colour\n".repeat(MANY)].concat();
    ann.says(requests).await?;
    ann.finishes().await?;
    ann.hears("stored\n").await?;
    ann.hears(answer(Some(b"red")).repeat(MANY)).await?;
    ann.hears_the_end().await?;

    // The end has come, and most of the answers could not leave yet.
    let mut bob = store.connects("bob").await?;
    let content = vec![b'x'; LONGEST_CONTENT];
    bob.says(set("large", &content)).await?;
    bob.hears("stored\n").await?;
    let answers = answers_to_overflow();
    bob.says("get large\n".repeat(answers)).await?;
    bob.finishes().await?;
    bob.peeks(1).await?;
    for _ in 0..answers {
        bob.hears(answer(Some(&content))).await?;
    }
    bob.hears_the_end().await
}

async fn forgets_what_was_cut_off(trial: Trial) -> Verdict {
    let store = Store::start(&trial).await?;
    let mut ann = store.connects("ann").await?;
    ann.says(set("colour", "red")).await?;
    ann.hears("stored\n").await?;
    for rest in [
        "get colour",
        "hello",
        "set colour 5",
        "set colour 5\n",
        "set colour 5\ngre",
        "set colour 5\ngreen",
        "set colour 0\n",
    ] {
        let mut bob = store.connects("bob").await?;
        bob.says(format!("get colour\n{rest}")).await?;
        bob.finishes().await?;
        bob.hears(answer(Some(b"red"))).await?;
        bob.hears_the_end().await?;
        store.has("colour", Some(b"red")).await?;
    }
    Ok(())
}
