//! `transcript`: parsing a transcript, holding an output against it, and reporting.
//!
//! Measured is `crates/transcript`, in one thread, against the bars that are set for
//! it, and for scale beside the engine of trycmd, `snapbox`, called as trycmd calls it
//! on what a program printed: `[..]` for what may vary in a line, `...` for lines.
//! The data are made here, the same in each run:
//!
//! - 200,000 lines of about 60 bytes with a placeholder each: lines that all differ, and
//!   lines of eight kinds that come again and again. All matching; one wrong line in the
//!   middle; one line more at the top. MB/s are of the output, 1,000,000 bytes each.
//! - Four speakers who talk at once, in 10,000, 100,000 and 1,000,000 lines.
//! - A line of 10,000 characters that 30 placeholders do not fit, and 200 elisions.
//!
//! Each time is one of a processor, so that it matters little what else the machine
//! does, and a median, the contestants taken in turn. Peak memory is that of a
//! process which reads the two texts, parses and matches, and does nothing else.

mod contest;
mod data;
pub(crate) mod memory;

use std::time::Duration;

use ::transcript::Order;
use anyhow::{Result, ensure};

use self::{
    contest::{Ours, Theirs},
    data::Sample,
};
use crate::{
    figures::{bytes, digits, median, number, processor_time, seconds},
    table::{Bar, Table, conclude},
};

const LINES: usize = 200_000;

/// Measures, and prints what came of it.
///
/// # Errors
///
/// Where a contestant is wrong about the data, or a process cannot be started.
pub(crate) fn measure(runs: usize) -> Result<()> {
    let tables = [
        long(runs, "lines that all differ", &data::distinct(LINES))?,
        long(runs, "lines of eight kinds", &data::alike(LINES))?,
        speakers(runs)?,
        hard(runs)?,
    ];
    conclude(&tables);
    Ok(())
}

/// 200,000 lines: matching, one wrong, one more.
fn long(runs: usize, what: &str, sample: &Sample) -> Result<Table> {
    let size = number(sample.output.len());
    let title = format!(
        "{LINES} {what}, {}, medians of {runs} runs in turn",
        bytes(size)
    );
    let mut table = Table::new(
        title,
        &[
            "",
            "transcript",
            "of the match",
            "trycmd",
            "trycmd / transcript",
        ],
    );

    let outputs = [
        ("all matching", sample.output.clone(), 0),
        ("a wrong line in the middle", sample.with_a_wrong_line(), 2),
        ("a line more at the top", sample.with_a_line_more(), 1),
    ];
    let mut times = vec![(Vec::new(), Vec::new(), Vec::new()); outputs.len()];
    for _ in 0..runs {
        for ((_, output, differences), times) in outputs.iter().zip(&mut times) {
            let ours = Ours::run(&sample.page, Order::Total, output)?;
            ensure!(
                ours.differences == *differences,
                "transcript found {} differences, not {differences}",
                ours.differences
            );
            let (theirs_time, theirs) = processor_time(|| Theirs::run(&sample.trycmd, output));
            ensure!(
                theirs.matches == (*differences == 0),
                "trycmd is wrong about the data"
            );
            times.0.push(ours.parse);
            times.1.push(ours.compare);
            times.2.push(theirs_time);
        }
    }

    let matched = middle(&times[0].1);
    for ((what, _, differences), (parse, compare, theirs)) in outputs.iter().zip(&times) {
        let whole: Vec<Duration> = parse.iter().zip(compare).map(|(a, b)| *a + *b).collect();
        let (whole, compare, theirs) = (middle(&whole), middle(compare), middle(theirs));
        if *differences == 0 {
            let rate = size / whole / 1e6;
            let cells =
                |ours: f64, theirs: String| [seconds(ours), String::new(), theirs, String::new()];
            table.row(named("parse", cells(middle(parse), String::new())));
            table.row(named("match", cells(compare, String::new())));
            let ratio = digits(theirs / whole);
            let rates = [
                format!("{rate:.0} MB/s"),
                String::new(),
                format!("{:.0} MB/s", size / theirs / 1e6),
                ratio,
            ];
            let name = format!("parse and match, {what}");
            table.held(named(&name, rates), rate, Bar::AtLeast(150.0), " MB/s");
            continue;
        }
        let ratio = compare / matched;
        let cells = [
            seconds(compare),
            digits(ratio),
            seconds(theirs),
            digits(theirs / whole),
        ];
        let name = format!("verdict and report, {what}");
        table.held(
            named(&name, cells),
            ratio,
            Bar::AtMost(2.0),
            " of the match",
        );
    }
    memory_rows(&mut table, sample)?;
    println!("{table}");
    Ok(table)
}

