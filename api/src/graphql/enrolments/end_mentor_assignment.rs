//! `endMentorAssignment`: a mentor's or verifier's time ends.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Enrolment,
    outcomes::{EnrolmentConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::enrolments::mentors,
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
        scalars::Date,
    },
};

/// Which assignment ends, and when.
#[derive(InputObject)]
pub struct EndMentorAssignmentInput {
    /// The assignment.
    id: ID,
    /// The version of the enrolment that you read.
    expected_version: i32,
    /// The first day on which it is over; left out: today.
    to: Option<Date>,
}

/// What became of `endMentorAssignment`.
#[derive(Union)]
pub enum EndMentorAssignmentPayload {
    MentorAssignmentEnded(MentorAssignmentEnded),
    InvalidInput(InvalidInput),
    EnrolmentConflict(EnrolmentConflict),
}

/// The assignment is over from that day on.
#[derive(SimpleObject)]
pub struct MentorAssignmentEnded {
    /// The enrolment.
    enrolment: Enrolment,
}

#[derive(Default)]
pub struct EndMentorAssignmentMutation;

#[Object]
impl EndMentorAssignmentMutation {
    /// Ends an assignment; a start keeps the GP mentor that it took.
    #[graphql(directive = access::apply(Action::AssignMentor.into()))]
    async fn end_mentor_assignment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which assignment.")] input: EndMentorAssignmentInput,
    ) -> Result<Option<EndMentorAssignmentPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::AssignMentor)?;
        let command = mentors::EndMentorAssignment {
            assignment: ids::read_as(&input.id, "MentorAssignment")?,
            expected_version: input.expected_version,
            to: input.to.map(|day| day.0),
        };
        let done = mentors::end(viewer, permit, command).await;
        changing(ctx, done, |enrolment| MentorAssignmentEnded { enrolment }.into())
    }
}
