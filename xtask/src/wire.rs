//! `wire`: what one program of a lesson puts on the network, packet by packet.
//!
//! It gets what it gets under `check`, a network of its own and the page's time, so that
//! every packet seen there is the program's.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, anyhow, bail, ensure};
use lesson::{Lesson, Program};
use runner::{Capture, Ended, Run, Snap};
use serde::Serialize;

use crate::{
    cargo::Cargo,
    check::standard_error,
    cli, course, packets,
    programs::{self, Programs},
    verdict::Outcome,
};

const STRONG: Style = Style::new().bold();
const NOTE: Style = AnsiColor::Yellow.on_default().bold();

/// How many bytes of a packet's data are shown; JSON and a capture file have all of them.
const SHOWN: usize = 256;

/// Runs the program that `args` name, and shows its packets.
///
/// # Errors
///
/// When there is no such lesson or program, when it does not build or start, or when
/// this machine cannot tell which packets are its own.
pub fn wire(root: &Path, args: &cli::Wire) -> Result<Outcome> {
    let told = capture(root, args);
    if let (cli::WireFormat::Json, Err(error)) = (args.format, &told) {
        #[derive(Serialize)]
        struct Document {
            version: u32,
            error: String,
        }
        let error = format!("{error:#}");
        print_json(&Document { version: 1, error })?;
    }
    let (program, run) = told?;
    let Some(capture) = &run.capture else {
        bail!("`{program}` was run without a tap");
    };
    match args.format {
        cli::WireFormat::Human => print(&program, &run, capture)?,
        cli::WireFormat::Json => print_json(&Document::of(&program, &run, capture))?,
    }
    if let Some(file) = &args.pcap {
        save(file, capture)?;
    }
    Ok(outcome(&run, capture))
}

fn capture(root: &Path, args: &cli::Wire) -> Result<(String, Run)> {
    if let Some(file) = &args.pcap {
        check_file(file)?;
    }
    let course = course::open(root)?;
    let lesson = course::one(&course, &args.lesson)?;
    let name = args.program.as_deref().unwrap_or(&lesson.id);
    let program = lesson
        .program(name)
        .map_err(|instead| anyhow!("`{}` has no program `{name}`: {instead}", lesson.id))?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let tap = runtime
        .block_on(packets::tap(Snap::Whole))
        .context("cannot tell which packets are the program's")?;
    let programs = runtime.block_on(Programs::build(&Cargo::default(), root, [lesson]))?;
    let start = start(lesson, &program, &programs, args)?;
    let budget = programs::budget(lesson, args.timeout);
    let run = runtime.block_on(async { runner::prepare(&start, tap).await?.run(&budget).await })?;
    Ok((program.name().to_owned(), run))
}

fn start(
    lesson: &Lesson,
    program: &Program,
    programs: &Programs,
    args: &cli::Wire,
) -> Result<runner::Program> {
    let executable = programs
        .find(lesson, program)
        .map_err(|reason| anyhow!(reason))?;
    let start = executable.with(lesson, &[]);
    Ok(args.args.iter().fold(start, runner::Program::arg))
}

/// Holds when all packets were seen, and the program ended of itself. With what exit code
/// is not this command's business: a program may be about failing.
fn outcome(run: &Run, capture: &Capture) -> Outcome {
    let whole = capture.lost() == 0 && !run.timed_out && !run.too_much_output && !run.leaked;
    if whole {
        Outcome::Holds
    } else {
        Outcome::Fails
    }
}

/// All that has to be known beside the packets, each in a sentence.
fn notes(run: &Run, capture: &Capture) -> Vec<String> {
    let mut notes = Vec::new();
    if capture.lost() > 0 {
        notes.push(packets::lost(capture.lost()));
    }
    if run.timed_out {
        notes.push(
            "The program was still running when its time was over, and was ended; --timeout gives \
             it more."
                .to_owned(),
        );
    } else if run.too_much_output {
        notes.push("The program printed more than it may, and was ended.".to_owned());
    } else if run.ended != Ended::Code(0) {
        notes.push(format!("The program ended with {}.", run.ended));
        notes.extend(standard_error(&run.stderr));
    }
    if run.leaked {
        notes.push("The program left a process behind, or its output open.".to_owned());
    }
    notes
}

fn print(program: &str, run: &Run, capture: &Capture) -> Result<()> {
    let read = packets::read(capture);
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{STRONG}{program}: {}, {}{STRONG:#}\n",
        count(read.packets().len(), "packet"),
        count(read.connections().len(), "connection"),
    )?;
    if !read.packets().is_empty() {
        writeln!(out, "{}", read.list(SHOWN))?;
    }
    for connection in read.connections() {
        if let Some(ladder) = read.ladder(connection.number) {
            writeln!(out, "{ladder}")?;
        }
    }
    let lines = read.transcript();
    if !lines.is_empty() {
        writeln!(out, "{STRONG}As a page says it:{STRONG:#}\n")?;
        for line in lines.lines() {
            writeln!(out, "    {line}")?;
        }
        writeln!(out)?;
    }
    for note in notes(run, capture) {
        writeln!(out, "{NOTE}note{NOTE:#}: {note}")?;
    }
    out.flush()?;
    Ok(())
}

fn count(number: usize, thing: &str) -> String {
    match number {
        0 => format!("no {thing}s"),
        1 => format!("1 {thing}"),
        number => format!("{number} {thing}s"),
    }
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    program: &'a str,
    /// How the program ended.
    ended: String,
    /// How many packets were not seen.
    lost: u64,
    /// All that has to be known beside the packets.
    notes: Vec<String>,
    /// As a page says it.
    lines: Vec<String>,
    #[serde(flatten)]
    capture: wire::Capture<'a>,
}

impl<'a> Document<'a> {
    fn of(program: &'a str, run: &Run, capture: &'a Capture) -> Self {
        let read = packets::read(capture);
        Self {
            version: 1,
            program,
            ended: run.ended.to_string(),
            lost: capture.lost(),
            notes: notes(run, capture),
            lines: read.lines().iter().map(ToString::to_string).collect(),
            capture: read,
        }
    }
}

fn print_json(document: &impl Serialize) -> Result<()> {
    let mut out = io::stdout().lock();
    // As what it is: that nobody reads it is no error of this document.
    serde_json::to_writer_pretty(&mut out, document).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// What a capture file begins with: pcap in either byte order, in micro- or nanoseconds,
/// or pcapng.
const CAPTURES: [[u8; 4]; 5] = [
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0x0a, 0x0d, 0x0d, 0x0a],
];

/// A capture is written over an older one, and over nothing else: said before the program
/// is run.
fn check_file(file: &Path) -> Result<()> {
    use io::Read;
    let opened = match File::open(file) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).context(format!("cannot look at {}", file.display())),
    };
    ensure!(
        opened.metadata().is_ok_and(|metadata| metadata.is_file()),
        "{} is not a file: name one for --pcap",
        file.display()
    );
    let mut begin = Vec::new();
    opened.take(4).read_to_end(&mut begin)?;
    let is_capture = CAPTURES.iter().any(|magic| magic[..] == begin);
    ensure!(
        begin.is_empty() || is_capture,
        "{} is there, and is not a capture: name another file for --pcap, or remove this one",
        file.display()
    );
    Ok(())
}

fn save(file: &Path, capture: &Capture) -> Result<()> {
    let write = || -> io::Result<()> {
        let new = BufWriter::new(File::create(file)?);
        wire::pcap::write(new, packets::packets(capture))
    };
    write().with_context(|| format!("cannot write {}", file.display()))?;
    anstream::eprintln!("note: the packets are in {}", file.display());
    Ok(())
}
