//! Parsing never panics, and says of every problem where it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::Transcript;
use transcript_fuzz::Input;

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::read(data) else { return };
    let problems = match Transcript::parse(input.page, input.order, &input.kinds) {
        Ok(transcript) => transcript.warnings().to_vec(),
        Err(error) => error.problems,
    };
    for problem in &problems {
        assert!(input.page.get(problem.span.clone()).is_some(), "{problem:?}");
        assert!(!problem.to_string().is_empty());
    }
});
