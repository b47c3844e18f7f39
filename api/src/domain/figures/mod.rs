//! Figures: what is shown of observations, for any organisations, periods and
//! geography. Everything that shows a figure comes through here, so that the same cell
//! is the same everywhere, and is hidden everywhere where it must be.

pub mod analysis;
pub mod boundaries;
mod cells;
pub(in crate::domain) mod census;
pub(in crate::domain) mod controlled;
mod derive;
pub mod figure;
mod gather;
pub(in crate::domain) mod kept;
pub mod latest;
mod moves;
mod owed;
pub mod periods;
mod public_table;
pub mod selector;
pub mod series;
mod spans;
mod tallies;
pub(in crate::domain) mod tally;
pub mod walk;
pub mod watch;

pub use self::{
    figure::{Figure, InWords, ValueState},
    series::{Point, Question, Series, SeriesBreak, Terms, series},
};
