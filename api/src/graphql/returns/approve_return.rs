//! `approveReturn`: approves a submitted return. Who submitted it cannot, nor can who owes it.

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
pub struct ApproveReturnInput {
    /// The return.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `approveReturn`.
#[derive(Union)]
pub enum ApproveReturnPayload {
    ReturnApproved(ReturnApproved),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The figures are approved.
#[derive(SimpleObject)]
pub struct ReturnApproved {
    /// The return.
    #[graphql(name = "return")]
    returned: Return,
}

#[derive(Default)]
pub struct ApproveReturnMutation;

#[Object]
impl ApproveReturnMutation {
    /// Approves a submitted return. Who submitted it cannot, nor can who owes it.
    #[graphql(directive = access::apply(Action::DecideReturn.into()))]
    async fn approve_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return.")] input: ApproveReturnInput,
    ) -> Result<Option<ApproveReturnPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DecideReturn)?;
        let read = ReturnRead {
            id: ids::read_return(&input.id)?,
            expected_version: input.expected_version,
        };
        let done = decide::approve(viewer, permit, read).await;
        changing(ctx, done, |it| ReturnApproved { returned: Return(it) }.into()).await
    }
}
