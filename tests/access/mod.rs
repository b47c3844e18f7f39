//! Who may do what: the reviewed matrix, held to what really happens.

mod api_clients;
mod audit;
mod enrolments;
mod learning;
mod matrix;
mod participation;
mod programme;
mod requests;
mod returns;
mod targets;
mod webhooks;
