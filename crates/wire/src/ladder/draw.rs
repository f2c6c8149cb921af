//! A ladder in a terminal:
//!
//! ```text
//!             client                                         server
//!    0.000000 ├─ SYN  seq 0 ─────────────────────────────────────▶│
//!    0.000014 │◀────────────────────────── SYN ACK  seq 0 ack 1 ─┤
//! ```

use std::fmt;

use super::{Ladder, Step};
use crate::{Side, list::Seconds};

/// How wide the time is, and the space between the lifelines. With a space and the
/// two lifelines a line is 80 columns wide.
const TIME: usize = 11;
const INNER: usize = 66;

/// How wide the words on an arrow may be.
const WORDS: usize = 60;

impl fmt::Display for Ladder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = self.client.0.to_string();
        let server = self.server.0.to_string();
        let width = client.len().max(server.len());
        writeln!(f, "{client:width$}  {}", self.client.1)?;
        writeln!(f, "{server:width$}  {}", self.server.1)?;
        writeln!(f)?;
        let rest = (INNER + 2).saturating_sub(client.len());
        writeln!(f, "{:TIME$} {client}{server:>rest$}", "")?;
        self.steps.iter().try_for_each(|step| draw(f, step))
    }
}

fn draw(f: &mut fmt::Formatter<'_>, step: &Step) -> fmt::Result {
    let mut words = format!("{}  {}", step.label, step.detail);
    if words.len() > WORDS {
        words.clone_from(&step.label);
    }
    let line = |taken: usize| "─".repeat(INNER.saturating_sub(taken + words.len()));
    let arrow = match (step.from, step.to) {
        (Side::Client, Side::Server) => format!("├─ {words} {}▶│", line(4)),
        (Side::Server, Side::Client) => format!("│◀{} {words} ─┤", line(4)),
        // A socket that is connected to itself.
        _ => {
            let rest = INNER.saturating_sub(5 + words.len());
            format!("├─ {words} ─╯{:rest$}│", "")
        }
    };
    writeln!(f, "{:>TIME$} {arrow}", Seconds(step.at))
}
