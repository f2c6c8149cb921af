//! What is required of any program that connects to a server, prints what it reads, and
//! says by its exit code whether all was well: `NAME ADDR`.

use std::ffi::OsString;

use super::{Candidate, NotMet, Peer, Trial, Verdict, Wrong};

/// Starts a candidate, and takes its connection: the candidate, and its server.
///
/// # Errors
///
/// [`Wrong`] where it does not connect.
pub async fn connected(trial: &Trial) -> Verdict<(Candidate, Peer)> {
    let mut server = trial.server("server")?;
    let candidate = trial.start([server.addr().to_string()]).await?;
    let connection = server.accepts().await?;
    Ok((candidate, connection))
}

/// The candidate has to print nothing more, and to end with exit code 0.
///
/// # Errors
///
/// [`Wrong`] where it does anything else.
pub async fn ends_well(candidate: &mut Candidate) -> Verdict {
    prints_no_more(candidate).await?;
    candidate.ends_with(0).await
}

/// The candidate has to print nothing more, to say why, and to end with exit code 1.
///
/// # Errors
///
/// [`Wrong`] where it does anything else.
pub async fn fails(candidate: &mut Candidate) -> Verdict {
    fails_with(candidate, 1).await
}

/// Where nobody listens it has to fail.
///
/// # Errors
///
/// [`Wrong`] where it does not.
pub async fn fails_where_refused(trial: &Trial) -> Verdict {
    let port = trial.refusing_port()?;
    let mut candidate = trial.start([port.addr().to_string()]).await?;
    fails(&mut candidate).await
}

/// A command that names no address has to be told about.
///
/// # Errors
///
/// [`Wrong`] where it does not, or ends with another exit code than 2.
pub async fn tells_of_its_arguments(trial: Trial) -> Verdict {
    let none: [&str; 0] = [];
    refuses_to_start(&trial, none).await?;
    refuses_to_start(&trial, ["nowhere"]).await?;
    refuses_to_start(&trial, ["127.0.0.1"]).await?;
    // One more than a port can be.
    refuses_to_start(&trial, ["127.0.0.1:65536"]).await
}

async fn refuses_to_start(
    trial: &Trial,
    args: impl IntoIterator<Item = impl Into<OsString>>,
) -> Verdict {
    let mut candidate = trial.start(args).await?;
    fails_with(&mut candidate, 2).await
}

async fn fails_with(candidate: &mut Candidate, code: i32) -> Verdict {
    prints_no_more(candidate).await?;
    candidate.ends_with(code).await?;
    if !candidate.complaint().await?.trim().is_empty() {
        return Ok(());
    }
    let what = format!("{} said nothing on standard error", candidate.name());
    Err(Wrong::new(what)
        .expected("a message that says what is wrong")
        .into())
}

/// Its output has to be over. Where it goes on without a word, it is not that a line is
/// missing, which is what the judge would say.
async fn prints_no_more(candidate: &mut Candidate) -> Verdict {
    let name = candidate.name().to_owned();
    match candidate.next_line("nothing more").await {
        Ok(None) => Ok(()),
        Ok(Some(line)) => Err(Wrong::new(format!("{name} printed a line too many"))
            .expected("nothing more")
            .came(line.quoted())
            .seen(line.at)
            .into()),
        Err(NotMet::Wrong(_)) => Err(Wrong::new(format!("{name} did not end"))
            .expected("its end")
            .came("nothing: it goes on without a word")
            .into()),
        trouble => trouble.map(drop),
    }
}
