//! `advanceEnrolment`: takes an enrolment on its way.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    enums::AdvanceTo,
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

/// Which enrolment, as you read it, and what becomes of it.
#[derive(InputObject)]
pub struct AdvanceEnrolmentInput {
    /// The enrolment.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What becomes of it.
    to: AdvanceTo,
    /// The day on which it did; left out: today. Never in the future, nor before what
    /// happened to it last.
    on: Option<Date>,
}

/// What became of `advanceEnrolment`.
#[derive(Union)]
pub enum AdvanceEnrolmentPayload {
    EnrolmentAdvanced(EnrolmentAdvanced),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// The enrolment is in that state from that day on.
#[derive(SimpleObject)]
pub struct EnrolmentAdvanced {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct AdvanceEnrolmentMutation;

#[Object]
impl AdvanceEnrolmentMutation {
    /// Offers, accepts, starts, pauses, resumes or submits: `Enrolment.next` says what is
    /// possible, and what it takes.
    #[graphql(directive = access::apply(Action::AdvanceEnrolment.into()))]
    async fn advance_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enrolment, and what becomes of it.")] input: AdvanceEnrolmentInput,
    ) -> Result<Option<AdvanceEnrolmentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AdvanceEnrolment)?;
        let command = advance::AdvanceEnrolment {
            enrolment: ids::read_as(&input.id, "Enrolment")?,
            expected_version: input.expected_version,
            to: input.to.into(),
            on: input.on.map(|day| day.0),
            reason: None,
        };
        let done = advance::advance(viewer, permit, command).await;
        changing(ctx, done, |enrolment| EnrolmentAdvanced { enrolment }.into())
    }
}