fn memory_rows(table: &mut Table, sample: &Sample) -> Result<()> {
    let size = number(sample.output.len());
    let [ours, theirs] = memory::measure(sample)?;
    let cells = |ours: u64, theirs: u64| {
        let [ours, theirs] = [number(ours), number(theirs)];
        let times = |bytes: f64| format!("{} × the text", digits(bytes / size));
        [
            times(ours),
            String::new(),
            times(theirs),
            digits(theirs / ours),
        ]
    };
    table.held(
        named(
            "peak memory, the two texts included",
            cells(ours.whole, theirs.whole),
        ),
        number(ours.whole) / size,
        Bar::AtMost(6.0),
        " × the text",
    );
    table.row(named(
        "peak memory beyond the two texts",
        cells(ours.beyond_texts, theirs.beyond_texts),
    ));
    Ok(())
}

/// Four speakers, shuffled, against the same lines in the order of the page.
fn speakers(runs: usize) -> Result<Table> {
    const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
    let title = format!("Four speakers at once, medians of {runs} runs in turn");
    let mut table = Table::new(
        title,
        &[
            "",
            "total order",
            "speakers, shuffled",
            "of total order",
            "a line",
        ],
    );
    let mut medians = Vec::new();
    for lines in SIZES {
        let sample = data::speakers(lines);
        let (mut total, mut shuffled) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            for (order, output, times) in [
                (Order::Total, &sample.output, &mut total),
                (Order::Speakers, &sample.shuffled, &mut shuffled),
            ] {
                let ours = Ours::run(&sample.page, order, output)?;
                ensure!(
                    ours.differences == 0,
                    "transcript is wrong about the speakers"
                );
                times.push(ours.parse + ours.compare);
            }
        }
        let (total, shuffled) = (middle(&total), middle(&shuffled));
        medians.push([total, shuffled]);
        let ratio = shuffled / total;
        let cells = [
            seconds(total),
            seconds(shuffled),
            digits(ratio),
            seconds(shuffled / number(lines)),
        ];
        let cells = named(&format!("{lines} lines, parse and match"), cells);
        if lines == 100_000 {
            table.held(cells, ratio, Bar::AtMost(3.0), " of total order");
        } else {
            table.row(cells);
        }
    }
    for (sizes, times) in SIZES.windows(2).zip(medians.windows(2)) {
        let growth = [0, 1].map(|order| times[1][order] / times[0][order]);
        let cells = growth.map(|growth| format!("{} × the time", digits(growth)));
        // Linear, but for what 10 times the memory takes of a processor's caches and of
        // the kernel. Where lines are compared in pairs it would be 100, and with n√n 32.
        table.held(
            named(
                &format!("growth, from {} to {} lines", sizes[0], sizes[1]),
                cells,
            ),
            growth[1],
            Bar::AtMost(20.0),
            " × the time",
        );
    }
    println!("{table}");
    Ok(table)
}

/// What makes a matcher that tries every way run on for ever.
fn hard(runs: usize) -> Result<Table> {
    let title = format!("Hard to tell apart, medians of {runs} runs in turn");
    let mut table = Table::new(title, &["", "transcript", "trycmd"]);
    for case in data::hard() {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let run = Ours::run(&case.page, Order::Total, &case.output)?;
            ensure!(
                run.differences > 0,
                "transcript takes {} for a match",
                case.name
            );
            ours.push(run.parse + run.compare);
            theirs.push(processor_time(|| Theirs::run(&case.trycmd, &case.output)).0);
        }
        let (ours, theirs) = (middle(&ours), middle(&theirs));
        let cells = named(case.name, [seconds(ours), seconds(theirs)]);
        table.held(cells, ours * 1e3, Bar::AtMost(100.0), " ms");
    }
    println!("{table}");
    Ok(table)
}

fn middle(times: &[Duration]) -> f64 {
    median(times.iter().map(Duration::as_secs_f64))
}

fn named<const N: usize>(name: &str, cells: [String; N]) -> Vec<String> {
    let mut row = vec![name.to_owned()];
    row.extend(cells);
    row
}
