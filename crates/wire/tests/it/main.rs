//! The tests of `wire`, through its public face.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod kept;
mod laws;
mod lines;
mod pcap;
mod script;
mod told;
mod tshark;
mod unreadable;
