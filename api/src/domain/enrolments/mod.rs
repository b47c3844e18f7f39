//! Enrolments: learners' runs through the programme, from the application to the end.
//!
//! What may become of one is a table ([`transitions`]); each command asks it, and so do
//! the sentences that say what can be done instead. Employment is the site's word and
//! training the hub's: where the two disagree it is listed, never settled by the program.

pub mod advance;
pub mod completion;
pub mod disagreement;
pub mod employment;
pub mod enrol;
pub mod extensions;
pub mod list;
pub mod mentors;
mod open;
pub mod transfer;
pub mod transitions;

pub(super) use self::open::permitted;
