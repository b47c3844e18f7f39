//! `addLearnerIdentifier`: what another system calls a learner.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::LearnerIdentifierInput,
    object::Learner,
    outcomes::{LearnerConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::learners::identifiers,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// What another system calls a learner.
#[derive(InputObject)]
pub struct AddLearnerIdentifierInput {
    /// The learner.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What they are called there; no other learner may be.
    identifier: LearnerIdentifierInput,
}

/// What became of `addLearnerIdentifier`.
#[derive(Union)]
pub enum AddLearnerIdentifierPayload {
    LearnerIdentifierAdded(LearnerIdentifierAdded),
    InvalidInput(InvalidInput),
    LearnerConflict(LearnerConflict),
}

/// The learner is found by it from now on.
#[derive(SimpleObject)]
pub struct LearnerIdentifierAdded {
    /// The learner.
    learner: Learner,
}

#[derive(Default)]
pub struct AddLearnerIdentifierMutation;

#[Object]
impl AddLearnerIdentifierMutation {
    /// Adds what another system, such as an e-portfolio, calls a learner.
    #[graphql(directive = access::apply(Action::RecordLearnerDetails.into()))]
    async fn add_learner_identifier(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which learner, and the identifier.")] input: AddLearnerIdentifierInput,
    ) -> Result<Option<AddLearnerIdentifierPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RecordLearnerDetails)?;
        let command = identifiers::AddLearnerIdentifier {
            learner: ids::read_as(&input.id, "Learner")?,
            expected_version: input.expected_version,
            identifier: input.identifier.into(),
        };
        let done = identifiers::add_to_learner(viewer, permit, command).await;
        changing(ctx, done, |learner| LearnerIdentifierAdded { learner }.into())
    }
}
