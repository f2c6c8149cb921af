//! The tests of `wire`, through its public face.

mod lines;
mod script;
