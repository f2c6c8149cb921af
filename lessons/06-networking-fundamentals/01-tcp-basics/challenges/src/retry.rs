//! `retry ADDR`: connects, and where that is refused tries again with exponential
//! backoff and full jitter.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use harness::judge::{Candidate, Challenge, NotMet, Trial, Verdict, Wrong, side_by_side};
use tokio::net::TcpStream;

/// After so many attempts it gives up.
const ATTEMPTS: usize = 8;
/// So many seeds are tried side by side: that a fair coin falls on one side forty
/// times happens once in 10¹² throws.
const SEEDS: u64 = 40;
/// Timers of some languages count in whole milliseconds, and are early by a part of one.
const EARLY: Duration = Duration::from_millis(2);
const REFUSED: &str = "ConnectionRefused";

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    Challenge::new(
        "retry",
        "`retry [--seed N] ADDR` connects; where it is refused it tries again, with exponential backoff and full jitter",
    )
    .requires(
        "once connected it says hello and prints the answer",
        "connecting is not the goal: what counts is what is said over the connection",
        says_hello,
    )
    .requires(
        "an answer that comes in pieces is one answer",
        "TCP is a byte stream: one read may give a part of a line",
        answer_in_pieces,
    )
    .requires(
        "a refused connection is tried again until the server is there",
        "a server that restarts refuses for a moment, and a client that gives up at once is down for longer than the server was",
        tries_again,
    )
    .requires(
        "after attempt 8 it gives up with exit code 1",
        "a client that tries for ever hides from everybody that the server is gone",
        gives_up,
    )
    .requires(
        "no wait is longer than its cap",
        "an exponential without a cap soon waits for hours, and the server has long been back",
        caps,
    )
    .requires(
        "each wait is random between nothing and its cap",
        "clients that were refused together come back together, and knock the server over again, unless chance spreads them",
        spreads,
    )
    .requires(
        "it waits at least as long as it says",
        "a wait that is only printed does not relieve the server",
        really_waits,
    )
    .requires(
        "the same seed gives the same waits",
        "what is random cannot be tested, or shown again, unless it can be repeated",
        repeats,
    )
    .requires(
        "another seed gives other waits",
        "if all clients draw the same numbers, they all come back at the same moments",
        differs_by_seed,
    )
    .requires(
        "without a seed no two runs wait alike",
        "a seed that is always the same is no chance at all: all clients wait alike",
        differs_without_seed,
    )
    .requires(
        "a server that closes without an answer is a failure, and not tried again",
        "a request that was sent may have been carried out; sent again, it might be carried out twice",
        closed_without_answer,
    )
    .requires(
        "any other failure than a refusal is printed and not retried",
        "waiting does not mend an address that cannot be reached; trying again only hides the mistake",
        other_failure,
    )
    .requires(
        "an argument that is no address is told about, with exit code 2",
        "a mistake in a command should show at once, and not look like a server that is down",
        no_address,
    )
}

async fn says_hello(trial: Trial) -> Verdict {
    let mut server = trial.server("server")?;
    let mut retry = trial.start([server.addr().to_string()]).await?;
    retry.prints("attempt 1: connected").await?;
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    connection.says("good to see you\n").await?;
    retry.prints("good to see you").await?;
    // The connection is still open here: one line is the whole answer.
    retry.ends_with(0).await
}

async fn answer_in_pieces(trial: Trial) -> Verdict {
    let mut server = trial.server("server")?;
    let mut retry = trial.start([server.addr().to_string()]).await?;
    retry.prints("attempt 1: connected").await?;
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    connection
        .says_in_pieces(["good ", "to see", " you\n"])
        .await?;
    retry.prints("good to see you").await?;
    retry.ends_with(0).await
}

async fn tries_again(trial: Trial) -> Verdict {
    let port = trial.refusing_port()?;
    let mut retry = trial.start([port.addr().to_string()]).await?;
    refused_attempt(&mut retry, 1).await?;
    wait_after(&mut retry).await?;
    refused_attempt(&mut retry, 2).await?;
    let mut server = port.listens("server")?;
    // It may be at any later attempt by now.
    for attempt in 3.. {
        wait_after(&mut retry).await?;
        let connected = format!("attempt {attempt}: connected");
        let refused = format!("attempt {attempt}: {REFUSED}");
        let awaited = format!("a line {connected:?}");
        let outcome = |line: &str| match line {
            line if line == connected => Some(true),
            line if line == refused => Some(false),
            _ => None,
        };
        if retry.prints_like(&awaited, outcome).await?.0 {
            break;
        }
    }
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    connection.says("welcome back\n").await?;
    retry.prints("welcome back").await?;
    retry.ends_with(0).await
}

