//! `decideExtension`: grants or refuses more time.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::ExtensionDecision,
    object::Enrolment,
    outcomes::{EnrolmentConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::enrolments::extensions,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which extension, as you read it, and what is decided.
#[derive(InputObject)]
pub struct DecideExtensionInput {
    /// The extension.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What is decided.
    decision: ExtensionDecision,
}

/// What became of `decideExtension`.
#[derive(Union)]
pub enum DecideExtensionPayload {
    ExtensionDecided(ExtensionDecided),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// It is decided; if it is granted, the enrolment is due later.
#[derive(SimpleObject)]
pub struct ExtensionDecided {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct DecideExtensionMutation;

#[Object]
impl DecideExtensionMutation {
    /// Grants or refuses more time; whoever asked for it cannot.
    #[graphql(directive = access::apply(Action::DecideExtension.into()))]
    async fn decide_extension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which extension, and what is decided.")] input: DecideExtensionInput,
    ) -> Result<Option<DecideExtensionPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DecideExtension)?;
        let command = extensions::DecideExtension {
            extension: ids::read_as(&input.id, "Extension")?,
            expected_version: input.expected_version,
            decision: input.decision.into(),
        };
        let done = extensions::decide(viewer, permit, command).await;
        changing(ctx, done, |enrolment| ExtensionDecided { enrolment }.into())
    }
}
