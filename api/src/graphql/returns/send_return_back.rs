//! `sendReturnBack`: sends a submitted return back, with what to put right.

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
pub struct SendReturnBackInput {
    /// The return.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What to put right, for whoever owes it; 1 to 2,000 characters.
    reason: String,
}

/// What became of `sendReturnBack`.
#[derive(Union)]
pub enum SendReturnBackPayload {
    ReturnSentBack(ReturnSentBack),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The return is open again; its figures stay provisional until it is resubmitted.
#[derive(SimpleObject)]
pub struct ReturnSentBack {
    /// The return.
    #[graphql(name = "return")]
    returned: Return,
}

#[derive(Default)]
pub struct SendReturnBackMutation;

#[Object]
impl SendReturnBackMutation {
    /// Sends a submitted return back, with what to put right.
    #[graphql(directive = access::apply(Action::DecideReturn.into()))]
    async fn send_return_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return.")] input: SendReturnBackInput,
    ) -> Result<Option<SendReturnBackPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::DecideReturn)?;
        let read = ReturnRead {
            id: ids::read_return(&input.id)?,
            expected_version: input.expected_version,
        };
        let done = decide::send_back(viewer, permit, read, input.reason).await;
        changing(ctx, done, |it| ReturnSentBack { returned: Return(it) }.into()).await
    }
}
