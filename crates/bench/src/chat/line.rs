//! The lines that are sent, and the checker of those that arrive.
//!
//! A line is 64 bytes, its ending included: who says it, the how manieth of his it is,
//! and a filling. So whoever hears lines can tell whether each line of each sender came
//! once, and in order.

use std::{fmt::Write as _, ops::Range};

use memchr::memchr;

/// The length of a line in bytes, with its ending.
pub(super) const LENGTH: usize = 64;

const SENDER: Range<usize> = 0..3;
const NUMBER: Range<usize> = 4..16;
const FILLING: &str = "the quick brown fox jumps over the lazy dog ok";

/// A line of one sender, from 0 to 999.
pub(super) fn line(sender: usize, number: u64) -> String {
    let mut line = String::with_capacity(LENGTH);
    // Writing to a string cannot fail.
    let _ = writeln!(line, "{sender:03} {number:012} {FILLING}");
    line
}

/// What is wrong with what arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A line of a sender came before one that he sent earlier, which was lost, or will
    /// come out of order.
    Skipped { sender: usize, due: u64, came: u64 },
    /// A line of a sender came again, or out of order.
    Again { sender: usize, due: u64, came: u64 },
    /// A sender heard himself.
    Echo { sender: usize },
    /// Something came that nobody sent.
    Foreign(String),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Skipped { sender, due, came } => write!(
                f,
                "line {came} of sender {sender} came where line {due} was due: lost, or out of order"
            ),
            Self::Again { sender, due, came } => write!(
                f,
                "line {came} of sender {sender} came where line {due} was due: doubled, or out of order"
            ),
            Self::Echo { sender } => write!(f, "sender {sender} heard himself"),
            Self::Foreign(text) => write!(f, "{text:?} came, which nobody sent"),
        }
    }
}

impl std::error::Error for Fault {}

/// Holds what one client hears against what was sent.
#[derive(Clone, Debug)]
pub(super) struct Checker {
    /// For each sender the number of the line that is due.
    due: Vec<u64>,
    /// The sender that this client is, if it is one.
    own: Option<usize>,
    /// A line of which the end is still to come.
    unfinished: Vec<u8>,
}

impl Checker {
    /// A checker that has heard nothing yet.
    pub(super) fn new(senders: usize, own: Option<usize>) -> Self {
        Self {
            due: vec![0; senders],
            own,
            unfinished: Vec::new(),
        }
    }

    /// How many lines of a sender were heard.
    pub(super) fn heard(&self, sender: usize) -> u64 {
        self.due[sender]
    }

    /// Takes what has arrived, and calls `hear` with the sender and the number of each
    /// line that is complete and right.
    pub(super) fn take(
        &mut self,
        mut bytes: &[u8],
        mut hear: impl FnMut(usize, u64),
    ) -> Result<(), Fault> {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end);
            bytes = &rest[1..];
            let (sender, number) = if self.unfinished.is_empty() {
                self.check(line)?
            } else {
                let mut whole = std::mem::take(&mut self.unfinished);
                whole.extend_from_slice(line);
                let checked = self.check(&whole)?;
                whole.clear();
                self.unfinished = whole;
                checked
            };
            hear(sender, number);
        }
        self.unfinished.extend_from_slice(bytes);
        if self.unfinished.len() > LENGTH {
            return Err(foreign(&self.unfinished));
        }
        Ok(())
    }

    /// The sender and the number of a line, if it is the one that is due.
    fn check(&mut self, line: &[u8]) -> Result<(usize, u64), Fault> {
        let (sender, came) = parse(line).ok_or_else(|| foreign(line))?;
        if self.own == Some(sender) {
            return Err(Fault::Echo { sender });
        }
        let due = self.due.get_mut(sender).ok_or_else(|| foreign(line))?;
        match (*due).cmp(&came) {
            std::cmp::Ordering::Less => Err(Fault::Skipped {
                sender,
                due: *due,
                came,
            }),
            std::cmp::Ordering::Greater => Err(Fault::Again {
                sender,
                due: *due,
                came,
            }),
            std::cmp::Ordering::Equal => {
                *due += 1;
                Ok((sender, came))
            }
        }
    }
}

