//! Registered operations: registering, retiring and finding them, and how a query's answer
//! becomes a table.

pub mod check;
pub mod object;
pub mod parameters;
pub mod queries;
pub mod register_operations;
pub mod retire_operation;
pub mod table;

use std::sync::Arc;

use async_graphql::MergedObject;

use super::{Schema, engine::Engine};

#[derive(MergedObject, Default)]
pub struct OperationMutations(
    register_operations::RegisterOperationsMutation,
    retire_operation::RetireOperationMutation,
);

/// What says of a document whether the schema has all that it asks for; in each request
/// that may register one.
#[derive(Clone)]
pub struct Checks(pub Arc<Engine<Schema>>);
