//! The quick ways held against slow ones that are plainly right.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use proptest::{collection::vec, prelude::*, sample::select};
use transcript::{Kinds, Order, Transcript};

fn parse(text: &str, order: Order) -> Transcript {
    Transcript::parse(text, order, &Kinds::default()).unwrap()
}

/// Lines of a small alphabet, so that there are many ways to align them.
fn expected(order: Order) -> impl Strategy<Value = Vec<&'static str>> {
    let lines = match order {
        Order::Total => vec!["a", "b", "c", "<word>", "a<any>", "..."],
        Order::Speakers => vec![
            "[a] 1",
            "[a] <number>",
            "[b] 1",
            "[b] 2",
            "[a] ...",
            "[b] ...",
            "cue",
            "<word>",
            "...",
            "other",
        ],
    };
    vec(select(lines), 0..9)
}

fn actual(order: Order) -> impl Strategy<Value = Vec<&'static str>> {
    let lines = match order {
        Order::Total => vec!["a", "b", "c", "d", "ab", "a b"],
        Order::Speakers => vec![
            "[a] 1",
            "[a] 2",
            "[b] 1",
            "[b] 2",
            "[c] 1",
            "cue",
            "other",
            "strange line",
        ],
    };
    vec(select(lines), 0..9)
}

/// Whether one line fits, by itself.
struct Fits(HashMap<(&'static str, &'static str), bool>);

impl Fits {
    fn fits(&mut self, line: &'static str, actual: &'static str) -> bool {
        let fits = || {
            parse(line, Order::Total)
                .compare(actual.as_bytes())
                .shape_matches()
        };
        *self.0.entry((line, actual)).or_insert_with(fits)
    }
}

fn is_elision(line: &str) -> bool {
    line == "..." || line.ends_with("] ...")
}

/// The fewest differences of two sequences, by the textbook.
fn sequence(expected: &[&'static str], actual: &[&'static str], fits: &mut Fits) -> usize {
    let mut before: Vec<usize> = (0..=actual.len()).collect();
    for line in expected {
        let elides = is_elision(line);
        let mut next = vec![before[0] + usize::from(!elides)];
        for (at, said) in actual.iter().enumerate() {
            let best = if elides {
                before[at + 1].min(next[at])
            } else {
                let differs = (before[at + 1] + 1).min(next[at] + 1);
                if fits.fits(line, said) {
                    differs.min(before[at])
                } else {
                    differs
                }
            };
            next.push(best);
        }
        before = next;
    }
    before[actual.len()]
}

fn speaker(line: &str) -> Option<&str> {
    Some(line.strip_prefix('[')?.split_once(']')?.0)
}

/// The fewest differences of a scene: each speaker alone; nobody else may speak.
fn scene(expected: &[&'static str], actual: &[&'static str], fits: &mut Fits) -> usize {
    let mut parts: BTreeMap<&str, (Vec<&'static str>, Vec<&'static str>)> = BTreeMap::new();
    for line in expected {
        parts
            .entry(speaker(line).unwrap())
            .or_default()
            .0
            .push(line);
    }
    let mut differences = 0;
    for line in actual {
        match speaker(line).and_then(|speaker| parts.get_mut(speaker)) {
            Some(part) => part.1.push(line),
            None => differences += 1,
        }
    }
    differences
        + parts
            .values()
            .map(|(expected, actual)| sequence(expected, actual, fits))
            .sum::<usize>()
}