fn foreign(bytes: &[u8]) -> Fault {
    Fault::Foreign(String::from_utf8_lossy(bytes).into_owned())
}

/// The sender and the number, if it is a line as [`line()`] makes it.
fn parse(line: &[u8]) -> Option<(usize, u64)> {
    let is_line = line.len() == LENGTH - 1
        && line[SENDER.end] == b' '
        && line[NUMBER.end] == b' '
        && line[NUMBER.end + 1..] == *FILLING.as_bytes();
    if !is_line {
        return None;
    }
    let sender = digits(&line[SENDER])?;
    Some((usize::try_from(sender).ok()?, digits(&line[NUMBER])?))
}

fn digits(text: &[u8]) -> Option<u64> {
    let mut number = 0;
    for &digit in text {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of sender 0 and 1, taken in pieces of every length.
    fn take(lines: &[String], own: Option<usize>) -> Result<Vec<(usize, u64)>, Fault> {
        let text = lines.concat();
        let mut last = None;
        for piece in 1..=200 {
            let mut checker = Checker::new(2, own);
            let mut heard = Vec::new();
            let result = text
                .as_bytes()
                .chunks(piece)
                .try_for_each(|bytes| checker.take(bytes, |sender, n| heard.push((sender, n))));
            // How much of what is foreign is told depends on the pieces.
            let result = result.map(|()| heard).map_err(|fault| match fault {
                Fault::Foreign(_) => Fault::Foreign(String::new()),
                fault => fault,
            });
            assert!(
                last.is_none_or(|last| last == result),
                "in pieces of {piece}"
            );
            last = Some(result);
        }
        last.unwrap()
    }

    #[test]
    fn a_line_has_64_bytes() {
        assert_eq!(line(0, 0).len(), LENGTH);
        assert_eq!(line(999, 999_999_999_999).len(), LENGTH);
    }

    #[test]
    fn every_line_of_every_sender_is_heard_however_they_are_mixed_and_cut() {
        let lines = [line(0, 0), line(1, 0), line(1, 1), line(0, 1)];
        assert_eq!(take(&lines, None), Ok(vec![(0, 0), (1, 0), (1, 1), (0, 1)]));
    }

    #[test]
    fn a_lost_line_is_seen() {
        let lost = Fault::Skipped {
            sender: 0,
            due: 1,
            came: 2,
        };
        assert_eq!(take(&[line(0, 0), line(0, 2)], None), Err(lost));
    }

    #[test]
    fn a_doubled_line_is_seen() {
        let doubled = Fault::Again {
            sender: 1,
            due: 1,
            came: 0,
        };
        assert_eq!(take(&[line(1, 0), line(1, 0)], None), Err(doubled));
    }

    #[test]
    fn lines_in_another_order_are_seen() {
        let result = take(&[line(0, 0), line(0, 2), line(0, 1)], None);
        assert!(matches!(result, Err(Fault::Skipped { came: 2, .. })));
    }

    #[test]
    fn a_sender_who_hears_himself_is_seen() {
        assert_eq!(take(&[line(1, 0)], Some(1)), Err(Fault::Echo { sender: 1 }));
    }

    #[test]
    fn what_nobody_sent_is_seen() {
        let cut = line(0, 0).replace("fox", "fo");
        let glued = line(0, 0).replace('\n', &line(0, 1));
        let changed = line(0, 0).replace("brown", "green");
        for text in [
            cut,
            glued,
            changed,
            line(2, 0),
            "welcome\n".into(),
            "\n".into(),
        ] {
            let result = take(std::slice::from_ref(&text), None);
            assert!(
                matches!(result, Err(Fault::Foreign(_))),
                "{text:?}: {result:?}"
            );
        }
    }
}
