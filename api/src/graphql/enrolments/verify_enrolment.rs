//! `verifyEnrolment`: says what came of what a learner submitted.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::VerifyTo,
    object::Enrolment,
    outcomes::{EnrolmentConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::enrolments::advance,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which enrolment, as you read it, and what came of it.
#[derive(InputObject)]
pub struct VerifyEnrolmentInput {
    /// The enrolment.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What came of it.
    to: VerifyTo,
    /// The day on which it did; left out: today. Never in the future, nor before what
    /// happened to it last.
    on: Option<Date>,
}

/// What became of `verifyEnrolment`.
#[derive(Union)]
pub enum VerifyEnrolmentPayload {
    EnrolmentVerified(EnrolmentVerified),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// The enrolment is in that state from that day on.
#[derive(SimpleObject)]
pub struct EnrolmentVerified {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct VerifyEnrolmentMutation;

#[Object]
impl VerifyEnrolmentMutation {
    /// Refers back or verifies what a learner submitted, or completes what is verified;
    /// that takes every core competency that applies.
    #[graphql(directive = access::apply(Action::VerifyEnrolment.into()))]
    async fn verify_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enrolment, and what came of it.")] input: VerifyEnrolmentInput,
    ) -> Result<Option<VerifyEnrolmentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::VerifyEnrolment)?;
        let command = advance::AdvanceEnrolment {
            enrolment: ids::read_as(&input.id, "Enrolment")?,
            expected_version: input.expected_version,
            to: input.to.into(),
            on: input.on.map(|day| day.0),
            reason: None,
        };
        let done = advance::advance(viewer, permit, command).await;
        changing(ctx, done, |enrolment| EnrolmentVerified { enrolment }.into())
    }
}
