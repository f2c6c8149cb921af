//! The server itself.

use std::time::{Duration, Instant};

use harness::judge::{Bytes, Candidate, Challenge, Ended, Signal, Trial, Verdict, Wrong};

use super::Chat;

/// The server ends so soon after its signal.
const END: Duration = Duration::from_secs(2);
/// A busy machine may be late by so much.
const LATE: Duration = Duration::from_secs(2);

/// Adds these requirements.
pub(super) fn require(challenge: Challenge) -> Challenge {
    challenge
        .requires(
            "SIGTERM ends it with exit code 0",
            "this is how a service is stopped; one that does not listen is killed, and its clients with it",
            |trial| ends(trial, Signal::Terminate),
        )
        .requires(
            "SIGINT ends it with exit code 0",
            "this is Ctrl-C; a server that was asked to end and did has not failed",
            |trial| ends(trial, Signal::Interrupt),
        )
        .requires(
            "an address that is taken is told about",
            "port in use is the most common failure of a server in production, and it should say so at once",
            address_taken,
        )
        .requires(
            "it listens on the address that it is given, and on no other",
            "who names 127.0.0.1 means this machine: a server that listens on all addresses is open to the whole network",
            one_address,
        )
}

async fn address_taken(trial: Trial) -> Verdict {
    let taken = trial.server("somebody else")?;
    let addr = taken.addr().to_string();
    let mut server = trial.start([addr.as_str()]).await?;
    let ended = server.ends().await?;
    if ended == Ended::Code(0) {
        return Err(
            Wrong::new("the server could not listen, and says that all went well")
                .expected("another exit code than 0")
                .came(ended)
                .into(),
        );
    }
    let complaint = server.complaint().await?;
    if !complaint.contains(&addr) {
        return Err(Wrong::new("the server does not say which address is taken")
            .expected(format!("a message with {addr} in it, on standard error"))
            .came(Bytes(complaint.as_bytes()))
            .into());
    }
    Ok(())
}

async fn one_address(trial: Trial) -> Verdict {
    let chat = Chat::start(&trial).await?;
    let _ann = chat.joins("ann").await?;
    trial.listens_nowhere_else(chat.addr).await
}

async fn ends(trial: Trial, signal: Signal) -> Verdict {
    let mut chat = Chat::start(&trial).await?;
    let mut ann = chat.joins("ann").await?;
    let mut bob = chat.joins("bob").await?;
    ann.says("hello\n").await?;
    bob.hears("hello\n").await?;
    ends_in_time(&mut chat.server, signal).await?;
    ann.hears_the_end().await?;
    bob.hears_the_end().await
}

/// It ends by the signal, in time and with exit code 0.
pub(super) async fn ends_in_time(server: &mut Candidate, signal: Signal) -> Verdict {
    let signalled = Instant::now();
    server.signal(signal);
    server.ends_with(0).await?;
    let took = signalled.elapsed();
    if took > END + LATE {
        return Err(Wrong::new("the server took long to end")
            .expected(format!("at most {} s", END.as_secs()))
            .came(format!("{:.1} s", took.as_secs_f64()))
            .into());
    }
    Ok(())
}
