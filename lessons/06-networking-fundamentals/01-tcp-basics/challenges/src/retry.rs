//! `retry ADDR`: connects, and where that is refused tries again with exponential
//! backoff and full jitter.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use harness::judge::{Candidate, Challenge, Peer, Server, Trial, Verdict, Wrong, side_by_side};

use super::unreachable::unreachable;

/// After so many attempts it gives up.
const ATTEMPTS: usize = 8;
/// So many seeds are tried side by side: that a fair coin falls on one side forty
/// times happens once in 10¹² throws.
const SEEDS: u32 = 40;
/// From this attempt on the cap is lower than what doubling gives.
const FIRST_CAPPED: usize = 5;
/// Of so many runs the waits are timed together: in a single one they may all be short.
const TIMED: u32 = 4;
/// A busy machine may be late by so much in a run, and by as much more as the judge is.
const LATE: Duration = Duration::from_secs(1);
/// The judge may see the lines of a run late by so much, and by as much more as it knows of.
const SEEN_LATE: Duration = Duration::from_millis(200);
/// Timers of some languages count in whole milliseconds, and are early by a part of one.
const EARLY: Duration = Duration::from_millis(2);
/// Seeds go from 1 up to this one: few enough for every well-known generator to tell them
/// apart.
const HIGHEST_SEED: u32 = 1_000_000_000;
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
        "the answer is one line, and nothing of what comes behind it",
        "TCP is a byte stream: one read may give more than a line, and an empty line is one too",
        only_the_answer,
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
        "it waits as long as it says",
        "a wait that is only printed does not relieve the server, and one that is longer than its cap keeps everybody waiting for a server that is back",
        really_waits,
    )
    .requires(
        "each wait is printed before it begins",
        "who sees nothing happen wants to know for how long; when it is over, nobody asks any more",
        says_it_before,
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
        "a server that closes without a whole line is a failure, and not tried again",
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

/// The candidate, the connection over which it has said hello, and the server, which
/// listens for as long as it is held.
async fn greeted(trial: &Trial) -> Verdict<(Candidate, Peer, Server)> {
    let mut server = trial.server("server")?;
    let mut retry = trial.start([server.addr().to_string()]).await?;
    retry.prints("attempt 1: connected").await?;
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    Ok((retry, connection, server))
}

async fn says_hello(trial: Trial) -> Verdict {
    let (mut retry, mut connection, _server) = greeted(&trial).await?;
    connection.says("good to see you\n").await?;
    retry.prints("good to see you").await?;
    // The connection is still open here: one line is the whole answer.
    retry.ends_with(0).await?;
    let (heard, _) = connection.hears_out(0).await?;
    if heard > 0 {
        return Err(Wrong::new("retry said more than its hello")
            .expected("nothing more")
            .into());
    }
    Ok(())
}

async fn answer_in_pieces(trial: Trial) -> Verdict {
    let (mut retry, mut connection, _server) = greeted(&trial).await?;
    connection
        .says_in_pieces(["good ", "to see", " you\n"])
        .await?;
    retry.prints("good to see you").await?;
    retry.ends_with(0).await?;

    let (mut retry, mut connection, _server) = greeted(&trial).await?;
    connection
        .says_in_pieces("grüß dich\n".as_bytes().chunks(1))
        .await?;
    retry.prints("grüß dich").await?;
    retry.ends_with(0).await
}

async fn only_the_answer(trial: Trial) -> Verdict {
    for (said, answer) in [
        ("good to see you\nand goodbye\n", "good to see you"),
        ("good to see you\nand good", "good to see you"),
        ("\n", ""),
    ] {
        let (mut retry, mut connection, _server) = greeted(&trial).await?;
        connection.says(said).await?;
        retry.prints(answer).await?;
        prints_nothing_like(&mut retry, &["and good"]).await?;
        retry.ends_with(0).await?;
    }
    Ok(())
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
    fails(&mut retry).await
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
                    .whatever_the_time()
                    .into());
            }
        }
    }
    Ok(())
}

