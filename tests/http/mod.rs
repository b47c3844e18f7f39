//! What goes over the wire, byte by byte: the front door against clients that are
//! careless, mistaken, hostile or gone. What GraphQL itself must answer is audited
//! separately (`tests/audit`).

mod connections;
mod desk;
mod elsewhere;
mod limits;
mod refusals;
mod requests;
pub(crate) mod stopping;
mod uploads;
mod wire;
