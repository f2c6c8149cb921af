//! One run of a program, held against everything that its page promises of it.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use lesson::{Exit, Lesson, ProgramUse, Stream};
use runner::{Budget, Ended, Output, Run, StartError};
use transcript::{Comparison, Medium, Names, ReportHeader};

use crate::{
    diff, packets,
    verdict::{Status, slashes},
};

/// At most this many lines of standard error are shown with a failure: the last
/// ones, where a program says what ended it.
const STDERR_LINES: usize = 20;

/// A run, held against its promises.
#[derive(Debug)]
pub(super) struct Held {
    /// One for each block of the page that is about this run.
    pub(super) promises: Vec<Promise>,
    pub(super) elapsed: Duration,
    /// Equal for runs that printed the same lines in the same order, whatever
    /// the placeholders stood for.
    pub(super) output: u64,
}

/// A block of the page that promises something of a run, and whether it holds.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// `run PROGRAM`, `stderr PROGRAM` or `wire PROGRAM`, as reports name the check.
    pub(super) name: String,
    /// The line of the block's fence.
    pub(super) line: usize,
    pub(super) status: Status,
    /// What the names of the run stood for.
    pub(super) names: BTreeMap<String, String>,
    pub(super) detail: Option<String>,
}

/// Holds a run against the blocks that `usage` names. Where it was not tapped, `untapped`
/// says why.
pub(super) fn hold(
    lesson: &Lesson,
    usage: &ProgramUse,
    run: &Run,
    budget: &Budget,
    untapped: &str,
) -> Held {
    let page = slashes(&lesson.page);
    let (stdout, stderr) = (comparable(&run.stdout, run), comparable(&run.stderr, run));
    let wire = match &run.capture {
        None => Wire::Unseen(untapped),
        Some(capture) => {
            let read = packets::read(capture);
            match packets::missing(capture, &read) {
                Some(why) => Wire::Incomplete(why),
                None => Wire::Seen(read.transcript()),
            }
        }
    };
    let compared: Vec<Compared<'_>> = blocks(usage)
        .filter_map(|(stream, block)| {
            let printed = match (stream, &wire) {
                (Stream::Stdout, _) => &*stdout,
                (Stream::Stderr, _) => &*stderr,
                (Stream::Wire, Wire::Seen(lines)) => lines.as_bytes(),
                (Stream::Wire, _) => return None,
            };
            let header = ReportHeader {
                page: &page,
                first_line: lesson.blocks[block].line + 1,
                program: usage.program.name(),
                medium: match stream {
                    Stream::Wire => Medium::Wire,
                    _ => Medium::Output,
                },
            };
            let transcript = lesson.blocks[block].transcript.as_ref()?;
            Some(Compared {
                block,
                stream,
                header,
                comparison: transcript.compare(printed),
            })
        })
        .collect();

    let agreed = Names::agree(compared.iter().map(|one| (one.header, &one.comparison)));
    let ending = endings(usage, run, budget);
    let promises = blocks(usage).enumerate().map(|(nth, (stream, block))| {
        let comparison = compared.iter().find(|one| one.block == block);
        // How the run ended is told once, with the first block that is about it.
        let ending = if nth == 0 { ending.as_slice() } else { &[] };
        let broken = match &agreed {
            Err(broken) if nth == 0 => broken.as_slice(),
            _ => &[],
        };
        let mut promise = promise(lesson, usage, stream, block);
        let held = match (stream, &wire, comparison) {
            (_, _, Some(one)) => Against::Text(one),
            (Stream::Wire, Wire::Unseen(why), None) => Against::Nothing(why),
            (Stream::Wire, Wire::Incomplete(why), None) => Against::Part(why),
            _ => Against::Malformed,
        };
        (promise.status, promise.detail) = verdict(ending, broken, &held, stream, run);
        promise.names = agreed.as_ref().cloned().unwrap_or_default();
        promise
    });
    Held {
        promises: promises.collect(),
        elapsed: run.elapsed,
        output: fingerprint(&compared, run),
    }
}

