//! The faults that callers of a sandbox ask for, where requests meet them: after the caller
//! is known and the request is found to be sound, and before it is run.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CONTENT_TYPE},
};
use async_graphql::parser::types::{DocumentOperations, OperationDefinition, Selection};
use entity::sandbox_fault::FaultKind;

use super::{fault::Fault, negotiate::Media};
use crate::{
    domain::{sandbox, viewer::Viewer},
    graphql::{
        engine::Call,
        limits::Admitted,
        refusal::{Code, Refusal},
        sandbox::CONTROLS,
    },
};

/// What becomes of the answer of a request that may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    Nothing,
    /// It is lost on its way.
    Loss,
}

impl Met {
    /// The answer as it arrives. A gateway that lost it knows nothing of GraphQL.
    pub(super) fn answer(self, answer: HttpResponse) -> HttpResponse {
        match self {
            Self::Nothing => answer,
            Self::Loss => HttpResponse::build(StatusCode::BAD_GATEWAY)
                .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
                .body("The answer was lost.\n"),
        }
    }
}

/// Lets a request meet what its caller asked for, if anything.
pub(super) async fn meet(
    viewer: &Viewer,
    call: &Call,
    admitted: &Admitted,
    media: Media,
) -> Result<Met, Fault> {
    let operations = &admitted.document.operations;
    let Some((name, operation)) = chosen(operations, call.operation_name.as_deref()) else {
        return Ok(Met::Nothing);
    };
    if controls(operation) {
        return Ok(Met::Nothing);
    }
    let met = sandbox::faults::meet(viewer, name).await;
    let met = met.map_err(|failure| Fault::refused(failure.into(), media))?;
    let Some(fault) = met else { return Ok(Met::Nothing) };
    let refused = |code, message| Err(Fault::of(Refusal::new(code, message)));
    match fault.kind {
        FaultKind::Unavailable => Err(Fault::unavailable()),
        FaultKind::RateLimited => {
            refused(Code::RateLimited, "You send too many requests: wait, and try again.")
        }
        FaultKind::Timeout => refused(Code::Timeout, "The request was cut off."),
        FaultKind::Internal => Err(Fault::of(Refusal::internal())),
        FaultKind::Slow => {
            let milliseconds = fault.milliseconds.and_then(|time| u64::try_from(time).ok());
            tokio::time::sleep(Duration::from_millis(milliseconds.unwrap_or(0))).await;
            Ok(Met::Nothing)
        }
        FaultKind::AnswerLost => Ok(Met::Loss),
    }
}

/// The operation that will run, with its name if it has one.
fn chosen<'a>(
    operations: &'a DocumentOperations,
    named: Option<&str>,
) -> Option<(Option<&'a str>, &'a OperationDefinition)> {
    match operations {
        DocumentOperations::Single(operation) => Some((None, &operation.node)),
        DocumentOperations::Multiple(operations) => {
            let mut all = operations.iter();
            let found = all.find(|(name, _)| named.is_none_or(|named| named == name.as_str()));
            found.map(|(name, operation)| (Some(name.as_str()), &operation.node))
        }
    }
}

/// Whether an operation does nothing but control the sandbox.
fn controls(operation: &OperationDefinition) -> bool {
    let selections = &operation.selection_set.node.items;
    selections.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            CONTROLS.contains(&name) || name == "__typename"
        }
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
    })
}
