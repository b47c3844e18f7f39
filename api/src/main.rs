//! The programme's one binary.

fn main() {}
