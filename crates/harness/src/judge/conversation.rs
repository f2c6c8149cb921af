//! What was said in a trial, by whom and when: the evidence that a failed
//! requirement is shown with.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{bytes::Excerpt, pulse::Pulse};

/// Of a conversation that is longer, the middle is left out of the report.
const SHOWN: usize = 24;
/// How many entries of the beginning are shown then.
const SHOWN_FIRST: usize = 8;
/// How many entries are shown that came after the one that is wrong.
const SHOWN_AFTER: usize = 3;

/// Everything that happened in a trial, in the order in which the judge saw it.
#[derive(Debug)]
pub(crate) struct Conversation {
    begun: Instant,
    pulse: Pulse,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: Vec<Entry>,
    /// When something last happened, told or not.
    last: Duration,
    /// How late the judge was by then.
    late: Duration,
}

#[derive(Clone, Debug)]
struct Entry {
    at: Duration,
    who: String,
    event: Event,
}

#[derive(Clone, Debug)]
enum Event {
    /// Something that is told in words.
    Did(String),
    /// Bytes that went to the candidate.
    Said(Excerpt),
    /// Bytes that came from it, in however many pieces.
    Heard(Excerpt),
}

impl Conversation {
    pub(crate) fn new(pulse: Pulse) -> Self {
        Self {
            begun: Instant::now(),
            pulse,
            state: Mutex::default(),
        }
    }

    /// When it began.
    pub(crate) fn begun(&self) -> Instant {
        self.begun
    }

    /// How late the judge has been so far, all in all.
    pub(crate) fn late(&self) -> Duration {
        self.pulse.late()
    }

    /// When nothing will have happened in it for `silence`. As long as the judge itself is
    /// late, it is patient, though not without end.
    pub(crate) fn silent_at(&self, silence: Duration) -> Instant {
        let late = self.pulse.late();
        let state = self.state();
        let patience = silence + late.saturating_sub(state.late).min(silence * 2);
        self.begun + state.last + patience
    }

    /// Something happened that need not be told.
    pub(crate) fn goes_on(&self) {
        let (now, late) = (self.begun.elapsed(), self.pulse.late());
        let mut state = self.state();
        (state.last, state.late) = (now, late);
    }

    /// Somebody did something.
    pub(crate) fn did(&self, who: &str, what: impl Into<String>) {
        self.note(who, Event::Did(what.into()));
    }

    /// A peer sent bytes to the candidate.
    pub(crate) fn said(&self, who: &str, bytes: &[u8]) {
        self.note(who, Event::Said(bytes.into()));
    }

    /// A peer heard bytes from the candidate. What comes in many pieces is one
    /// entry, until something else happens.
    pub(crate) fn heard(&self, who: &str, bytes: &[u8]) {
        self.goes_on();
        let now = self.begun.elapsed();
        let mut state = self.state();
        match state.entries.last_mut() {
            Some(Entry {
                at,
                who: same,
                event: Event::Heard(so_far),
            }) if same == who => {
                *at = now;
                so_far.push(bytes);
            }
            _ => {
                let event = Event::Heard(bytes.into());
                state.entries.push(Entry {
                    at: now,
                    who: who.to_owned(),
                    event,
                });
            }
        }
    }

    /// The conversation in lines; only what `about` did, where it is given. It ends soon
    /// after `seen`: a candidate that prints a thousand lines at once has printed them all
    /// when the judge looks at the third.
    pub(crate) fn render(&self, about: Option<&str>, seen: Option<Instant>) -> String {
        let state = self.state();
        let seen = seen.map(|seen| seen.saturating_duration_since(self.begun));
        let told: Vec<&Entry> = state
            .entries
            .iter()
            .filter(|entry| about.is_none_or(|about| entry.who == about))
            .collect();
        let width = told
            .iter()
            .map(|entry| entry.who.chars().count())
            .max()
            .unwrap_or(0);
        let wrong = seen.and_then(|seen| told.iter().position(|entry| entry.at >= seen));
        let end = wrong.map_or(told.len(), |wrong| told.len().min(wrong + 1 + SHOWN_AFTER));
        let mut lines: Vec<String> = told[..end]
            .iter()
            .map(|entry| format!("{entry:width$}\n"))
            .collect();
        if end > SHOWN {
            let left_out = end - SHOWN;
            let middle = SHOWN_FIRST..SHOWN_FIRST + left_out;
            lines.splice(middle, [format!("  … {left_out} more …\n")]);
        }
        if end < told.len() {
            lines.push(format!("  … {} more\n", told.len() - end));
        }
        lines.concat()
    }

    fn note(&self, who: &str, event: Event) {
        self.goes_on();
        let at = self.begun.elapsed();
        self.state().entries.push(Entry {
            at,
            who: who.to_owned(),
            event,
        });
    }

    /// Nothing that holds the lock can leave the list half written, so a panic
    /// elsewhere does not make it unreadable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `  0.004 s  ann  hears "welcome\n"`; the format's width is that of the name.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = f.width().unwrap_or(0);
        write!(f, "{:>7.3} s  {:width$}  ", self.at.as_secs_f64(), self.who)?;
        match &self.event {
            Event::Did(what) => f.write_str(what),
            Event::Said(bytes) => write!(f, "says {bytes}"),
            Event::Heard(bytes) => write!(f, "hears {bytes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each line tells of a conversation in which somebody counts, and a mistake is
    /// seen at one of the numbers.
    fn told(count: usize, mistake: Option<usize>) -> Vec<String> {
        let conversation = Conversation::new(Pulse::start());
        let mut seen = None;
        for number in 1..=count {
            if mistake == Some(number) {
                let before = Instant::now();
                // However coarse the clock is, this is later than all that came before.
                while seen.is_none_or(|seen| seen == before) {
                    seen = Some(Instant::now());
                }
            }
            conversation.did("it", number.to_string());
        }
        let lines = conversation.render(None, seen);
        let what = |line: &str| {
            let (_, what) = line.rsplit_once("  ").unwrap_or_default();
            what.to_owned()
        };
        lines.lines().map(what).collect()
    }

    #[tokio::test]
    async fn what_is_short_is_told_whole() {
        assert_eq!(told(3, None), ["1", "2", "3"]);
        assert_eq!(told(3, Some(1)), ["1", "2", "3"]);
        assert_eq!(told(SHOWN, None).len(), SHOWN);
    }

    #[tokio::test]
    async fn of_what_is_long_the_beginning_and_the_end_are_told() {
        let told = told(100, None);
        assert_eq!(told[..2], ["1", "2"]);
        assert_eq!(told[7..10], ["8", "… 76 more …", "85"]);
        assert_eq!(told.last().map(String::as_str), Some("100"));
    }

    #[tokio::test]
    async fn what_came_long_after_a_mistake_is_left_out() {
        let told = told(1000, Some(50));
        assert_eq!(told[8], "… 29 more …");
        assert_eq!(told[21..], ["50", "51", "52", "53", "… 947 more"]);
    }
}
