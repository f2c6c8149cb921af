//! `crash ADDR`: connects to a server that is about to fail, and prints what its socket
//! tells it.

use std::time::{Duration, Instant};

use harness::judge::{Candidate, Challenge, Peer, Server, Trial, Verdict, Wrong};

use super::unreachable::unreachable;

const QUESTION: &str = "still there?\n";
/// A server is given up after so long a silence.
const SILENCE: Duration = Duration::from_secs(2);
/// A busy machine may be late by so much.
const LATE: Duration = Duration::from_secs(1);
/// Timers of some languages count in whole milliseconds, and are early by a part of one.
const EARLY: Duration = Duration::from_millis(2);

/// The challenge and its requirements.
#[rustfmt::skip]
pub(crate) fn challenge() -> Challenge {
    Challenge::new(
        "crash",
        "`crash ADDR` connects to a server that is about to fail, and prints what its socket tells it, one event a line",
    )
    .requires(
        "a server that closes gives data, end, close",
        "the end of a stream says that all has been said; it is not a failure",
        closes,
    )
    .requires(
        "after the first data it asks once whether the server is still there",
        "a client that only reads learns late that nobody is there; one that asks all the time is a burden",
        asks_once,
    )
    .requires(
        "all the data since the event before is one event",
        "how the stream is cut into reads says nothing: it differs from run to run",
        sums_up,
    )
    .requires(
        "a server that closes without a word gives end, close",
        "a connection over which nothing is said is not a failure",
        says_nothing,
    )
    .requires(
        "a server that is killed looks like one that closes",
        "the system closes a dead program's sockets properly: the stream alone does not tell a crash from a finish",
        killed,
    )
    .requires(
        "a stream that ends in the middle of a line ends cleanly",
        "TCP knows bytes and no lines: that something is missing, only the program can know",
        ends_in_a_line,
    )
    .requires(
        "a reset gives error ConnectionReset, then close",
        "a reset says that bytes may be lost: taking it for the end is taking half an answer for a whole one",
        resets,
    )
    .requires(
        "a server that closes with input unread resets",
        "closing before reading everything is the commonest way to reset a connection without meaning to",
        closes_with_input_unread,
    )
    .requires(
        "a server that falls silent gives error TimedOut",
        "a machine that is switched off says nothing at all: only a timeout tells",
        falls_silent,
    )
    .requires(
        "a server that never says a word gives error TimedOut",
        "a connection may be established with nobody there to serve it: the system accepts for a program that hangs",
        never_speaks,
    )
    .requires(
        "the silence counts from the last byte",
        "a server that sends a little now and then is slow, and not gone",
        slow,
    )
    .requires(
        "a refused connection gives error ConnectionRefused, then close",
        "that nobody listens is an answer too, and comes before any connection",
        refused,
    )
    .requires(
        "any other failure to connect gives error with its kind, then close",
        "a refusal says that the machine is there; an address that cannot be reached is another mistake, and has another name",
        not_reached,
    )
}

/// The candidate, the server's end of its connection, and the server, which listens for
/// as long as it is held.
async fn connects(trial: &Trial) -> Verdict<(Candidate, Peer, Server)> {
    let mut server = trial.server("server")?;
    let mut crash = trial.start([server.addr().to_string()]).await?;
    let connection = server.accepts().await?;
    crash.prints("connect").await?;
    Ok((crash, connection, server))
}

/// The rest of what it prints, and how it ends.
async fn then(crash: &mut Candidate, events: &[&str], code: i32) -> Verdict {
    for event in events {
        crash.prints(event).await?;
    }
    crash.ends_with(code).await?;
    match crash.next_line("nothing after close").await? {
        None => Ok(()),
        Some(line) => Err(Wrong::new("crash printed an event after close")
            .expected("nothing more")
            .came(line.quoted())
            .seen(line.at)
            .into()),
    }
}

async fn closes(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("hello\n").await?;
    connection.hears(QUESTION).await?;
    connection.closes();
    then(&mut crash, &["data 6 bytes", "end", "close"], 0).await
}

async fn asks_once(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("one\n").await?;
    connection.hears(QUESTION).await?;
    connection.says_in_pieces(["two\n", "three\n"]).await?;
    connection.finishes().await?;
    then(&mut crash, &["data 14 bytes", "end", "close"], 0).await?;
    // It has closed its side, and said nothing more before.
    connection.hears_the_end().await?;

    // A server that says nothing is asked nothing.
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.finishes().await?;
    then(&mut crash, &["end", "close"], 0).await?;
    connection.hears_the_end().await
}