async fn gives_up(trial: Trial) -> Verdict {
    let port = trial.refusing_port()?;
    let mut retry = trial.start([port.addr().to_string()]).await?;
    all_waits(&mut retry).await?;
    retry.ends_with(1).await?;
    prints_no_more(&mut retry).await
}

async fn caps(trial: Trial) -> Verdict {
    for (name, waits) in waits_of_many_seeds(&trial).await? {
        for (n, wait, cap) in with_caps(&waits) {
            if wait > cap {
                let what = format!("{name}: the wait after attempt {n} is longer than its cap");
                return Err(Wrong::new(what)
                    .expected(format!("at most {} ms", cap.as_millis()))
                    .came(format!("{} ms", wait.as_millis()))
                    .about(&name)
                    .into());
            }
        }
    }
    Ok(())
}

async fn spreads(trial: Trial) -> Verdict {
    let all = waits_of_many_seeds(&trial).await?;
    for n in 1..ATTEMPTS {
        let cap = cap_after(n);
        let waits: Vec<Duration> = all.iter().map(|(_, waits)| waits[n - 1]).collect();
        let below = waits.iter().filter(|wait| **wait < cap / 2).count();
        let above = waits.iter().filter(|wait| **wait > cap / 2).count();
        if below > 0 && above > 0 {
            continue;
        }
        let (shortest, longest) = (waits.iter().min(), waits.iter().max());
        let millis = |wait: Option<&Duration>| wait.map_or(0, Duration::as_millis);
        let what = format!("the waits after attempt {n} are not spread, over {SEEDS} seeds");
        return Err(Wrong::new(what)
            .expected(format!(
                "some on each side of {} ms, half of the cap of {} ms",
                (cap / 2).as_millis(),
                cap.as_millis()
            ))
            .came(format!(
                "{} ms at least, {} ms at most",
                millis(shortest),
                millis(longest)
            ))
            .about(&all[0].0)
            .into());
    }
    Ok(())
}

async fn really_waits(trial: Trial) -> Verdict {
    let port = trial.refusing_port()?;
    let mut retry = trial.start([port.addr().to_string()]).await?;
    // Only what is sure is held against it: when the judge sees a line, it has been
    // printed for some time; but the program was not there before it was started.
    let mut said = Duration::ZERO;
    refused_attempt(&mut retry, 1).await?;
    for attempt in 2..=ATTEMPTS {
        said += wait_after(&mut retry).await?.saturating_sub(EARLY);
        let at = refused_attempt(&mut retry, attempt).await?;
        let passed = at.duration_since(retry.started());
        if passed < said {
            let what = format!("attempt {attempt} came sooner than the waits before it allow");
            return Err(Wrong::new(what)
                .expected(format!("at least {} ms after the start", said.as_millis()))
                .came(format!("{} ms", passed.as_millis()))
                .into());
        }
    }
    Ok(())
}

async fn repeats(trial: Trial) -> Verdict {
    let twice = [("first run", Some(7)), ("second run", Some(7))];
    let waits = waits_of(&trial, twice).await?;
    if waits[0].1 == waits[1].1 {
        return Ok(());
    }
    Err(Wrong::new("two runs with --seed 7 wait differently")
        .expected(in_millis(&waits[0].1))
        .came(in_millis(&waits[1].1))
        .into())
}

async fn differs_by_seed(trial: Trial) -> Verdict {
    let waits = waits_of(&trial, [("seed 1", Some(1)), ("seed 2", Some(2))]).await?;
    must_differ("--seed 1 and --seed 2 give the same waits", &waits)
}

async fn differs_without_seed(trial: Trial) -> Verdict {
    let waits = waits_of(&trial, [("first run", None), ("second run", None)]).await?;
    must_differ("two runs without a seed give the same waits", &waits)
}

async fn closed_without_answer(trial: Trial) -> Verdict {
    let mut server = trial.server("server")?;
    let mut retry = trial.start([server.addr().to_string()]).await?;
    retry.prints("attempt 1: connected").await?;
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    connection.closes();
    retry.ends_with(1).await?;
    prints_no_more(&mut retry).await
}

async fn other_failure(trial: Trial) -> Verdict {
    let (addr, kind) = unreachable().await?;
    let mut retry = trial.start([addr.to_string()]).await?;
    retry.prints(&format!("attempt 1: {kind:?}")).await?;
    retry.ends_with(1).await?;
    prints_no_more(&mut retry).await
}

async fn no_address(trial: Trial) -> Verdict {
    let mut retry = trial.start(["nowhere"]).await?;
    retry.ends_with(2).await?;
    if retry.complaint().await?.trim().is_empty() {
        return Err(Wrong::new("retry said nothing on standard error")
            .expected("a message about the argument \"nowhere\"")
            .into());
    }
    Ok(())
}

