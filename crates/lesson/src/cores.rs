//! Work on many things at once, one thread for each core.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A thread is worth its while for some dozens of pages.
const WORTH_A_THREAD: usize = 32;

/// What `work` makes of each item, in their order, with every core at work. It is meant for
/// what takes about as long as a page takes to be read; a panic of the work is the caller's.
pub fn on_every_core<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(items.len() / WORTH_A_THREAD);
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    let mut put = |done: Vec<(usize, R)>| {
        for (at, result) in done {
            results[at] = Some(result);
        }
    };
    thread::scope(|scope| {
        // Where the system makes no more of them, those that there are do it all.
        let others: Vec<_> = (1..threads)
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, some).ok())
            .collect();
        put(some());
        for other in others {
            match other.join() {
                Ok(done) => put(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    // None of them is missing.
    results.into_iter().flatten().collect()
}
