//! Observations: one value of one metric, for one organisation and one month, revision
//! after revision; and the sums that are kept of them.

pub mod check;
pub mod command;
mod earlier;
mod entry;
mod known;
mod latest;
pub mod list;
pub mod moved;
mod named;
mod newest;
pub(super) mod persons;
mod places;
pub mod record;
mod rollups;
mod rows;
mod since;
mod summed;
pub(super) mod take_back;
pub mod walk;

pub use self::entry::{Entry, Said};
pub(super) use self::{
    earlier::earlier,
    entry::{Figures, divided},
    known::{Figure, Known, holding, known},
    latest::{Latest, latest_of, read},
    newest::newest,
    persons::{distinct, of as persons_of},
    places::place_at,
    rollups::{Sums, adds_up, observable},
    rows::SumRow,
    summed::{Member, Summed, summed},
};
