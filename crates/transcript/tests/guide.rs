//! Every example of the guide does what the guide says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use transcript::{Kinds, Medium, Order, PageError, ReportHeader, Transcript};

const GUIDE: &str = include_str!("../GUIDE.md");

const HEADER: ReportHeader<'_> = ReportHeader {
    page: "lesson.md",
    first_line: 1,
    program: "program",
    medium: Medium::Output,
};

/// A fenced block of text: the words after `text`, and the text.
fn blocks() -> Vec<(Vec<&'static str>, &'static str)> {
    let parts = GUIDE.split("```").skip(1).step_by(2);
    let block = |part: &'static str| {
        let (info, text) = part.split_once('\n').unwrap();
        let words = info.strip_prefix("text ")?;
        Some((words.split(' ').collect(), text))
    };
    parts.filter_map(block).collect()
}

fn parse(words: &[&str], text: &str) -> Result<Transcript, PageError> {
    let mut order = Order::Total;
    let mut kinds = Kinds::default();
    for word in words {
        match word.split_once('=') {
            Some(("order", value)) => order = value.parse().unwrap(),
            Some(("wire", _)) => order = Order::Speakers,
            Some((kind, pattern)) => kinds.declare(kind, pattern).unwrap(),
            None => {}
        }
    }
    Transcript::parse(text, order, &kinds)
}

#[test]
fn every_example_does_what_the_guide_says() {
    let mut page: Option<Transcript> = None;
    let mut output = "";
    let mut examples = 0;
    for (words, text) in blocks() {
        let told = || page.as_ref().unwrap().compare(text.as_bytes()).matches();
        match words[0] {
            "page" if words.contains(&"error") => assert!(parse(&words, text).is_err(), "{text}"),
            "page" => {
                let parsed = parse(&words, text).unwrap();
                assert_eq!(
                    parsed.warnings().is_empty(),
                    !words.contains(&"warning"),
                    "{text}"
                );
                page = Some(parsed);
            }
            "matches" => assert!(told(), "{text}"),
            "differs" => {
                assert!(!told(), "{text}");
                output = text;
            }
            "report" => {
                let report = page
                    .as_ref()
                    .unwrap()
                    .compare(output.as_bytes())
                    .report(&HEADER);
                assert_eq!(report.to_string(), text);
            }
            other => panic!("what is a block `{other}`?"),
        }
        examples += 1;
    }
    assert!(examples > 30, "{examples}");
}
