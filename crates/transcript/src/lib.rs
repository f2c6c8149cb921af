//! Promises about what a concurrent program prints: parse, match, report, bless.

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
mod names;
mod order;
mod output;
mod page;
mod parse;
mod problem;
mod range;
mod reach;
mod report;
mod search;
mod tag;
mod transcript;
mod walk;
mod write;

pub use bless::{Blessed, bless, bless_knowing};
pub use compare::Comparison;
pub use kinds::{KindError, Kinds};
pub use names::{BrokenName, Names, StoodFor};
pub use order::{Order, UnknownOrder};
pub use problem::{PageError, Problem, Severity};
pub use report::{Report, ReportHeader};
pub use transcript::Transcript;
