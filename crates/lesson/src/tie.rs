//! From the words of an info string to what the block is tied to.

use std::ops::Range;

use transcript::Order;

use crate::block::{ListingTie, Program, Stream, Tie, TranscriptTie};
use crate::exit::Exit;
use crate::finding::Findings;
use crate::info::{self, Word};
use crate::program::Programs;
use crate::suggest;

/// The keys of info strings.
const KEYS: [&str; 8] = [
    "file",
    "run",
    "stderr",
    "wire",
    "order",
    "exit",
    "args",
    "illustration",
];

/// What a block without a tie should say.
const HOW_TO_TIE: &str = "write behind its language what it shows: `file=PATH` (a listing), \
    `run=PROGRAM` (its output),\n`stderr=PROGRAM`, `wire=PROGRAM`, or `illustration` \
    (tied to nothing, on purpose)";

/// What an info string says.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) language: String,
    pub(crate) tie: Tie,
    /// Where it says that the block is a transcript: how its lines are ordered,
    /// even if the tie is broken for another reason.
    pub(crate) order: Option<Order>,
}

/// Reads the info string at the byte `at`, of a block whose opening fence is
/// at `fence`.
pub(crate) fn read(
    info: &str,
    at: usize,
    fence: &Range<usize>,
    programs: &Programs,
    findings: &mut Findings,
) -> Read {
    let words = info::words(info, at, findings);
    let (language, words) = split_language(words, findings);
    let mut read = Read {
        language,
        tie: Tie::Broken,
        order: None,
    };
    // Where its words are wrong, that is told; that they tie it to nothing follows.
    if let Some(given) = Given::of(words, findings) {
        given.tie(fence, programs, &mut read, findings);
    }
    read
}

fn split_language<'a>(
    mut words: Vec<Word<'a>>,
    findings: &mut Findings,
) -> (String, Vec<Word<'a>>) {
    let is_language = |word: &Word| word.value.is_none() && !KEYS.contains(&word.key);
    if words.first().is_some_and(is_language) {
        let language = words.remove(0).key.to_owned();
        return (language, words);
    }
    // A block that says nothing at all lacks more than its language.
    if let Some(first) = words.first() {
        findings
            .error(first.key_span.clone(), "the language is missing")
            .help("write it first: `rust`, `text`, …");
    }
    (String::new(), words)
}

/// The words of one info string, by key.
struct Given<'a> {
    words: Vec<Word<'a>>,
}

impl<'a> Given<'a> {
    /// Tells of every word that is not one, and keeps the others; `None` where
    /// nothing needs to be said any more.
    fn of(words: Vec<Word<'a>>, findings: &mut Findings) -> Option<Self> {
        let mut kept: Vec<Word> = Vec::new();
        let mut wrong = false;
        for word in words {
            let known = KEYS.contains(&word.key);
            let is_flag = word.key == "illustration";
            if !known {
                tell_unknown(&word, findings);
            } else if kept.iter().any(|other| other.key == word.key) {
                findings
                    .error(
                        word.key_span.clone(),
                        format!("`{}` is given twice", word.key),
                    )
                    .help("keep one of the two");
            } else if word.value.is_some() == is_flag {
                let finding = findings.error(
                    word.key_span.clone(),
                    format!("`{}` is not written so", word.key),
                );
                if is_flag {
                    finding.help("write `illustration` alone");
                } else {
                    finding.help(format!("write `{}=…`", word.key));
                }
            } else {
                kept.push(word);
                continue;
            }
            wrong = true;
        }
        let tied = kept.iter().any(|word| is_tie(word.key));
        (tied || !wrong).then_some(Self { words: kept })
    }

