//! Commands about training hubs.

pub mod appoint_lead_training_hub;
pub mod register_training_hub;
pub mod set_coverage;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct TrainingHubMutations(
    register_training_hub::RegisterTrainingHubMutation,
    set_coverage::SetCoverageMutation,
    appoint_lead_training_hub::AppointLeadTrainingHubMutation,
);