/// What was seen of a run's packets.
enum Wire<'a> {
    /// Nothing, and why.
    Unseen(&'a str),
    /// Not all, and why.
    Incomplete(String),
    /// All of them, in lines.
    Seen(String),
}

/// What a block is held against.
enum Against<'c> {
    Text(&'c Compared<'c>),
    /// Nothing that could be seen here, and why.
    Nothing(&'c str),
    /// A part of the packets, and why.
    Part(&'c str),
    /// The block itself is not well-formed.
    Malformed,
}

/// The part of an output that is held against the page: all of it, unless the
/// program was ended because there was no end to it. Then its beginning shows
/// what it is.
fn comparable<'a>(output: &'a Output, run: &Run) -> Cow<'a, [u8]> {
    const BEGINNING: usize = 16 << 10;
    if run.too_much_output {
        let end = output.head.len().min(BEGINNING);
        return Cow::Borrowed(&output.head[..end]);
    }
    output.bytes()
}

/// What is told of a program that could not be started.
pub(super) fn unstarted(lesson: &Lesson, usage: &ProgramUse, error: &StartError) -> Held {
    let promises = unbuilt(lesson, usage, &sentence(&error.to_string()));
    Held {
        promises,
        elapsed: Duration::ZERO,
        output: 0,
    }
}

/// What is told of a program that there is not.
pub(super) fn unbuilt(lesson: &Lesson, usage: &ProgramUse, reason: &str) -> Vec<Promise> {
    let told = |(stream, block)| Promise {
        status: Status::Unbuilt,
        detail: Some(reason.to_owned()),
        ..promise(lesson, usage, stream, block)
    };
    blocks(usage).map(told).collect()
}

/// A block's transcript, held against what was printed.
struct Compared<'a> {
    block: usize,
    stream: Stream,
    header: ReportHeader<'a>,
    comparison: Comparison<'a>,
}

/// The blocks about a run, in the order in which their checks are told.
fn blocks(usage: &ProgramUse) -> impl Iterator<Item = (Stream, usize)> {
    let of = |stream, blocks: &[usize]| {
        blocks
            .iter()
            .map(move |&block| (stream, block))
            .collect::<Vec<_>>()
    };
    of(Stream::Stdout, &usage.stdout)
        .into_iter()
        .chain(of(Stream::Stderr, &usage.stderr))
        .chain(of(Stream::Wire, &usage.wire))
}

/// A block before anything is known about it.
fn promise(lesson: &Lesson, usage: &ProgramUse, stream: Stream, block: usize) -> Promise {
    let what = match stream {
        Stream::Stdout => "run",
        Stream::Stderr => "stderr",
        Stream::Wire => "wire",
    };
    let mut name = format!("{what} {}", usage.program.name());
    for arg in &usage.args {
        let _ = write!(name, " {arg}");
    }
    Promise {
        name,
        line: lesson.blocks[block].line,
        status: Status::Passed,
        names: BTreeMap::new(),
        detail: None,
    }
}

/// The gravest of all that is true of a block, and everything that there is to
/// tell of it.
fn verdict(
    endings: &[(Status, String)],
    broken: &[transcript::BrokenName],
    against: &Against<'_>,
    stream: Stream,
    run: &Run,
) -> (Status, Option<String>) {
    let mut told: Vec<(Status, String)> = endings.to_vec();
    match against {
        Against::Text(one) if !one.comparison.shape_matches() => {
            told.push((Status::Mismatch, one.comparison.diff(&one.header).ansi()));
        }
        Against::Text(_) => {}
        Against::Nothing(why) => told.push((Status::Skipped, (*why).to_owned())),
        Against::Part(why) => told.push((Status::Incomplete, (*why).to_owned())),
        Against::Malformed => told.push((
            Status::Invalid,
            "The transcript is not well-formed; see the page's own check.".to_owned(),
        )),
    }
    told.extend(
        broken
            .iter()
            .map(|name| (Status::Mismatch, name.to_string())),
    );

    let Some(gravest) = told.iter().map(|(status, _)| *status).min() else {
        return (Status::Passed, None);
    };
    let mut parts: Vec<String> = told
        .into_iter()
        .map(|(_, text)| text.trim_end().to_owned())
        .collect();
    if gravest.failed() && stream != Stream::Stderr {
        parts.extend(standard_error(&run.stderr));
    }
    (gravest, Some(parts.join("\n\n")))
}

