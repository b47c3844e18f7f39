//! `withdrawEnrolment`: ends an enrolment before it is completed.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::{ExitReason, WithdrawTo},
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

/// Which enrolment, as you read it, and how and why it ends.
#[derive(InputObject)]
pub struct WithdrawEnrolmentInput {
    /// The enrolment.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// How it ends.
    to: WithdrawTo,
    /// Why: coded, so that nothing is written of anybody's health.
    reason: ExitReason,
    /// The day on which it did; left out: today. Never in the future, nor before what
    /// happened to it last.
    on: Option<Date>,
}

/// What became of `withdrawEnrolment`.
#[derive(Union)]
pub enum WithdrawEnrolmentPayload {
    EnrolmentWithdrawn(EnrolmentWithdrawn),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// The enrolment is over.
#[derive(SimpleObject)]
pub struct EnrolmentWithdrawn {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct WithdrawEnrolmentMutation;

#[Object]
impl WithdrawEnrolmentMutation {
    /// Ends an enrolment before it is completed: rejected, cancelled before its start, or
    /// withdrawn after.
    #[graphql(directive = access::apply(Action::AdvanceEnrolment.into()))]
    async fn withdraw_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enrolment, and how it ends.")] input: WithdrawEnrolmentInput,
    ) -> Result<Option<WithdrawEnrolmentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AdvanceEnrolment)?;
        let command = advance::AdvanceEnrolment {
            enrolment: ids::read_as(&input.id, "Enrolment")?,
            expected_version: input.expected_version,
            to: input.to.into(),
            on: input.on.map(|day| day.0),
            reason: Some(input.reason.into()),
        };
        let done = advance::advance(viewer, permit, command).await;
        changing(ctx, done, |enrolment| EnrolmentWithdrawn { enrolment }.into())
    }
}
