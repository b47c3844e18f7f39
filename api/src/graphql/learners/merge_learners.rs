//! `mergeLearners`: two records of one learner become one.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Learner,
    outcomes::{LearnerConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::learners::merge,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which of two learners keeps everything.
#[derive(InputObject)]
pub struct MergeLearnersInput {
    /// The learner who keeps everything of both.
    keep: ID,
    /// The version of that one that you read.
    expected_version: i32,
    /// The other record of the same person.
    merge: ID,
}

/// What became of `mergeLearners`.
#[derive(Union)]
pub enum MergeLearnersPayload {
    LearnersMerged(LearnersMerged),
    InvalidInput(InvalidInput),
    LearnerConflict(LearnerConflict),
}

/// Enrolments, posts and identifiers are one learner's; the other id and reference go on
/// to find them.
#[derive(SimpleObject)]
pub struct LearnersMerged {
    /// The learner who was kept.
    learner: Learner,
}

#[derive(Default)]
pub struct MergeLearnersMutation;

#[Object]
impl MergeLearnersMutation {
    /// Merges two records of one learner. Two enrolments that are not over stand in the
    /// way.
    #[graphql(directive = access::apply(Action::MergeLearners.into()))]
    async fn merge_learners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which learners.")] input: MergeLearnersInput,
    ) -> Result<Option<MergeLearnersPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::MergeLearners)?;
        let command = merge::MergeLearners {
            keep: ids::read_as(&input.keep, "Learner")?,
            expected_version: input.expected_version,
            merge: ids::read_as(&input.merge, "Learner")?,
        };
        let done = merge::merge(viewer, permit, command).await;
        changing(ctx, done, |learner| LearnersMerged { learner }.into())
    }
}
