//! Laws that hold for every transcript.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};
use transcript::{Kinds, Medium, Order, ReportHeader, Transcript, bless};

const HEADER: ReportHeader<'_> = ReportHeader {
    page: "lesson.md",
    first_line: 1,
    program: "program",
    medium: Medium::Output,
};

fn parse(text: &str, order: Order) -> Transcript {
    Transcript::parse(text, order, &Kinds::default()).unwrap()
}

/// A placeholder, and a text that it may stand for.
fn filled() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        (1..=65535u32).prop_map(|port| ("<port>", port.to_string())),
        (-500..500i32, 0..100u32).prop_map(|(whole, part)| ("<number>", format!("{whole}.{part}"))),
        (30..=40u32).prop_map(|number| ("<number 30..=40>", number.to_string())),
        (1..50u32).prop_map(|ms| ("<duration ..50ms>", format!("{}µs", ms * 999))),
        any::<std::net::IpAddr>().prop_map(|ip| ("<ip>", ip.to_string())),
        any::<std::net::SocketAddr>().prop_map(|addr| ("<addr>", addr.to_string())),
        "[0-9a-fA-F]{1,9}".prop_map(|hex| ("<hex>", hex)),
        "[!-~]{1,9}".prop_map(|word| ("<word>", word)),
        "[!-~]([ -~]{0,9}[!-~])?".prop_map(|text| ("<any>", text)),
    ]
}

/// A line of a page and one of output: words, each text or a placeholder.
fn words() -> impl Strategy<Value = (String, String)> {
    let word = prop_oneof![
        "[a-z]{1,8}".prop_map(|word| (word.clone(), word)),
        filled().prop_map(|(place, text)| (place.to_owned(), text)),
    ];
    vec(word, 1..6).prop_map(|words| {
        let (page, output): (Vec<String>, Vec<String>) = words.into_iter().unzip();
        (page.join(" "), output.join(" "))
    })
}

/// Who speaks a line, if anybody.
const VOICES: [Option<&str>; 4] = [Some("client"), Some("server"), Some("peer 2"), None];

#[derive(Clone, Debug)]
struct Line {
    voice: Option<&'static str>,
    page: String,
    output: String,
}

/// Lines that are all different from each other, by their number.
fn lines(voices: &'static [Option<&'static str>]) -> impl Strategy<Value = Vec<Line>> {
    vec((select(voices), words()), 1..25).prop_map(|lines| {
        let numbered = lines
            .into_iter()
            .enumerate()
            .map(|(nth, (voice, (page, output)))| {
                let head = match voice {
                    Some(name) => format!("[{name}] line {nth}: "),
                    None => format!("--- line {nth}: "),
                };
                Line {
                    voice,
                    page: format!("{head}{page}"),
                    output: format!("{head}{output}"),
                }
            });
        numbered.collect()
    })
}

fn page(lines: &[Line]) -> String {
    lines.iter().map(|line| line.page.clone() + "\n").collect()
}

fn output(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| line.output.clone() + "\n")
        .collect()
}

/// The lines, speakers shuffled between cues: each key moves its line among
/// those of other speakers, never past one of its own.
fn shuffled(lines: &[Line], keys: &[u32]) -> Vec<Line> {
    let mut shuffled = Vec::new();
    for scene in lines.chunk_by(|a, b| a.voice.is_some() && b.voice.is_some()) {
        let mut queues: BTreeMap<Option<&str>, Vec<Line>> = BTreeMap::new();
        for line in scene.iter().rev() {
            queues.entry(line.voice).or_default().push(line.clone());
        }
        for key in keys.iter().cycle().take(scene.len()) {
            let nth = *key as usize % queues.len();
            let voice = *queues.keys().nth(nth).unwrap();
            let queue = queues.get_mut(&voice).unwrap();
            shuffled.extend(queue.pop());
            if queue.is_empty() {
                queues.remove(&voice);
            }
        }
    }
    shuffled
}