async fn spreads(trial: Trial) -> Verdict {
    let all = waits_of_many_seeds(&trial).await?;
    for n in 1..ATTEMPTS {
        falls_on_both_sides(n, &all)?;
    }
    are_spread_evenly("the waits", &all, 1)?;
    // A cap that is put on what was drawn, and not on what is drawn from, shows here only.
    let capped = format!("the waits after attempt {FIRST_CAPPED} and later");
    are_spread_evenly(&capped, &all, FIRST_CAPPED)?;
    are_drawn_anew(&all)
}

/// The waits of a run, and its name.
type Run = (String, Vec<Duration>);

/// The waits after attempt `n` have to be below half of their cap in one run, and above in
/// another.
fn falls_on_both_sides(n: usize, all: &[Run]) -> Verdict {
    let cap = cap_after(n);
    let waits: Vec<Duration> = all.iter().map(|(_, waits)| waits[n - 1]).collect();
    if waits.iter().any(|wait| *wait < cap / 2) && waits.iter().any(|wait| *wait > cap / 2) {
        return Ok(());
    }
    let (shortest, longest) = (waits.iter().min(), waits.iter().max());
    let millis = |wait: Option<&Duration>| wait.map_or(0, Duration::as_millis);
    let what = format!("the waits after attempt {n} are not spread, over {SEEDS} seeds");
    Err(Wrong::new(what)
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
        .whatever_the_time()
        .into())
}

/// As parts of their caps, the waits after attempt `first` and later have to be spread
/// evenly from 0 to 1.
fn are_spread_evenly(name: &str, all: &[Run], first: usize) -> Verdict {
    let mut parts: Vec<f64> = all
        .iter()
        .flat_map(|(_, waits)| with_caps(waits))
        .filter(|(n, ..)| *n >= first)
        .map(|(_, wait, cap)| wait.as_secs_f64() / cap.as_secs_f64())
        .collect();
    parts.sort_by(f64::total_cmp);
    if furthest_from_even(&parts) <= furthest_by_chance(count_of(&parts)) {
        return Ok(());
    }
    let below = [0.25, 0.5, 0.75].map(|part| parts.partition_point(|other| *other < part));
    let [first, second, third] = below;
    let came = [first, second - first, third - second, parts.len() - third];
    let what = format!("{name} are not spread evenly up to their caps, over {SEEDS} seeds");
    Err(Wrong::new(what)
        .expected(format!(
            "about {} waits in each quarter of the way up to the cap",
            parts.len() / 4
        ))
        .came(came.map(|count| count.to_string()).join(", "))
        .about(&all[0].0)
        .whatever_the_time()
        .into())
}

/// The Kolmogorov–Smirnov statistic of sorted numbers: how far the share of those below
/// any point from 0 to 1 is from that point.
fn furthest_from_even(sorted: &[f64]) -> f64 {
    let share = 1.0 / count_of(sorted);
    let gaps = (0_u32..).zip(sorted).map(|(below, number)| {
        let below = f64::from(below) * share;
        (number - below).abs().max((below + share - number).abs())
    });
    gaps.fold(0.0, f64::max)
}

/// What that is at most, except once in 10⁹ times, for so many numbers that are drawn
/// evenly: by Massart's inequality it is more than x with a chance of 2e⁻²ⁿˣˣ.
fn furthest_by_chance(count: f64) -> f64 {
    const CHANCE: f64 = 1e-9;
    /// A wait is whole milliseconds, and the lowest cap is 50 of them.
    const ROUNDED: f64 = 1.0 / 50.0;
    ((2.0 / CHANCE).ln() / (2.0 * count)).sqrt() + ROUNDED
}

fn count_of(numbers: &[f64]) -> f64 {
    u32::try_from(numbers.len()).map_or(f64::INFINITY, f64::from)
}

/// The waits of some run have to be below half of their caps and above, both.
fn are_drawn_anew(all: &[Run]) -> Verdict {
    let is_mixed = |waits: &[Duration]| {
        with_caps(waits).any(|(_, wait, cap)| wait < cap / 2)
            && with_caps(waits).any(|(_, wait, cap)| wait > cap / 2)
    };
    if all.iter().any(|(_, waits)| is_mixed(waits)) {
        return Ok(());
    }
    let what = format!("in each of {SEEDS} runs all waits are the same part of their caps");
    Err(Wrong::new(what)
        .expected(
            "each wait to be drawn anew, so that some are below half of their cap, and some above",
        )
        .came(in_millis(&all[0].1))
        .about(&all[0].0)
        .whatever_the_time()
        .into())
}