/// What is wrong with how a run ended: a status and a sentence or two for each.
pub(crate) fn endings(usage: &ProgramUse, run: &Run, budget: &Budget) -> Vec<(Status, String)> {
    let mut told = Vec::new();
    if run.too_much_output {
        told.push((
            Status::TooMuchOutput,
            format!(
                "It printed more than {} and was ended. A program of a lesson has to print less. \
                 Only the beginning of what it printed is compared.",
                bytes(budget.output)
            ),
        ));
    }
    if run.timed_out {
        told.push((
            Status::TimedOut,
            format!(
                "It was still running after {} s and was ended. If it needs longer, say so with \
                 `timeout_seconds` in the page's front matter, or with --timeout.",
                budget.time.as_secs_f64()
            ),
        ));
    }
    if !run.timed_out && !run.too_much_output && !is_promised(usage.exit, run.ended) {
        let (ended, promised) = (run.ended, promised(usage.exit));
        let advice = match written(ended) {
            Some(exit) => format!(
                "If that is how it has to end, write `exit={exit}` behind the block's `run=`."
            ),
            None => {
                format!(
                    "A page cannot promise {ended}: let it end with an exit code from 0 to 255."
                )
            }
        };
        told.push((
            Status::Crashed,
            format!("It ended with {ended}; the page promises {promised}. {advice}"),
        ));
    }
    if run.leaked {
        told.push((
            Status::Leaked,
            "It ended, but left a process behind, or its output open; what was left has been ended. \
             Let it wait for everything that it starts."
                .to_owned(),
        ));
    }
    told
}

fn is_promised(promised: Exit, ended: Ended) -> bool {
    match (promised, ended) {
        (Exit::Code(promised), Ended::Code(code)) => i32::from(promised) == code,
        (Exit::Signal(promised), ended) => ended.signal_name() == Some(promised),
        _ => false,
    }
}

fn promised(exit: Exit) -> String {
    match exit {
        Exit::Code(code) => format!("exit code {code}"),
        Exit::Signal(name) => name.to_owned(),
    }
}

/// How a page writes that a program ends so, if it can.
fn written(ended: Ended) -> Option<String> {
    match ended {
        Ended::Code(code) => u8::try_from(code).ok().map(|code| code.to_string()),
        Ended::Signal(_) => ended.signal_name().map(str::to_owned),
    }
}

/// The end of what a program printed on standard error, where it did.
pub(crate) fn standard_error(stderr: &Output) -> Option<String> {
    let text = stderr.text();
    let lines: Vec<&str> = text.trim_end().lines().collect();
    if lines.is_empty() {
        return None;
    }
    let shown = &lines[lines.len().saturating_sub(STDERR_LINES)..];
    let mut told = match lines.len() - shown.len() {
        0 => "Standard error:".to_owned(),
        left_out => format!("Standard error, without its first {left_out} lines:"),
    };
    for line in shown {
        let _ = write!(told, "\n    {}", visible(line));
    }
    Some(told)
}

/// A line for a terminal, cut where it is very long.
fn visible(line: &str) -> String {
    const LONGEST: usize = 500;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", diff::visible(&line[..end])),
        None => diff::visible(line),
    }
}

fn bytes(count: usize) -> String {
    const MIB: usize = 1 << 20;
    if count.is_multiple_of(MIB) {
        format!("{} MiB", count / MIB)
    } else {
        format!("{count} bytes")
    }
}

/// The text as a sentence: a capital first, a full stop last.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    let stop = if text.ends_with(['.', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

fn fingerprint(compared: &[Compared<'_>], run: &Run) -> u64 {
    let mut hasher = DefaultHasher::new();
    // How packets of different sides interleave is no difference in what was printed.
    for one in compared.iter().filter(|one| one.stream != Stream::Wire) {
        one.comparison.spoken().hash(&mut hasher);
    }
    run.ended.to_string().hash(&mut hasher);
    hasher.finish()
}
