//! Any text is a page, if a wrong one: reading it ends, without a panic, and
//! all that is told of it can be shown.
//!
//! ```console
//! $ cargo +nightly fuzz run page -- -max_total_time=60
//! ```
//!
//! (from `crates/lesson`; `cargo install cargo-fuzz` brings the command.)

#![no_main]

use lesson::{Lesson, Look, outline};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|page: &str| {
    let lesson = Lesson::of_page(page.to_owned());
    assert_eq!(lesson.source, page);
    for diagnostic in &lesson.diagnostics {
        let shown = diagnostic.render(Look::Plain);
        assert!(!shown.contains(|c: char| c.is_control() && c != '\n'));
        if let Some(place) = &diagnostic.place {
            assert!(page.get(place.span.clone()).is_some());
        }
    }
    for block in &lesson.blocks {
        assert!(page.get(block.span.clone()).is_some());
        // Writing what is there changes how a block is written, at most.
        let again = Lesson::of_page(lesson.with_block(block, &block.content));
        assert!(!lesson.is_valid() || again.is_valid());
    }
    let _ = outline(&lesson);
});
