//! Numbers from numbers: pure functions over counts and series, without any I/O.

pub mod disclosure;