/// The next line has to say that this attempt was refused.
async fn refused_attempt(retry: &mut Candidate, attempt: usize) -> Verdict<Instant> {
    Ok(retry
        .prints(&format!("attempt {attempt}: {REFUSED}"))
        .await?
        .at)
}

/// The next line has to say how long it waits.
async fn wait_after(retry: &mut Candidate) -> Verdict<Duration> {
    let wait = |line: &str| {
        line.strip_prefix("waiting ")?
            .strip_suffix(" ms")?
            .parse()
            .ok()
    };
    let (millis, _) = retry.prints_like("a line \"waiting <n> ms\"", wait).await?;
    Ok(Duration::from_millis(millis))
}

/// Reads eight refused attempts, and gives the waits between them.
async fn all_waits(retry: &mut Candidate) -> Verdict<Vec<Duration>> {
    let mut waits = Vec::new();
    refused_attempt(retry, 1).await?;
    for attempt in 2..=ATTEMPTS {
        waits.push(wait_after(retry).await?);
        refused_attempt(retry, attempt).await?;
    }
    Ok(waits)
}

/// Nothing that it prints before its output is over may be another attempt.
async fn prints_no_more(retry: &mut Candidate) -> Verdict {
    let awaited = "no further attempt";
    while let Some(line) = retry.next_line(awaited).await? {
        if line.text.starts_with("attempt ") || line.text.starts_with("waiting ") {
            return Err(Wrong::new("retry did not stop trying")
                .expected(awaited)
                .came(line.quoted())
                .seen(line.at)
                .into());
        }
    }
    Ok(())
}

/// The waits of runs side by side, each with its name and perhaps a seed, against a
/// port that refuses.
async fn waits_of(
    trial: &Trial,
    runs: impl IntoIterator<Item = (impl Into<String>, Option<u64>)>,
) -> Verdict<Vec<(String, Vec<Duration>)>> {
    let port = trial.refusing_port()?;
    let addr = port.addr();
    side_by_side(runs.into_iter().map(|(name, seed)| {
        let (trial, name) = (trial.clone(), name.into());
        let seed = seed.map(|seed| ["--seed".to_owned(), seed.to_string()]);
        let args: Vec<String> = seed
            .into_iter()
            .flatten()
            .chain([addr.to_string()])
            .collect();
        async move {
            let mut retry = trial.start_as(&name, args).await?;
            Ok((name, all_waits(&mut retry).await?))
        }
    }))
    .await
}

async fn waits_of_many_seeds(trial: &Trial) -> Verdict<Vec<(String, Vec<Duration>)>> {
    waits_of(
        trial,
        (1..=SEEDS).map(|seed| (format!("seed {seed}"), Some(seed))),
    )
    .await
}

fn must_differ(otherwise: &str, waits: &[(String, Vec<Duration>)]) -> Verdict {
    if waits[0].1 != waits[1].1 {
        return Ok(());
    }
    Err(Wrong::new(otherwise)
        .expected("other waits in each run")
        .came(format!("{} both times", in_millis(&waits[0].1)))
        .into())
}

/// Each wait with its number and its cap.
fn with_caps(waits: &[Duration]) -> impl Iterator<Item = (usize, Duration, Duration)> {
    waits
        .iter()
        .enumerate()
        .map(|(index, wait)| (index + 1, *wait, cap_after(index + 1)))
}

/// The longest wait after attempt `n`: min(400 ms, 50 ms × 2ⁿ⁻¹).
fn cap_after(n: usize) -> Duration {
    let doubled = (1..n).fold(Duration::from_millis(50), |cap, _| cap * 2);
    doubled.min(Duration::from_millis(400))
}

fn in_millis(waits: &[Duration]) -> String {
    let waits: Vec<String> = waits
        .iter()
        .map(|wait| wait.as_millis().to_string())
        .collect();
    format!("{} ms", waits.join(", "))
}

/// An address to which a connection fails at once, and not by a refusal: nobody can
/// connect to a broadcast address, so no packet leaves. What it fails with depends on
/// the system, so the judge tries it itself.
async fn unreachable() -> Verdict<(SocketAddr, ErrorKind)> {
    let addr = SocketAddr::from((Ipv4Addr::new(127, 255, 255, 255), 7));
    match TcpStream::connect(addr).await {
        Err(error) if error.kind() != ErrorKind::ConnectionRefused => Ok((addr, error.kind())),
        _ => Err(NotMet::Trouble(format!(
            "{addr} is no address that this system calls unreachable"
        ))),
    }
}
