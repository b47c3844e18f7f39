//! `restateReturn`: figures of a locked return that were wrong, and why.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{
    input::ReturnValueInput,
    object::Return,
    outcomes::{ReturnConflict, ReturnNotReady, changing},
};
use crate::{
    auth::action::Action,
    domain::returns::{
        restate,
        submit::{Outcome, ReturnRead},
    },
    graphql::{
        access::access, error::Result, ids, organisations::seen::viewer, outcomes::InvalidInput,
    },
};

/// Which figures of a return were wrong, and what they are.
#[derive(InputObject)]
pub struct RestateReturnInput {
    /// The return.
    id: ID,
    /// The version that you read.
    expected_version: i32,
    /// What is restated; what is left out stays.
    values: Vec<ReturnValueInput>,
    /// Why, for everybody who sees the figures; 1 to 2,000 characters. It explains what
    /// looks wrong, too.
    note: String,
}

/// What became of `restateReturn`.
#[derive(Union)]
pub enum RestateReturnPayload {
    ReturnRestated(ReturnRestated),
    ReturnNotReady(ReturnNotReady),
    InvalidInput(InvalidInput),
    ReturnConflict(ReturnConflict),
}

/// The figures are restated; what was locked can still be read as it was known then.
#[derive(SimpleObject)]
pub struct ReturnRestated {
    /// The return.
    #[graphql(name = "return")]
    returned: Return,
}

#[derive(Default)]
pub struct RestateReturnMutation;

#[Object]
impl RestateReturnMutation {
    /// Restates figures of a locked return by new revisions, with a public note. Nobody
    /// restates what their own organisation owes.
    #[graphql(directive = access::apply(Action::RestateReturn.into()))]
    async fn restate_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which return, its figures, and why.")] input: RestateReturnInput,
    ) -> Result<Option<RestateReturnPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RestateReturn)?;
        let read = ReturnRead {
            id: ids::read_return(&input.id)?,
            expected_version: input.expected_version,
        };
        let done = match ReturnValueInput::read(input.values) {
            Ok(answers) => {
                let command = restate::RestateReturn { read, answers, note: input.note };
                restate::restate(viewer, permit, command).await
            }
            Err(declined) => Err(declined),
        };
        changing(ctx, done, |outcome| match outcome {
            Outcome::Done(it) => ReturnRestated { returned: Return(it) }.into(),
            Outcome::NotReady(it, findings) => ReturnNotReady::new(it, findings).into(),
        })
        .await
    }
}
