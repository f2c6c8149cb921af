//! Promises about what a concurrent program prints: parse, match, report, bless.
//!
//! A *transcript* is an expected output that says what a right program may
//! vary: port numbers, sizes, durations, and which of several concurrent
//! speakers gets its line out first. Everything else counts.
//!
//! ```
//! use transcript::{Kinds, Order, ReportHeader, Transcript};
//!
//! let text = "\
//! [server] listening on 127.0.0.1:<port:server>
//!
//! [client] connected to <port:server>
//! [server] client connected
//! ";
//! let page = Transcript::parse(text, Order::Speakers, &Kinds::default())?;
//!
//! let run = page.compare(b"\
//! [server] listening on 127.0.0.1:41255
//!
//! [server] client connected
//! [client] connected to 41255
//! ");
//! assert!(run.matches());
//! assert_eq!(run.bindings()[0], ("port:server".to_owned(), "41255".to_owned()));
//! # Ok::<(), transcript::PageError>(())
//! ```
//!
//! The crate knows neither files nor processes: texts go in, a verdict comes
//! out. The [guide] is for those who write transcripts; this page is for those
//! who call the crate.
//!
//! # The language
//!
//! ```text
//! transcript      = { line end }
//! end             = "\n" | "\r\n"
//! line            = elision | speaker-elision | text
//! elision         = "..."                                    alone on its line
//! speaker-elision = tag " ..."                               speakers only
//! tag             = "[" letter { letter | digit | "_" | "-" | " " } "]"
//!                                       followed by a space, or the line's end
//! text            = [ head ] { piece }
//! head            = "\["                  a bracket that opens no tag
//!                 | [ tag " " ] "\..."    three dots that elide nothing; alone
//! piece           = placeholder | byte | escape | character
//! placeholder     = "<" kind [ ":" name ] [ " " range ] ">"
//! kind            = "port" | "number" | "duration" | "ip" | "addr" | "hex"
//!                 | "word" | "any" | kebab                   one that is declared
//! name            = kebab
//! kebab           = letter { letter | digit } { "-" ( letter | digit ) { letter | digit } }
//! range           = [ bound ] ".." [ bound ] | [ bound ] "..=" bound
//! bound           = [ "-" ] digits [ "." digits ] [ unit ]
//! unit            = "ns" | "µs" | "us" | "ms" | "s" | "m" | "h"
//! byte            = "<byte " hex hex ">"                     lower case
//! escape          = { "\\" } "\<"        a literal "<", after half the backslashes
//!                 | { "\\" }             before "<": half of them
//! ```
//!
//! Letters of kinds and names are `a` to `z`; those of tags are any. White space
//! at the end of a line is no part of it, nor are blank lines at the very end.
//! What stands between angle brackets and is none of the above is text:
//! `Vec<u8>`, `<std::io::Error>`. What cannot be meant is an error, such as a
//! name with an unknown kind, and what looks like a slip a
//! [warning](Transcript::warnings); each [`Problem`] says where, and what to
//! write instead.
//!
//! ```
//! use transcript::{Kinds, Order, Transcript};
//!
//! let error = Transcript::parse("on <prot:server>\n", Order::Total, &Kinds::default()).unwrap_err();
//! assert_eq!(error.problems[0].span, 3..16);
//! assert_eq!(error.problems[0].message, "there is no kind `prot`");
//! assert_eq!(error.problems[0].help.as_deref(), Some("did you mean `port`? Write `\\<` if it is meant as text"));
//! ```
//!
//! ## Ranges
//!
//! ```
//! # use transcript::{Kinds, Order, Transcript};
//! let page = Transcript::parse("waited <duration 80ms..=120ms>\n", Order::Total, &Kinds::default())?;
//! assert!(page.compare("waited 95000µs\n".as_bytes()).matches());
//! assert!(!page.compare(b"waited 1.2s\n").matches());
//! # Ok::<(), transcript::PageError>(())
//! ```
//!
//! Bounds are exact, whatever the number of digits.
//!
//! ## Elisions
//!
//! ```
//! # use transcript::{Kinds, Order, Transcript};
//! let page = Transcript::parse("begin\n...\nend\n", Order::Total, &Kinds::default())?;
//! assert!(page.compare(b"begin\none\nend\ntwo\nend\n").matches());
//! # Ok::<(), transcript::PageError>(())
//! ```
//!
//! ## Speakers
//!
//! With [`Order::Speakers`] a line that begins with a tag is spoken by the tag's
//! name. Every other line is a *cue*. Cues come in the order of the page;
//! between two of them, in a *scene*, each speaker's lines come in the order of
//! the page, and different speakers may interleave freely. Who has no line in a
//! scene is silent in it.
//!
//! ```
//! # use transcript::{Kinds, Order, Transcript};
//! let page = Transcript::parse("[a] 1\n[b] 1\n--- cue ---\n[a] 2\n", Order::Speakers, &Kinds::default())?;
//! assert!(page.compare(b"[b] 1\n[a] 1\n--- cue ---\n[a] 2\n").matches());
//! assert!(!page.compare(b"[a] 1\n--- cue ---\n[b] 1\n[a] 2\n").matches());
//! # Ok::<(), transcript::PageError>(())
//! ```
//!
//! ## Which filling, which alignment
//!
//! A line fits if there is a way to fill its placeholders so that all of it
//! fits, ranges included. Of several ways the one counts in which earlier
//! placeholders take as much as they can, and `any` as little. Of all alignments
//! of page and output the one counts that differs in the fewest lines; elisions
//! then take as few lines as they can, from the top down. Names choose neither:
//! they are held against the one that is found.
//!
//! # Outputs
//!
//! Taken off an output before anything is matched: ANSI escape sequences (one
//! that is not finished goes to the end of its line), the `\r` of a `\r\n`, white
//! space at the end of lines, blank lines at the very end. Everything else is
//! compared byte by byte. A byte that is not UTF-8, or a control character other
//! than tab, is matched by `<byte …>`, and by `<any>`, `<word>` and declared
//! kinds as one character.
//!
//! # Work
//!
//! Parsing and matching take time in proportion to the text, and memory of a
//! few times its size. A line is matched in time that grows with its length
//! times the number of its placeholders. The alignment is the shortest where up
//! to a thousand lines differ; beyond that it is held by lines that are unique,
//! and the report says so.

mod align;
mod angle;
mod bits;
mod bless;
mod canonical;
mod chars;
mod compare;
mod decimal;
mod fill;
mod fit;
mod kinds;
mod line;
mod names;
mod order;
mod output;
mod page;
mod parse;
mod patience;
mod problem;
mod range;
mod reach;
mod report;
mod search;
mod tag;
mod transcript;
mod walk;
mod write;

#[doc = include_str!("../GUIDE.md")]
#[allow(
    rustdoc::invalid_codeblock_attributes,
    reason = "the words are the page's, such as `order=speakers`"
)]
pub mod guide {}

pub use bless::{Blessed, bless, bless_knowing};
pub use compare::Comparison;
pub use kinds::{KindError, Kinds};
pub use line::{Line, Part, Placeholder};
pub use names::{BrokenName, Names, StoodFor};
pub use order::{Order, UnknownOrder};
pub use problem::{PageError, Problem, Severity};
pub use report::{Medium, Report, ReportHeader};
pub use transcript::Transcript;
