//! `registerOperations`: documents that can be asked for by their digest.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};

use super::{Checks, object::RegisteredOperation};
use crate::{
    auth::action::Action,
    domain::{
        error::{Declined, ProblemCode, Problems},
        idempotency::IdempotencyKey,
        operations::register,
    },
    graphql::{
        access::access,
        error::Result,
        organisations::seen::viewer,
        outcomes::{IdempotencyConflict, InvalidInput, creating, invalid},
        refusal::Refusal,
        scalars::Slug,
    },
};

/// Some operations of one owner.
#[derive(InputObject)]
pub struct RegisterOperationsInput {
    /// 1 to 100 visible ASCII characters, made for this command: sent again with the same
    /// input, it gives the same answer and does nothing twice.
    idempotency_key: ID,
    /// Whose, as that client calls itself at the token endpoint. Without it they are a
    /// client's own, or everybody's where the programme team registers them.
    client_id: Option<Slug>,
    /// The operations, at most 100 at once: all of them are registered, or none.
    operations: Vec<OperationInput>,
}

/// One operation.
#[derive(InputObject)]
pub struct OperationInput {
    /// What it is called, in lower case with hyphens: the name of its file.
    name: Slug,
    /// The document, with one operation in it.
    document: String,
}

/// What became of `registerOperations`.
#[derive(Union)]
pub enum RegisterOperationsPayload {
    OperationsRegistered(OperationsRegistered),
    InvalidInput(InvalidInput),
    IdempotencyConflict(IdempotencyConflict),
}

/// All of the operations are registered.
#[derive(SimpleObject)]
pub struct OperationsRegistered {
    /// One for each that was sent, in the same order.
    outcomes: Vec<OperationOutcome>,
}

/// What became of one operation.
#[derive(SimpleObject)]
pub struct OperationOutcome {
    /// The operation.
    operation: RegisteredOperation,
    /// Whether it is new; false where it was registered before.
    created: bool,
}

#[derive(Default)]
pub struct RegisterOperationsMutation;

/// As many as can come at once.
const MOST: usize = 100;

#[Object]
impl RegisterOperationsMutation {
    /// Registers operations. A document is known by its digest: sent again, it changes
    /// nothing. A client registers its own, unless it is held to what is registered; the
    /// programme team anybody's.
    #[graphql(directive = access::apply(Action::RegisterOperations.into()))]
    async fn register_operations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and which.")] input: RegisterOperationsInput,
    ) -> Result<Option<RegisterOperationsPayload>> {
        let viewer = viewer(ctx);
        let permit = viewer.permit(Action::RegisterOperations)?;
        if let Err(problems) = check(ctx, &input.operations).await? {
            return Ok(Some(invalid(problems)));
        }
        let key = input.idempotency_key.to_string();
        let new =
            |it: OperationInput| register::NewOperation { name: it.name.0, document: it.document };
        let command = register::RegisterOperations {
            client: input.client_id.map(|code| code.0),
            operations: input.operations.into_iter().map(new).collect(),
        };
        let done = match IdempotencyKey::new(&key, "registerOperations", &format!("{command:?}")) {
            Ok(key) => register::register(viewer, permit, key, command).await,
            Err(declined) => Err(declined),
        };
        creating(done, |registered| {
            let outcome = |it: register::Registered| OperationOutcome {
                operation: RegisteredOperation(it.row.into()),
                created: it.created,
            };
            let outcomes = registered.into_iter().map(outcome).collect();
            Some(OperationsRegistered { outcomes }.into())
        })
    }
}

/// Whether the schema has all that the documents ask for; every one that is wrong is named.
async fn check(
    ctx: &Context<'_>,
    operations: &[OperationInput],
) -> Result<std::result::Result<(), Vec<crate::domain::error::Problem>>> {
    let Checks(engine) = ctx.data_opt::<Checks>().ok_or_else(Refusal::internal)?;
    let mut problems = Problems::default();
    if operations.len() > MOST {
        let sentence = format!("send at most {MOST} at once");
        problems.add("input.operations", ProblemCode::OutOfRange, sentence);
    }
    for (index, operation) in operations.iter().take(MOST).enumerate() {
        if let Err(refusal) = engine.check(&operation.document).await {
            let path = format!("input.operations[{index}].document");
            let place = refusal.place.map(|place| format!("line {}: ", place.line));
            let sentence = format!("{}{}", place.unwrap_or_default(), refusal.message);
            problems.add(path, ProblemCode::Malformed, sentence);
        }
    }
    match problems.check() {
        Ok(()) => Ok(Ok(())),
        Err(Declined::Invalid(problems)) => Ok(Err(problems)),
        Err(_) => Err(Refusal::internal()),
    }
}
