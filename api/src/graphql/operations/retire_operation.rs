//! `retireOperation`: a document that nobody can ask for any more.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::object::RegisteredOperation;
use crate::{
    auth::action::Action,
    domain::{
        error::Declined,
        operations::{list, retire},
    },
    graphql::{
        access::access,
        error::Result,
        ids,
        organisations::seen::viewer,
        outcomes::{InvalidInput, invalid},
        refusal::Refusal,
    },
};

/// Which operation.
#[derive(InputObject)]
pub struct RetireOperationInput {
    /// The operation.
    id: ID,
    /// The version that you read.
    expected_version: i32,
}

/// What became of `retireOperation`.
#[derive(Union)]
pub enum RetireOperationPayload {
    OperationRetired(OperationRetired),
    OperationConflict(OperationConflict),
    InvalidInput(InvalidInput),
}

/// Nobody can ask for the operation any more.
#[derive(SimpleObject)]
pub struct OperationRetired {
    /// The operation.
    operation: RegisteredOperation,
}

/// Somebody changed the operation since you read it; nothing was changed.
#[derive(SimpleObject)]
pub struct OperationConflict {
    /// The operation as it is now.
    current: RegisteredOperation,
}

#[derive(Default)]
pub struct RetireOperationMutation;

#[Object]
impl RetireOperationMutation {
    /// Retires an operation: its digest and its file are refused from here on.
    #[graphql(directive = access::apply(Action::RegisterOperations.into()))]
    async fn retire_operation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which operation.")] input: RetireOperationInput,
    ) -> Result<Option<RetireOperationPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterOperations)?;
        let command = retire::RetireOperation {
            operation: ids::read_as(&input.id, "RegisteredOperation")?,
            expected_version: input.expected_version,
        };
        match retire::retire(viewer, permit, command).await {
            Ok(row) => {
                let operation = RegisteredOperation(row.into());
                Ok(Some(OperationRetired { operation }.into()))
            }
            Err(Declined::Invalid(problems)) => Ok(Some(invalid(problems))),
            Err(Declined::VersionConflict(id)) => {
                let current = list::find(viewer, id).ok_or_else(Refusal::internal)?;
                let current = RegisteredOperation(current);
                Ok(Some(OperationConflict { current }.into()))
            }
            Err(Declined::Failed(failure)) => Err(failure.into()),
            Err(Declined::KeyReused) => Err(Refusal::internal()),
        }
    }
}
