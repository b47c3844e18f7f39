//! Who may do what: the reviewed matrix, held to what really happens.

mod audit;
mod learning;
mod matrix;
mod programme;
mod requests;
mod returns;
mod targets;
