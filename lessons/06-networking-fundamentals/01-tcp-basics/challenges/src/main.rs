//! begun
fn main() {}
