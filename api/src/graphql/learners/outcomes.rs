//! What commands about learners can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::object::Learner;
use crate::{
    domain::{
        error::Declined,
        learners::list::{self, LearnerLookup},
    },
    graphql::{
        error::Result,
        organisations::seen::viewer,
        outcomes::{Answered, InvalidInput, answered},
        refusal::Refusal,
    },
};

/// Somebody changed the learner since you read them; nothing was changed. Read them
/// again, and send the command with their version if it still makes sense.
#[derive(SimpleObject)]
pub struct LearnerConflict {
    /// The learner as they are now.
    current: Learner,
}

/// The answer of a command about a learner that the caller has read.
pub fn changing<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(Learner) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<LearnerConflict>,
{
    let find = |id| {
        let found = list::find(viewer(ctx), &LearnerLookup::Id(id)).map(Learner);
        found.ok_or_else(Refusal::internal)
    };
    Ok(Some(match answered(done, |id| find(id).map(success))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => LearnerConflict { current: find(id)? }.into(),
    }))
}
