//! What commands about returns can answer besides success.

use async_graphql::{Context, SimpleObject};

use super::{object::Return, rules::ValidationRule, schedule::ReturnSchedule};
use crate::{
    domain::{
        error::Declined,
        findings,
        returns::{self, find, schedule},
        validation::rules,
    },
    graphql::{
        error::Result,
        findings::Finding,
        organisations::seen::viewer,
        outcomes::{Answered, InvalidInput, answered},
    },
};

/// Somebody changed the return since you read it; nothing was changed. Read it again, and
/// send the command with its version if it still makes sense.
#[derive(SimpleObject)]
pub struct ReturnConflict {
    /// The return as it is now; null while nothing is saved of it.
    current: Option<Return>,
}

/// Something stands in the way; nothing was changed. Mend the errors, explain the
/// warnings, and send it again.
#[derive(SimpleObject)]
pub struct ReturnNotReady {
    /// The return as it is.
    #[graphql(name = "return")]
    returned: Return,
    /// Everything that is found, what stands in the way among it.
    findings: Vec<Finding>,
}

/// Somebody changed the schedule since you read it; nothing was changed.
#[derive(SimpleObject)]
pub struct ReturnScheduleConflict {
    /// The schedule as it is now.
    current: Option<ReturnSchedule>,
}

/// Somebody set the rule since you read it; nothing was changed.
#[derive(SimpleObject)]
pub struct ValidationRuleConflict {
    /// The rule as it is now; null where there is none.
    current: Option<ValidationRule>,
}

impl ReturnNotReady {
    pub fn new(it: returns::Return, findings: Vec<findings::Finding>) -> Self {
        let findings = findings.into_iter().map(Into::into).collect();
        Self { returned: Return(it), findings }
    }
}

/// The answer of a command about a return that the caller has read.
pub async fn changing<T, P>(
    ctx: &Context<'_>,
    done: Result<T, Declined>,
    success: impl FnOnce(T) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ReturnConflict>,
{
    let id = match answered(done, |done| Ok(success(done)))? {
        Answered::With(payload) => return Ok(Some(payload)),
        Answered::Conflict(id) => id,
    };
    let current = find::find_begun(viewer(ctx), id).await?.map(Return);
    Ok(Some(ReturnConflict { current }.into()))
}

/// The answer of a command about a schedule that the caller has read.
pub fn ending<P>(
    ctx: &Context<'_>,
    done: Result<i64, Declined>,
    success: impl FnOnce(i64) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ReturnScheduleConflict>,
{
    Ok(Some(match answered(done, |done| Ok(success(done)))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => {
            let current = schedule::find(viewer(ctx), id).map(ReturnSchedule);
            ReturnScheduleConflict { current }.into()
        }
    }))
}

/// The answer of a command about a rule that the caller has read.
pub fn setting<T, P>(
    ctx: &Context<'_>,
    done: Result<T, Declined>,
    success: impl FnOnce(T) -> P,
) -> Result<Option<P>>
where
    P: From<InvalidInput> + From<ValidationRuleConflict>,
{
    Ok(Some(match answered(done, |done| Ok(success(done)))? {
        Answered::With(payload) => payload,
        Answered::Conflict(id) => {
            let current = rules::find(viewer(ctx), id).map(ValidationRule);
            ValidationRuleConflict { current }.into()
        }
    }))
}
