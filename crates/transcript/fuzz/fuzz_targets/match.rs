//! Matching and reporting never panic, and verdict, report and canonical text
//! agree with each other.

#![no_main]

use libfuzzer_sys::fuzz_target;
use transcript::{Medium, ReportHeader, Transcript};
use transcript_fuzz::Input;

const HEADER: ReportHeader<'_> = ReportHeader {
    page: "page.md",
    first_line: 1,
    program: "program",
    medium: Medium::Output,
};

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::read(data) else { return };
    let Some(transcript) = input.transcript() else { return };
    for output in &input.outputs {
        let comparison = transcript.compare(output);
        let report = comparison.report(&HEADER);
        assert_eq!(report.is_empty(), comparison.matches());
        let text = report.to_string();
        assert!(text.lines().count() <= 200);
        assert!(!text.contains(|character: char| character.is_control() && !matches!(character, '\n' | '\t')));
        assert_eq!(report.ansi().is_empty(), text.is_empty());
        assert_eq!(comparison.shape_matches(), comparison.differences() == 0);
        if let Ok(canonical) = Transcript::parse(&comparison.canonical(), input.order, &input.kinds) {
            assert!(canonical.compare(output).shape_matches());
        }
    }
});
