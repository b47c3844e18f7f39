//! `submitReturn`: the figures of a draft become provisional observations.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    object::Return,
    outcomes::{ReturnConflict, ReturnNotReady, changing},
};
use crate::{
    auth::action::Action,
    domain::returns::submit::{self, Outcome, ReturnRead},
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which return, as you read it.
#[derive(InputObject)]
pub struct SubmitReturnInput {
    /// The return.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `submitReturn`.
#[derive(Union)]
pub enum SubmitReturnPayload {
    ReturnSubmitted(ReturnSubmitted),
    ReturnNotReady(ReturnNotReady),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The figures are in, and provisional until somebody else approves them.
#[derive(SimpleObject)]
pub struct ReturnSubmitted {
    /// The return.
    #[graphql(name = "return")]
    returned: Return,
}

#[derive(Default)]
pub struct SubmitReturnMutation;

#[Object]
impl SubmitReturnMutation {
    /// Submits a draft: errors hold it up, and warnings until they are explained.
    #[graphql(directive = access::apply(Action::SubmitReturn.into()))]
    async fn submit_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return.")] input: SubmitReturnInput,
    ) -> Result<Option<SubmitReturnPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::SubmitReturn)?;
        let read = ReturnRead {
            id: ids::read_return(&input.id)?,
            expected_version: input.expected_version,
        };
        let done = submit::submit(viewer, permit, read).await;
        changing(ctx, done, |outcome| match outcome {
            Outcome::Done(it) => ReturnSubmitted { returned: Return(it) }.into(),
            Outcome::NotReady(it, findings) => ReturnNotReady::new(it, findings).into(),
        })
        .await
    }
}