async fn sums_up(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("hello\n").await?;
    connection.hears(QUESTION).await?;
    connection.says_in_pieces(["a", "bc", "def\n"]).await?;
    connection.says("x".repeat(100_000)).await?;
    // Bytes are not characters, and an ending may have two.
    connection.says("grün, 緑 \r\n\r\n").await?;
    connection.says(b"\0\xff\xfe\xc3").await?;
    connection.closes();
    then(&mut crash, &["data 100032 bytes", "end", "close"], 0).await
}

async fn says_nothing(trial: Trial) -> Verdict {
    let (mut crash, connection, _server) = connects(&trial).await?;
    connection.closes();
    then(&mut crash, &["end", "close"], 0).await
}

async fn killed(trial: Trial) -> Verdict {
    let mut server = trial.doomed_server("server", "hello").await?;
    let mut crash = trial.start([server.addr().to_string()]).await?;
    crash.prints("connect").await?;
    server.hears(QUESTION.trim_end()).await?;
    server.is_killed().await?;
    then(&mut crash, &["data 6 bytes", "end", "close"], 0).await
}

async fn ends_in_a_line(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("a whole line\nand half a li").await?;
    connection.hears(QUESTION).await?;
    connection.closes();
    then(&mut crash, &["data 26 bytes", "end", "close"], 0).await
}

async fn resets(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("hello\n").await?;
    connection.hears(QUESTION).await?;
    connection.resets()?;
    then(
        &mut crash,
        &["data 6 bytes", "error ConnectionReset", "close"],
        1,
    )
    .await
}

async fn closes_with_input_unread(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    connection.says("hello\n").await?;
    connection.peeks(QUESTION.len()).await?;
    connection.closes();
    then(
        &mut crash,
        &["data 6 bytes", "error ConnectionReset", "close"],
        1,
    )
    .await
}

async fn falls_silent(trial: Trial) -> Verdict {
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    let said = Instant::now();
    connection.says("hello\n").await?;
    connection.hears(QUESTION).await?;
    let asked = Instant::now();
    crash.prints("data 6 bytes").await?;
    times_out(&mut crash, said, asked).await
}

async fn never_speaks(trial: Trial) -> Verdict {
    let (mut crash, _connection, _server) = connects(&trial).await?;
    let connected = Instant::now();
    let started = crash.started();
    times_out(&mut crash, started, connected).await
}

async fn slow(trial: Trial) -> Verdict {
    /// A few of them would be a silence, and one is not.
    const PAUSE: Duration = Duration::from_millis(500);
    let (mut crash, mut connection, _server) = connects(&trial).await?;
    for _ in 0..6 {
        connection.says("x").await?;
        // No wait for something else: the pause is what the candidate is given.
        tokio::time::sleep(PAUSE).await;
    }
    connection.hears(QUESTION).await?;
    connection.closes();
    then(&mut crash, &["data 6 bytes", "end", "close"], 0).await
}

async fn refused(trial: Trial) -> Verdict {
    let port = trial.refusing_port()?;
    let mut crash = trial.start([port.addr().to_string()]).await?;
    then(&mut crash, &["error ConnectionRefused", "close"], 1).await
}

async fn not_reached(trial: Trial) -> Verdict {
    let (addr, kind) = unreachable().await?;
    let mut crash = trial.start([addr.to_string()]).await?;
    then(&mut crash, &[&format!("error {kind:?}"), "close"], 1).await
}

/// It gives up, 2 seconds after the silence began: not before `earliest`, and by `latest`.
async fn times_out(crash: &mut Candidate, earliest: Instant, latest: Instant) -> Verdict {
    let given_up = crash.prints("error TimedOut").await?.at;
    let silence = |since| given_up.duration_since(since);
    if silence(earliest) + EARLY < SILENCE {
        return Err(Wrong::new("crash gave up too soon")
            .expected(format!("at least {} s of silence", SILENCE.as_secs()))
            .came(format!("{:.3} s", silence(earliest).as_secs_f64()))
            .into());
    }
    if silence(latest) > SILENCE + LATE {
        return Err(Wrong::new("crash gave up late")
            .expected(format!("{} s of silence, and no more", SILENCE.as_secs()))
            .came(format!("{:.1} s", silence(latest).as_secs_f64()))
            .into());
    }
    then(crash, &["close"], 1).await
}
