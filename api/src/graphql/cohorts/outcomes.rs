//! What commands about cohorts can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::Cohort;
use crate::{
    domain::{cohorts::list, error::Declined},
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{Answered, InvalidInput, answered},
        refusal::Refusal,
    },
};

/// Somebody changed the cohort since you read it; nothing was changed. Read it again, and
/// send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct CohortConflict {
    /// The cohort as it is now.
    current: Cohort,
}

/// The answer of a command about a cohort that the caller has read.
pub fn changing<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(Cohort) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<CohortConflict>,
{
    let find = |id| list::find(viewer(ctx), id).map(Cohort).ok_or_else(Refusal::internal);
    Ok(Some(match answered(done, |id| find(id).map(success))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => CohortConflict { current: find(id)? }.into(),
    }))
}
