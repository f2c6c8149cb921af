//! Blessing never panics; what is blessed matches at least one run, and stays
//! as it is where it matches all.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::{Transcript, bless};
use transcript_fuzz::Input;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::read(data) else { return };
    let Some(transcript) = input.transcript() else { return };
    let runs = &input.outputs[..input.outputs.len().min(3)];
    let blessed = bless(&transcript, runs);
    let new = Transcript::parse(&blessed.text, input.order, &input.kinds).expect("a page that can be read");
    if runs.is_empty() {
        assert_eq!(blessed.text, input.page);
        return;
    }
    assert!(blessed.unsettled.len() < runs.len(), "{blessed:?}");
    if blessed.unsettled.is_empty() {
        assert_eq!(bless(&new, runs).text, blessed.text);
    }
});
