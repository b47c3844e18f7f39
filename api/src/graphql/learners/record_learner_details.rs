//! `recordLearnerDetails`: who a learner is, and how to reach them.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::LearnerDetailsInput,
    object::Learner,
    outcomes::{LearnerConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::learners::details,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Who a learner is: everything that is then known of it.
#[derive(InputObject)]
pub struct RecordLearnerDetailsInput {
    /// The learner.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// Who they are.
    details: LearnerDetailsInput,
}

/// What became of `recordLearnerDetails`.
#[derive(Union)]
pub enum RecordLearnerDetailsPayload {
    LearnerDetailsRecorded(LearnerDetailsRecorded),
    InvalidInput(InvalidInput),
    LearnerConflict(LearnerConflict),
}

/// It is recorded; who reads it is audited.
#[derive(SimpleObject)]
pub struct LearnerDetailsRecorded {
    /// The learner.
    learner: Learner,
}

#[derive(Default)]
pub struct RecordLearnerDetailsMutation;

#[Object]
impl RecordLearnerDetailsMutation {
    /// Records who a learner is, and how to reach them, in place of what was recorded.
    #[graphql(directive = access::apply(Action::RecordLearnerDetails.into()))]
    async fn record_learner_details(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which learner, and who they are.")] input: RecordLearnerDetailsInput,
    ) -> Result<Option<RecordLearnerDetailsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordLearnerDetails)?;
        let command = details::RecordLearnerDetails {
            learner: ids::read_as(&input.id, "Learner")?,
            expected_version: input.expected_version,
            details: input.details.into(),
        };
        let done = details::record(viewer, permit, command).await;
        changing(ctx, done, |learner| LearnerDetailsRecorded { learner }.into())
    }
}