    fn get(&self, key: &str) -> Option<&Word<'a>> {
        self.words.iter().find(|word| word.key == key)
    }

    fn tie(
        &self,
        fence: &Range<usize>,
        programs: &Programs,
        read: &mut Read,
        findings: &mut Findings,
    ) {
        let mut ties = self.words.iter().filter(|word| is_tie(word.key));
        let Some(tie) = ties.next() else {
            findings
                .error(fence.clone(), "this block is tied to nothing that runs")
                .help(HOW_TO_TIE);
            return;
        };
        if let Some(second) = ties.next() {
            findings
                .error(
                    second.key_span.clone(),
                    format!("a block is tied to one thing: it has `{}` already", tie.key),
                )
                .help("keep one of the two, or make two blocks");
            return;
        }
        let stream = match tie.key {
            "run" => Stream::Stdout,
            "stderr" => Stream::Stderr,
            "wire" => Stream::Wire,
            _ => {
                self.refuse_all_but(tie.key, &[], findings);
                read.tie = if tie.key == "file" {
                    listing(tie, findings).map_or(Tie::Broken, Tie::Listing)
                } else {
                    Tie::Illustration
                };
                return;
            }
        };
        self.refuse_all_but(tie.key, &["order", "exit", "args"], findings);
        let order = self.order(stream, findings);
        read.order = Some(order);
        let transcript = self.transcript(stream, order, tie, programs, findings);
        read.tie = transcript.map_or(Tie::Broken, Tie::Transcript);
    }

    /// Tells of keys that mean nothing beside `tie`.
    fn refuse_all_but(&self, tie: &str, fitting: &[&str], findings: &mut Findings) {
        for word in &self.words {
            if word.key != tie && !fitting.contains(&word.key) {
                findings
                    .error(
                        word.key_span.clone(),
                        format!("`{}` means nothing beside `{tie}`", word.key),
                    )
                    .help("take it away");
            }
        }
    }

    fn transcript(
        &self,
        stream: Stream,
        order: Order,
        tie: &Word,
        programs: &Programs,
        findings: &mut Findings,
    ) -> Option<TranscriptTie> {
        let exit = self.exit(findings);
        let args = self.args(findings);
        let program = program(tie, programs, findings);
        Some(TranscriptTie {
            stream,
            program: program?,
            args: args?,
            exit,
            order,
            span: tie.value_span.clone(),
        })
    }

    fn order(&self, stream: Stream, findings: &mut Findings) -> Order {
        let default = match stream {
            Stream::Wire => Order::Speakers,
            Stream::Stdout | Stream::Stderr => Order::Total,
        };
        let Some(word) = self.get("order") else {
            return default;
        };
        let written = word.value.as_deref().unwrap_or_default();
        match written.parse() {
            Ok(Order::Total) if stream == Stream::Wire => {
                findings
                    .error(word.value_span.clone(), "packets have no total order")
                    .help("take `order=` away: for `wire=` it is always `speakers`");
                default
            }
            Ok(order) => order,
            Err(_) => {
                let help = match suggest::nearest(written, ["total", "speakers"]) {
                    Some(meant) => format!("did you mean `order={meant}`?"),
                    None => "write `order=total` or `order=speakers`".to_owned(),
                };
                findings
                    .error(
                        word.value_span.clone(),
                        format!("there is no order `{written}`"),
                    )
                    .help(help);
                default
            }
        }
    }

    fn exit(&self, findings: &mut Findings) -> Option<Exit> {
        let word = self.get("exit")?;
        let written = word.value.as_deref().unwrap_or_default();
        match Exit::parse(written) {
            Ok(exit) => Some(exit),
            Err(help) => {
                findings
                    .error(
                        word.value_span.clone(),
                        format!("no program ends with `{written}`"),
                    )
                    .help(help);
                None
            }
        }
    }

    /// The arguments; `None` where they cannot be read, which is told.
    fn args(&self, findings: &mut Findings) -> Option<Vec<String>> {
        let Some(word) = self.get("args") else {
            return Some(Vec::new());
        };
        let written = word.value.as_deref().unwrap_or_default();
        match info::split_args(written) {
            Ok(args) => Some(args),
            Err(what) => {
                findings
                    .error(word.value_span.clone(), what)
                    .help("write a `\"` on both sides of an argument that holds white space");
                None
            }
        }
    }
}

fn is_tie(key: &str) -> bool {
    ["file", "run", "stderr", "wire", "illustration"].contains(&key)
}

fn tell_unknown(word: &Word, findings: &mut Findings) {
    let help = match suggest::nearest(word.key, KEYS) {
        Some("illustration") => "did you mean `illustration`?".to_owned(),
        Some(meant) => format!("did you mean `{meant}=`?"),
        None => format!("the keys of a block are `{}`", KEYS.join("`, `")),
    };
    findings
        .error(
            word.key_span.clone(),
            format!("there is no key `{}`", word.key),
        )
        .help(help);
}

fn listing(tie: &Word, findings: &mut Findings) -> Option<ListingTie> {
    let written = tie.value.as_deref().unwrap_or_default();
    let (file, region) = match written.split_once('#') {
        Some((file, region)) => (file, Some(region)),
        None => (written, None),
    };
    if file.is_empty() || region == Some("") {
        findings
            .error(
                tie.value_span.start..tie.value_span.end,
                "this names no file",
            )
            .help("write `file=experiment/src/main.rs`, or `file=experiment/src/main.rs#region`");
        return None;
    }
    Some(ListingTie {
        file: file.to_owned(),
        region: region.map(str::to_owned),
        span: tie.value_span.clone(),
    })
}

fn program(tie: &Word, programs: &Programs, findings: &mut Findings) -> Option<Program> {
    let written = tie.value.as_deref().unwrap_or_default();
    match programs.find(written) {
        Ok(program) => Some(program),
        Err(help) => {
            let message = if written.is_empty() {
                "this names no program".to_owned()
            } else {
                format!("this lesson has no program `{written}`")
            };
            findings.error(tie.value_span.clone(), message).help(help);
            None
        }
    }
}