async fn really_waits(trial: Trial) -> Verdict {
    let timed = timed_waits(&trial).await?;
    if timed.passed > timed.said + TIMED * (LATE + timed.late) {
        return Err(Wrong::new("retry waits for longer than it says")
            .expected(format!(
                "about {} ms in all, as the waits of {TIMED} runs say",
                timed.said.as_millis()
            ))
            .came(format!("{} ms", timed.passed.as_millis()))
            .into());
    }
    Ok(())
}

async fn says_it_before(trial: Trial) -> Verdict {
    let timed = timed_waits(&trial).await?;
    if timed.passed + TIMED * (SEEN_LATE + timed.late) < timed.said {
        return Err(
            Wrong::new("retry prints its waits when they are over, or nearly so")
                .expected(format!(
                    "about {} ms between the waits of {TIMED} runs and the attempts after them",
                    timed.said.as_millis()
                ))
                .came(format!("{} ms in all", timed.passed.as_millis()))
                .into(),
        );
    }
    Ok(())
}

/// Of all the waits of some runs together, how long they are.
struct Timed {
    /// As the candidates say.
    said: Duration,
    /// As the judge sees: from the line of each wait to that of the attempt after it.
    passed: Duration,
    /// How late the judge was meanwhile.
    late: Duration,
}

async fn timed_waits(trial: &Trial) -> Verdict<Timed> {
    let port = trial.refusing_port()?;
    let before = trial.late();
    let runs = (1..=TIMED).map(|number| time_waits(trial.clone(), number, port.addr()));
    let runs = side_by_side(runs).await?;
    Ok(Timed {
        said: runs.iter().map(|(said, _)| said).sum(),
        passed: runs.iter().map(|(_, passed)| passed).sum(),
        late: trial.late().saturating_sub(before),
    })
}

/// How long the waits of one run are as it says, and as the judge sees.
async fn time_waits(trial: Trial, number: u32, addr: SocketAddr) -> Verdict<(Duration, Duration)> {
    let name = format!("run {number}");
    let mut retry = trial.start_as(&name, [addr.to_string()]).await?;
    let (mut said, mut passed) = (Duration::ZERO, Duration::ZERO);
    // When the judge sees a line, it has been printed for some time; but the program was not
    // there before it was started. So this much is sure, however late anybody is.
    let mut at_least = Duration::ZERO;
    refused_attempt(&mut retry, 1).await?;
    for attempt in 2..=ATTEMPTS {
        let (wait, begins) = wait_at(&mut retry).await?;
        let ends = refused_attempt(&mut retry, attempt).await?;
        said += wait;
        passed += ends.duration_since(begins);
        at_least += wait.saturating_sub(EARLY);
        let since_start = ends.duration_since(retry.started());
        if since_start < at_least {
            let what = format!("attempt {attempt} came sooner than the waits before it allow");
            return Err(Wrong::new(what)
                .expected(format!(
                    "at least {} ms after the start",
                    at_least.as_millis()
                ))
                .came(format!("{} ms", since_start.as_millis()))
                .about(&name)
                .seen(ends)
                .whatever_the_time()
                .into());
        }
    }
    Ok((said, passed))
}

async fn repeats(trial: Trial) -> Verdict {
    for seed in [7, HIGHEST_SEED] {
        let twice = [("first run", Some(seed)), ("second run", Some(seed))];
        let waits = waits_of(&trial, twice).await?;
        if waits[0].1 != waits[1].1 {
            let what = format!("two runs with --seed {seed} wait differently");
            return Err(Wrong::new(what)
                .expected(in_millis(&waits[0].1))
                .came(in_millis(&waits[1].1))
                .whatever_the_time()
                .into());
        }
    }
    Ok(())
}

