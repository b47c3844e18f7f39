//! Organisations, as clients see them: one interface, and a type for each kind.

pub mod lists;
#[macro_use]
mod object;
pub mod by;
pub mod interfaces;
pub mod kinds;
pub mod nodes;
pub mod parts;
pub mod queries;
pub mod seen;
pub mod site;