proptest! {
    #[test]
    fn a_filled_transcript_matches(lines in lines(&VOICES)) {
        prop_assert!(parse(&page(&lines), Order::Total).compare(output(&lines).as_bytes()).matches());
    }

    #[test]
    fn a_filled_transcript_with_its_speakers_shuffled_matches(lines in lines(&VOICES), keys in vec(any::<u32>(), 1..20)) {
        let shuffled = shuffled(&lines, &keys);
        let page = parse(&page(&lines), Order::Speakers);
        let output = output(&shuffled);
        let comparison = page.compare(output.as_bytes());
        prop_assert!(comparison.matches());
        prop_assert_eq!(comparison.canonical(), page.text());
        prop_assert!(comparison.report(&HEADER).is_empty());
    }

    #[test]
    fn one_line_changed_does_not_match(lines in lines(&VOICES), keys in vec(any::<u32>(), 1..20), which in any::<prop::sample::Index>()) {
        let mut changed = shuffled(&lines, &keys);
        let at = which.index(changed.len());
        changed[at].output = changed[at].output.replace("line", "lime");
        let page = parse(&page(&lines), Order::Speakers);
        let output = output(&changed);
        let comparison = page.compare(output.as_bytes());
        prop_assert!(!comparison.matches());
        prop_assert_eq!(comparison.differences(), 2);
    }

    #[test]
    fn one_line_dropped_or_doubled_does_not_match(lines in lines(&VOICES), keys in vec(any::<u32>(), 1..20), which in any::<prop::sample::Index>()) {
        let page = parse(&page(&lines), Order::Speakers);
        let run = shuffled(&lines, &keys);
        let at = which.index(run.len());
        let mut dropped = run.clone();
        dropped.remove(at);
        let mut doubled = run.clone();
        doubled.insert(at, run[at].clone());
        for (changed, what) in [(dropped, "dropped"), (doubled, "doubled")] {
            let output = output(&changed);
            let comparison = page.compare(output.as_bytes());
            prop_assert!(!comparison.matches(), "{}", what);
            prop_assert_eq!(comparison.differences(), 1, "{}", what);
        }
    }

    #[test]
    fn one_line_moved_past_a_cue_or_its_own_speaker_does_not_match(lines in lines(&VOICES), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let (from, to) = (from.index(lines.len()), to.index(lines.len()));
        let between = &lines[from.min(to)..=from.max(to)];
        let voice = lines[from].voice;
        let passes = between.iter().filter(|line| line.voice.is_none() || voice.is_none() || line.voice == voice).count();
        if passes <= 1 {
            return Ok(());
        }
        let mut moved = lines.clone();
        let line = moved.remove(from);
        moved.insert(to, line);
        let output = output(&moved);
        let page = parse(&page(&lines), Order::Speakers);
        let comparison = page.compare(output.as_bytes());
        prop_assert!(!comparison.matches());
    }

    #[test]
    fn in_total_order_no_line_may_move(lines in lines(&VOICES), from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let (from, to) = (from.index(lines.len()), to.index(lines.len()));
        if from == to {
            return Ok(());
        }
        let mut moved = lines.clone();
        let line = moved.remove(from);
        moved.insert(to, line);
        let output = output(&moved);
        let page = parse(&page(&lines), Order::Total);
        let comparison = page.compare(output.as_bytes());
        prop_assert_eq!(comparison.differences(), 2);
    }
}