async fn differs_by_seed(trial: Trial) -> Verdict {
    let seeds = [1, 2, 257, 65_537, HIGHEST_SEED];
    let runs = seeds.map(|seed| (format!("seed {seed}"), Some(seed)));
    let waits = waits_of(&trial, runs).await?;
    for (index, one) in waits.iter().enumerate() {
        if let Some(other) = waits[..index].iter().find(|other| other.1 == one.1) {
            let what = format!("{} and {} give the same waits", other.0, one.0);
            return Err(same_waits(&what, &one.1).into());
        }
    }
    Ok(())
}

async fn differs_without_seed(trial: Trial) -> Verdict {
    let waits = waits_of(&trial, [("first run", None), ("second run", None)]).await?;
    if waits[0].1 != waits[1].1 {
        return Ok(());
    }
    Err(same_waits("two runs without a seed give the same waits", &waits[0].1).into())
}

async fn closed_without_answer(trial: Trial) -> Verdict {
    let (mut retry, connection, _server) = greeted(&trial).await?;
    connection.closes();
    fails(&mut retry).await?;

    let (mut retry, connection, _server) = greeted(&trial).await?;
    connection.resets()?;
    fails(&mut retry).await?;

    let (mut retry, mut connection, _server) = greeted(&trial).await?;
    connection.says("good to s").await?;
    connection.closes();
    prints_nothing_like(&mut retry, &["good"]).await?;
    fails(&mut retry).await
}

async fn other_failure(trial: Trial) -> Verdict {
    let (addr, kind) = unreachable().await?;
    let mut retry = trial.start([addr.to_string()]).await?;
    retry.prints(&format!("attempt 1: {kind:?}")).await?;
    fails(&mut retry).await
}

async fn no_address(trial: Trial) -> Verdict {
    for argument in ["nowhere", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536"] {
        let mut retry = trial.start([argument]).await?;
        retry.ends_with(2).await?;
        stops_trying(&mut retry).await?;
        if retry.complaint().await?.trim().is_empty() {
            return Err(Wrong::new("retry said nothing on standard error")
                .expected(format!("a message about the argument {argument:?}"))
                .into());
        }
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
    Ok(wait_at(retry).await?.0)
}

/// The same, and when the judge saw the line.
async fn wait_at(retry: &mut Candidate) -> Verdict<(Duration, Instant)> {
    let wait = |line: &str| {
        line.strip_prefix("waiting ")?
            .strip_suffix(" ms")?
            .parse()
            .ok()
    };
    let (millis, line) = retry.prints_like("a line \"waiting <n> ms\"", wait).await?;
    Ok((Duration::from_millis(millis), line.at))
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

/// It ends with exit code 1, and does not try again.
async fn fails(retry: &mut Candidate) -> Verdict {
    retry.ends_with(1).await?;
    stops_trying(retry).await
}

/// Nothing that it prints before its output is over may be another attempt.
async fn stops_trying(retry: &mut Candidate) -> Verdict {
    prints_nothing_like(retry, &["attempt ", "waiting "]).await
}

/// No line that it prints before its output is over may begin with one of these.
async fn prints_nothing_like(retry: &mut Candidate, beginnings: &[&str]) -> Verdict {
    let awaited = format!("no line that begins with {beginnings:?}");
    while let Some(line) = retry.next_line(&awaited).await? {
        if beginnings.iter().any(|it| line.text.starts_with(it)) {
            return Err(Wrong::new("retry printed a line too many")
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
    runs: impl IntoIterator<Item = (impl Into<String>, Option<u32>)>,
) -> Verdict<Vec<Run>> {
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

async fn waits_of_many_seeds(trial: &Trial) -> Verdict<Vec<Run>> {
    let seeds = (1..=SEEDS).map(mixed_seed);
    waits_of(
        trial,
        seeds.map(|seed| (format!("seed {seed}"), Some(seed))),
    )
    .await
}

/// A seed with ones and zeros everywhere. From seeds that are all small, or near each
/// other, some well-known generators draw a first number that is nearly always the same.
fn mixed_seed(number: u32) -> u32 {
    let mixed = number.wrapping_mul(0x9e37_79b9);
    (mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d) % HIGHEST_SEED + 1
}

fn same_waits(what: &str, waits: &[Duration]) -> Wrong {
    Wrong::new(what)
        .expected("other waits in each run")
        .came(format!("{} both times", in_millis(waits)))
        .whatever_the_time()
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
