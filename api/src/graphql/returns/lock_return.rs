//! `lockReturn`: locks an approved return.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Return,
    outcomes::{ReturnConflict, changing},
};
use crate::{
    auth::action::Action,
    domain::returns::{decide, submit::ReturnRead},
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which return, as you read it.
#[derive(InputObject)]
pub struct LockReturnInput {
    /// The return.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `lockReturn`.
#[derive(Union)]
pub enum LockReturnPayload {
    ReturnLocked(ReturnLocked),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The figures change by restatements alone.
#[derive(SimpleObject)]
pub struct ReturnLocked {
    /// The return.
    #[graphql(name = "return")]
    returned: Return,
}

#[derive(Default)]
pub struct LockReturnMutation;

#[Object]
impl LockReturnMutation {
    /// Locks an approved return.
    #[graphql(directive = access::apply(Action::LockReturn.into()))]
    async fn lock_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return.")] input: LockReturnInput,
    ) -> Result<Option<LockReturnPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::LockReturn)?;
        let read = ReturnRead {
            id: ids::read_return(&input.id)?,
            expected_version: input.expected_version,
        };
        let done = decide::lock(viewer, permit, read).await;
        changing(ctx, done, |it| ReturnLocked { returned: Return(it) }.into()).await
    }
}
