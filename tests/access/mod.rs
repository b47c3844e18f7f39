//! Who may do what: the reviewed matrix, held to what really happens.

mod api_clients;
mod audit;
mod enrolments;
mod learning;
mod live;
mod matrix;
mod operations;
mod participation;
mod programme;
mod requests;
mod returns;
mod sandbox;
mod targets;
mod webhooks;

pub(crate) use self::sandbox::input as sandbox_input;
