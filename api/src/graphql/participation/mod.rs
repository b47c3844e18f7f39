//! Sites' parts in the programme: their stages, the funnel, and what hubs record.

pub mod choose_role_model;
pub mod enums;
pub mod funnel;
pub mod object;
pub mod outcomes;
pub mod queries;
pub mod record_stage;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct ParticipationMutations(
    record_stage::RecordStageMutation,
    choose_role_model::ChooseRoleModelMutation,
);
