//! Learners: finding them, recording who they are, and merging two records of one.

pub mod add_learner_identifier;
pub mod input;
pub mod merge_learners;
pub mod object;
pub mod outcomes;
pub mod queries;
pub mod readings;
pub mod record_learner_details;

use async_graphql::MergedObject;

#[derive(MergedObject, Default)]
pub struct LearnerMutations(
    record_learner_details::RecordLearnerDetailsMutation,
    add_learner_identifier::AddLearnerIdentifierMutation,
    merge_learners::MergeLearnersMutation,
);
