//! Numbers from numbers: what a series or a set of peers can honestly be said to show.
//!
//! Pure functions: plain numbers in, plain numbers out. There is no clock, no store
//! and no word of the domain here, so that each can be held against the paper or the
//! package that its module names. A series is a slice in order of time, without gaps
//! unless the function says how it takes them. No function answers with a value that
//! is not finite; what cannot be worked out is refused, or is `None`.

pub mod bass;
pub mod change;
pub mod disclosure;
pub mod funnel;
pub mod peers;
pub mod spc;
pub mod trajectory;

mod mean;
#[cfg(test)]
mod samples;

/// Which way a metric moves when things get better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher is better.
    Increase,
    /// Lower is better.
    Decrease,
    /// Neither way is better.
    Neutral,
}

/// Whether a value is finite, and small enough that no sum of squares will overflow.
fn is_usable(value: f64) -> bool {
    value.abs() <= 1e100
}