/// Text in which the words of the language come up often.
fn language() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => select(vec![
            "<port>", "<any>", "<any:a>", "<word>", "<number 1..=3>", "<number:a>", "<duration ..1s>", "<ip>", "<addr>", "<hex>",
            "<byte 0d>", "<byte ff>", "<byte c3>", "<byte a9>", "<byte 41>", "\\", "<", ">", "...", "[a]", "[b] ", "[a] ...", "\\[", "\\...", " ", "\t",
            "\n", "\n", "\n", "\r\n", "\n...\n", "\n[a] ", "\n[b] ", "\n[a] ...\n", "1", "2.5", "3ms", "127.0.0.1:80", "a", "b", "é", "[a] 1", "[<word>] ", "<prot>", "<prot:a>",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(word, 0..24).prop_map(|words| words.concat())
}

/// An output in which the words of the language come up often.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        4 => language().prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..6),
        1 => select(vec!["\u{1b}[1m", "\u{1b}[", "\u{1b}]0;x\u{7}", "\r\n", "\r", "\n\n", " \n", "\u{85}"]).prop_map(|text| text.as_bytes().to_vec()),
    ];
    vec(word, 0..5).prop_map(|words| words.concat())
}

fn order() -> impl Strategy<Value = Order> {
    select(vec![Order::Total, Order::Speakers])
}

proptest! {
    #[test]
    fn nothing_panics(text in language(), outputs in vec(bytes(), 1..4), order in order()) {
        match Transcript::parse(&text, order, &Kinds::default()) {
            Err(error) => {
                for problem in &error.problems {
                    prop_assert!(text.get(problem.span.clone()).is_some(), "{:?}", problem);
                }
            }
            Ok(page) => {
                for output in &outputs {
                    let comparison = page.compare(output);
                    let report = comparison.report(&HEADER);
                    prop_assert_eq!(report.is_empty(), comparison.matches());
                    prop_assert!(report.to_string().lines().count() <= 200);
                    let is_sent = |character: char| character.is_control() && !matches!(character, '\n' | '\t');
                    prop_assert!(!report.to_string().contains(is_sent));
                    prop_assert_eq!(comparison.shape_matches(), comparison.differences() == 0);
                }
            }
        }
    }

    #[test]
    fn what_is_blessed_matches_and_stays(text in language(), outputs in vec(bytes(), 1..4), order in order()) {
        let Ok(page) = Transcript::parse(&text, order, &Kinds::default()) else { return Ok(()) };
        let runs: Vec<&[u8]> = outputs.iter().map(Vec::as_slice).collect();
        let blessed = bless(&page, &runs);
        let new = parse(&blessed.text, order);
        let settled = (0..runs.len()).filter(|run| !blessed.unsettled.contains(run)).count();
        prop_assert!(settled > 0, "{:?}", blessed);
        let again = bless(&new, &runs);
        if blessed.unsettled.is_empty() {
            prop_assert_eq!(&again.text, &blessed.text);
            prop_assert_eq!(again.lost, Vec::<String>::new());
        }
    }

    #[test]
    fn one_run_blessed_matches(text in language(), output in bytes(), order in order()) {
        let Ok(page) = Transcript::parse(&text, order, &Kinds::default()) else { return Ok(()) };
        let blessed = bless(&page, &[&output]);
        prop_assert!(parse(&blessed.text, order).compare(&output).matches(), "{:?}", blessed);
    }

    #[test]
    fn the_canonical_text_of_a_run_is_a_page_that_it_matches(text in language(), output in bytes(), order in order()) {
        let Ok(page) = Transcript::parse(&text, order, &Kinds::default()) else { return Ok(()) };
        let canonical = page.compare(&output).canonical();
        if let Ok(new) = Transcript::parse(&canonical, order, &Kinds::default()) {
            prop_assert!(new.compare(&output).shape_matches(), "{:?}", canonical);
        }
    }

    #[test]
    fn a_final_newline_and_trailing_blanks_change_nothing(text in language(), output in bytes(), order in order()) {
        let Ok(page) = Transcript::parse(&text, order, &Kinds::default()) else { return Ok(()) };
        if output.ends_with(b"\r") || output.contains(&0x1b) {
            return Ok(());
        }
        let differences = page.compare(&output).differences();
        let longer = [&output[..], b" \t\n\n \n"].concat();
        prop_assert_eq!(page.compare(&longer).differences(), differences);
    }
}
