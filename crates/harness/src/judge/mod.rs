//! Judging a program from outside: through its arguments, its output, its exit
//! code and the bytes on its sockets. So a challenge can be solved in any
//! language, and nothing looks inside a solution.
//!
//! A [`Challenge`] is a list of requirements. Each has a name, a reason, and a
//! function that drives a candidate and says whether it met the requirement. It is
//! given a [`Trial`], which starts the [`Candidate`] and the judge's own peers, and
//! keeps the conversation that a failed requirement is reported with:
//!
//! ```
//! use harness::judge::{Challenge, Trial, Verdict};
//!
//! fn challenge() -> Challenge {
//!     Challenge::new("greet", "`greet ADDR` connects, and says hello").requires(
//!         "it greets the server",
//!         "a server that is not spoken to does not know what is wanted",
//!         greets,
//!     )
//! }
//!
//! async fn greets(trial: Trial) -> Verdict {
//!     let mut server = trial.server("server")?;
//!     let mut greet = trial.start([server.addr().to_string()]).await?;
//!     let mut client = server.accepts().await?;
//!     client.hears("hello\n").await?;
//!     greet.ends_with(0).await
//! }
//! # let _ = challenge();
//! ```
//!
//! Nothing here waits for a fixed time. Whatever a requirement waits for, it goes on
//! as soon as it is there; [`Limits`] only say when to give up. That something does
//! *not* happen is seen by a later message that would have come after it. And where the
//! machine is so busy that the judge itself is late, the limits are put off, and what looks
//! wrong is no verdict ([`NotMet::Unclear`]): only what is seen in time is held against a
//! candidate, unless time has no part in it ([`Wrong::whatever_the_time`]). Nothing is tried
//! again until it passes.
//!
//! A challenges crate is a program whose `main` is [`main`] with its challenges.

mod bytes;
mod candidate;
mod challenge;
mod client;
mod command;
mod conversation;
pub mod cut;
mod doomed;
pub mod elsewhere;
mod kernel;
mod not_met;
mod peer;
mod pulse;
pub mod reading;
mod report;
mod server;
mod stand_in;
mod trial;

pub use bytes::Bytes;
pub use candidate::{Candidate, Line};
pub use challenge::{Challenge, Requirement, Verdict};
pub use command::main;
pub use doomed::DoomedServer;
pub use kernel::most_sent_unread;
pub use not_met::{NotMet, Wrong};
pub use peer::{HangUp, Peer};
pub use report::{Outcome, judge};
pub use runner::{Ended, Signal};
pub use server::{RefusingPort, Server};
pub use trial::{Command, Limits, Trial, side_by_side};