/// The fewest differences where speakers have an order of their own: every way
/// to deal out the output among scenes, cues and elisions is tried.
fn speakers(expected: &[&'static str], actual: &[&'static str], fits: &mut Fits) -> usize {
    let blocks: Vec<&[&'static str]> = expected
        .chunk_by(|a, b| speaker(a).is_some() && speaker(b).is_some())
        .collect();
    let mut best: Vec<usize> = (0..=actual.len()).collect();
    for block in blocks {
        let mut next = vec![usize::MAX; actual.len() + 1];
        for from in 0..=actual.len() {
            for to in from..=actual.len() {
                let taken = &actual[from..to];
                let cost = if speaker(block[0]).is_some() {
                    scene(block, taken, fits)
                } else if block[0] == "..." {
                    0
                } else if taken
                    .iter()
                    .any(|line| speaker(line).is_none() && fits.fits(block[0], line))
                {
                    taken.len() - 1
                } else {
                    taken.len() + 1
                };
                next[to] = next[to].min(best[from] + cost);
            }
        }
        best = next;
    }
    best[actual.len()]
}

fn differences(
    expected: &[&'static str],
    actual: &[&'static str],
    order: Order,
) -> Option<(usize, bool)> {
    let text = expected.join("\n") + "\n";
    let page = Transcript::parse(&text, order, &Kinds::default()).ok()?;
    let output = actual.join("\n") + "\n";
    let comparison = page.compare(output.as_bytes());
    Some((comparison.differences(), comparison.shape_matches()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_alignment_in_total_order_is_shorter(expected in expected(Order::Total), actual in actual(Order::Total)) {
        let Some((found, matches)) = differences(&expected, &actual, Order::Total) else { return Ok(()) };
        let least = sequence(&expected, &actual, &mut Fits(HashMap::new()));
        prop_assert_eq!((found, matches), (least, least == 0));
    }

    #[test]
    fn no_alignment_of_speakers_is_shorter(expected in expected(Order::Speakers), actual in actual(Order::Speakers)) {
        let Some((found, matches)) = differences(&expected, &actual, Order::Speakers) else { return Ok(()) };
        let least = speakers(&expected, &actual, &mut Fits(HashMap::new()));
        prop_assert_eq!((found, matches), (least, least == 0));
    }
}

/// Kinds of a page's own: with alternatives, of a length, with word boundaries.
const OWN: [(&str, &str); 3] = [("one", "a+1?|1|aba"), ("two", ".."), ("edge", r"\b\w+\b")];

static KINDS: LazyLock<Kinds> = LazyLock::new(|| {
    let mut kinds = Kinds::default();
    for (name, pattern) in OWN {
        kinds.declare(name, pattern).unwrap();
    }
    kinds
});

fn parse_with_own(text: &str) -> Transcript {
    Transcript::parse(text, Order::Total, &KINDS).unwrap()
}

const PIECES: [&str; 18] = [
    "<one>",
    "<two>",
    "<edge>",
    "<port>",
    "<number>",
    "<duration>",
    "<ip>",
    "<addr>",
    "<hex>",
    "<word>",
    "<any>",
    "<number -5..=12.5>",
    "<port ..100>",
    "<duration 1ms..>",
    " ",
    "a",
    "1",
    "::",
];

/// What is known of placeholders and texts, each by itself.
struct Known(HashMap<(String, String), bool>);

impl Known {
    fn stands_for(&mut self, place: &str, text: &str) -> bool {
        // A blank at the end would be taken off: a mark keeps it.
        let judge = || {
            parse_with_own(&format!("{place}|"))
                .compare(format!("{text}|").as_bytes())
                .matches()
        };
        let key = (place.to_owned(), text.to_owned());
        *self.0.entry(key).or_insert_with(judge)
    }
}

/// The filling that the language asks for: every way is tried, the best first.
fn filling(pieces: &[&str], text: &str, known: &mut Known) -> Option<Vec<String>> {
    let Some((piece, rest)) = pieces.split_first() else {
        return text.is_empty().then(Vec::new);
    };
    if !piece.starts_with('<') {
        return filling(rest, text.strip_prefix(piece)?, known);
    }
    let mut ends: Vec<usize> = (1..=text.len())
        .filter(|end| text.is_char_boundary(*end))
        .collect();
    if *piece != "<any>" {
        ends.reverse();
    }
    for end in ends {
        if !known.stands_for(piece, &text[..end]) {
            continue;
        }
        if let Some(mut filled) = filling(rest, &text[end..], known) {
            filled.insert(0, text[..end].to_owned());
            return Some(filled);
        }
    }
    None
}

fn text() -> impl Strategy<Value = String> {
    vec(
        select(vec![
            "1",
            "2",
            "12",
            "0",
            "a",
            "f",
            "-",
            ".",
            ":",
            " ",
            "ms",
            "s",
            "µ",
            "é",
            "::1",
            "127.0.0.1",
            "1.5",
            "[::1]:80",
            ":80",
        ]),
        0..9,
    )
    .prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_line_is_filled_as_if_every_way_were_tried(pieces in vec(select(&PIECES[..]), 1..6), text in text()) {
        let text = text.trim_end();
        let mut named = String::new();
        for (nth, piece) in pieces.iter().enumerate() {
            match piece.strip_prefix('<').map(|inner| inner.find([' ', '>']).unwrap()) {
                Some(kind) => named.extend([&piece[..=kind], &format!(":n{nth}"), &piece[kind + 1..]]),
                None => named += piece,
            }
        }
        let mut known = Known(HashMap::new());
        let page = parse_with_own(&named);
        if named.trim_end() != named || named.is_empty() {
            return Ok(());
        }
        let comparison = page.compare(text.as_bytes());
        let found: Option<Vec<String>> = comparison.shape_matches().then(|| comparison.bindings().into_iter().map(|(_, text)| text).collect());
        prop_assert_eq!(found, filling(&pieces, text, &mut known));
    }

    #[test]
    fn bounds_are_exact(
        (value, low, high) in (-3000..3000i64, -3000..3000i64, -3000..3000i64),
        zeros in 0..30usize,
        (value_scale, low_scale, high_scale) in (0..4u32, 0..4u32, 0..4u32),
        inclusive in any::<bool>(),
    ) {
        let exact = |number: i64, scale: u32| i128::from(number) * 10i128.pow(3 - scale);
        let written = |number: i64, scale: u32| {
            let power = 10u64.pow(scale);
            let sign = if number < 0 { "-" } else { "" };
            let digits = number.unsigned_abs();
            match scale {
                0 => format!("{sign}{digits}"),
                scale => format!("{sign}{}.{:0width$}", digits / power, digits % power, width = scale as usize),
            }
        };
        let mut bounds = [(low, low_scale), (high, high_scale)];
        bounds.sort_by_key(|(number, scale)| exact(*number, *scale));
        let [(low, low_scale), (high, high_scale)] = bounds;
        let (low_value, high_value) = (exact(low, low_scale), exact(high, high_scale));
        prop_assume!(low_value < high_value);
        let sign = if inclusive { "=" } else { "" };
        let page = format!("<number {}..{sign}{}>x", written(low, low_scale), written(high, high_scale));
        let number = written(value, value_scale);
        let number = match number.strip_prefix('-') {
            Some(digits) => format!("-{}{digits}", "0".repeat(zeros)),
            None => format!("{}{number}", "0".repeat(zeros)),
        };
        let value = exact(value, value_scale);
        let holds = value >= low_value && (value < high_value || inclusive && value == high_value);
        prop_assert_eq!(parse(&page, Order::Total).compare(format!("{number}x").as_bytes()).matches(), holds);
    }

    #[test]
    fn durations_are_compared_by_what_they_mean(value in 0..5000u64, unit in 0..8usize, bound in 0..5000u64, bound_unit in 0..8usize) {
        const UNITS: [(&str, u64); 8] = [
            ("ns", 1), ("us", 1_000), ("\u{b5}s", 1_000), ("\u{3bc}s", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ];
        let nanoseconds = |number: u64, unit: usize| u128::from(number) * u128::from(UNITS[unit].1);
        let page = parse(&format!("<duration {bound}{}..>", UNITS[bound_unit].0), Order::Total);
        let holds = nanoseconds(value, unit) >= nanoseconds(bound, bound_unit);
        let printed = format!("{value}{}", UNITS[unit].0);
        prop_assert_eq!(page.compare(printed.as_bytes()).matches(), holds);
    }
}
