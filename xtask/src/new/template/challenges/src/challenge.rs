//! `{{challenge}} ADDR`: connects, says hello, and prints the answer.

use harness::judge::{Challenge, Trial, Verdict};

/// The challenge and its requirements.
pub(crate) fn challenge() -> Challenge {
    Challenge::new(
        "{{challenge}}",
        "`{{challenge}} ADDR` connects to a server, says hello, and prints the answer",
    )
    .requires(
        "the answer is printed whole, wherever it is cut",
        "TCP is a byte stream: a read gives what is there, and that may be half an answer",
        prints_the_whole_answer,
    )
}

async fn prints_the_whole_answer(trial: Trial) -> Verdict {
    let mut server = trial.server("server")?;
    let mut candidate = trial.start([server.addr().to_string()]).await?;
    let mut connection = server.accepts().await?;
    connection.hears("hello\n").await?;
    // Each piece is sent when the one before has been read.
    connection.says_in_pieces(["good", " morning\n"]).await?;
    candidate.prints("good morning").await?;
    candidate.ends_with(0).await
}
