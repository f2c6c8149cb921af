//! The crate as others use it: small courses are written, opened, and what is
//! told of them is looked at.

mod blocks;
mod cores;
mod course;
mod diagnostics;
mod fixture;
mod front_matter;
mod guide;
mod hints;
mod hostile;
mod links;
mod listings;
mod outline;
mod programs;
mod sections;
mod select;
mod together;
mod writing;
