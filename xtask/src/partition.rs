//! Sharing the lessons out among several machines.

use std::{num::NonZeroU64, str::FromStr};

use crate::hash::fnv1a;

/// One part of several: `2/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    part: u64,
    of: NonZeroU64,
}

impl Partition {
    /// Is the lesson with this id in this part?
    ///
    /// That follows from the id alone: it is the same on every machine, and a
    /// lesson that is added moves no other.
    #[must_use]
    pub fn contains(self, id: &str) -> bool {
        fnv1a(id.as_bytes()) % self.of == self.part - 1
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "write which part of how many, such as 2/5".to_owned();
        let (part, of) = text.split_once('/').ok_or_else(wrong)?;
        let part: u64 = part.parse().map_err(|_| wrong())?;
        let of: NonZeroU64 = of.parse().map_err(|_| wrong())?;
        if part == 0 || part > of.get() {
            return Err(format!(
                "there is no part {part} of {of}: write 1/{of} to {of}/{of}"
            ));
        }
        Ok(Self { part, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_is_in_exactly_one_part() {
        for of in 1..=7 {
            for lesson in 0..500 {
                let id = format!("lesson-{lesson}");
                let parts = (1..=of).filter(|part| {
                    let partition: Partition = format!("{part}/{of}").parse().unwrap();
                    partition.contains(&id)
                });
                assert_eq!(parts.count(), 1, "{id} of {of}");
            }
        }
    }

    #[test]
    fn the_parts_are_about_equal() {
        let partition: Partition = "1/4".parse().unwrap();
        let lessons = (0..1000).filter(|lesson| partition.contains(&format!("lesson-{lesson}")));
        let count = lessons.count();
        assert!((200..300).contains(&count), "{count}");
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/2", "3/2", "1/0", "-1/2", "a/b", "1/2/3"] {
            assert!(text.parse::<Partition>().is_err(), "{text}");
        }
    }
}
