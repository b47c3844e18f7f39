//! What commands about enrolments can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::Enrolment;
use crate::{
    domain::{enrolments::list, error::Declined},
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{Answered, InvalidInput, answered},
        refusal::Refusal,
    },
};

/// Somebody changed the enrolment, or what belongs to it, since you read it; nothing was
/// changed. Read it again, and send the command with the version if it still makes sense.
#[derive(SimpleObject)]
pub struct EnrolmentConflict {
    /// The enrolment as it is now.
    current: Enrolment,
}

/// The learner has an enrolment that is not over; nothing was changed.
#[derive(SimpleObject)]
pub struct AlreadyEnrolled {
    /// That enrolment.
    pub enrolment: Enrolment,
}

/// The answer of a command about an enrolment that the caller has read.
pub fn changing<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(Enrolment) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<EnrolmentConflict>,
{
    let find = |id| list::find(viewer(ctx), id).map(Enrolment).ok_or_else(Refusal::internal);
    Ok(Some(match answered(done, |id| find(id).map(success))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => EnrolmentConflict { current: find(id)? }.into(),
    }))
}

/// As [`changing`], for a command that may take the enrolment out of the caller's reach.
pub fn leaving<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(Option<Enrolment>) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<EnrolmentConflict>,
{
    let find = |id| list::find(viewer(ctx), id).map(Enrolment);
    Ok(Some(match answered(done, |id| Ok(success(find(id))))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => {
            EnrolmentConflict { current: find(id).ok_or_else(Refusal::internal)? }.into()
        }
    }))
}
