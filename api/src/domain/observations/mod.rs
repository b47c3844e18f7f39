//! Observations: one value of one metric, for one organisation and one month, revision
//! after revision; and the sums that are kept of them.

pub mod check;
pub mod command;
mod entry;
mod latest;
pub mod list;
pub mod moved;
mod persons;
mod places;
pub mod record;
mod rollups;
pub mod walk;

pub use self::entry::{Entry, Said};
pub(super) use self::{
    entry::divided,
    latest::{Latest, latest_of, read},
    persons::{distinct, of as persons_of},
    places::place_at,
    rollups::{Sums, adds_up, observable},
};
