//! Where texts of a kind of the page's own may begin and end.
//!
//! A regular expression alone says whether a text is of a kind. To fill several
//! placeholders of one line we need more: every place where such a text may
//! begin, given all the places where it may end. Automata answer that in one
//! pass: each place that may be an end starts a thread, and threads that reach
//! the same state are one from there on.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Cache, Config, DFA},
    },
    nfa::thompson,
};

use crate::{bits::Bits, chars::Chars};

/// A kind's pattern as two automata, one for each direction.
pub(crate) struct Walker {
    forward: DFA,
    reverse: DFA,
}

/// What the automata of one [`Walker`] remember from one walk to the next.
pub(crate) struct Trail {
    forward: Cache,
    reverse: Cache,
}

/// The automaton would have grown too large, or met a word boundary between
/// characters that are not ASCII, which it cannot tell.
#[derive(Debug)]
pub(crate) struct GaveUp;

/// How much memory the states of one automaton may take.
const STATES: usize = 16 << 20;

impl Walker {
    /// The automata of this pattern, unless they would be too large.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        let config = Config::new()
            .match_kind(MatchKind::All)
            .unicode_word_boundary(true)
            .cache_capacity(STATES)
            // We hold states of several threads: the cache must not be cleared under them.
            .minimum_cache_clear_count(Some(0));
        let build = |reverse| {
            let mut dfa = DFA::builder();
            dfa.configure(config.clone())
                .thompson(thompson::Config::new().reverse(reverse));
            dfa.build(pattern).ok()
        };
        Some(Self {
            forward: build(false)?,
            reverse: build(true)?,
        })
    }

    pub(crate) fn trail(&self) -> Trail {
        Trail {
            forward: self.forward.create_cache(),
            reverse: self.reverse.create_cache(),
        }
    }

    /// All places where a text of this kind begins that ends at one of `ends`.
    pub(crate) fn begins(
        &self,
        trail: &mut Trail,
        chars: &Chars<'_>,
        ends: &Bits,
    ) -> Result<Bits, GaveUp> {
        let (dfa, cache) = (&self.reverse, &mut trail.reverse);
        let start = dfa
            .start_state_reverse(cache, &nothing())
            .map_err(|_| GaveUp)?;
        let mut begins = Bits::new(chars.len() + 1);
        let mut threads: Vec<LazyStateID> = Vec::new();
        let mut most = merge(&mut threads);
        let mut at = chars.len();
        while let Some(before) = chars.previous(at) {
            if ends.get(at) {
                threads.push(start);
                if threads.len() > most {
                    most = merge(&mut threads);
                }
            }
            step_all(
                dfa,
                cache,
                &mut threads,
                chars.spelling(before, at).iter().rev(),
            )?;
            for thread in &threads {
                if accepts(dfa, cache, *thread)? {
                    begins.set(before);
                    break;
                }
            }
            at = before;
        }
        Ok(begins)
    }

    /// The last of `ends` to which a text of this kind reaches from `from`.
    pub(crate) fn longest(
        &self,
        trail: &mut Trail,
        chars: &Chars<'_>,
        from: usize,
        ends: &Bits,
    ) -> Result<Option<usize>, GaveUp> {
        let (dfa, cache) = (&self.forward, &mut trail.forward);
        let mut threads = vec![
            dfa.start_state_forward(cache, &nothing())
                .map_err(|_| GaveUp)?,
        ];
        let (mut at, mut longest) = (from, None);
        while let Some(after) = chars.next(at) {
            step_all(dfa, cache, &mut threads, chars.spelling(at, after).iter())?;
            let Some(thread) = threads.first() else { break };
            if ends.get(after) && accepts(dfa, cache, *thread)? {
                longest = Some(after);
            }
            at = after;
        }
        Ok(longest)
    }
}

/// The text of a kind stands alone: what is around it in the line is not seen.
fn nothing() -> Input<'static> {
    Input::new("").anchored(Anchored::Yes)
}

/// Moves every thread over one character; those that can no longer match end.
fn step_all<'a>(
    dfa: &DFA,
    cache: &mut Cache,
    threads: &mut Vec<LazyStateID>,
    bytes: impl Iterator<Item = &'a u8>,
) -> Result<(), GaveUp> {
    for byte in bytes {
        for thread in &mut *threads {
            *thread = dfa.next_state(cache, *thread, *byte).map_err(|_| GaveUp)?;
            if thread.is_quit() {
                return Err(GaveUp);
            }
        }
        threads.retain(|thread| !thread.is_dead());
    }
    Ok(())
}

/// Makes one of the threads that are in the same state; gives how many there
/// may be before that is worth doing again.
fn merge(threads: &mut Vec<LazyStateID>) -> usize {
    threads.sort_unstable();
    threads.dedup();
    threads.len() * 2 + 8
}

fn accepts(dfa: &DFA, cache: &mut Cache, thread: LazyStateID) -> Result<bool, GaveUp> {
    let end = dfa.next_eoi_state(cache, thread).map_err(|_| GaveUp)?;
    Ok(end.is_match())
}
