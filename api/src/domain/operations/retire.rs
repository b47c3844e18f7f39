//! Retiring an operation: nobody can ask for it any more.

use entity::operation;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{commit, covers, load};
use crate::{
    auth::{action::Action, policy::Permit},
    domain::{
        error::{Declined, Failure},
        turn::Turn,
        viewer::Viewer,
    },
};

/// An operation, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct RetireOperation {
    pub operation: i64,
    pub expected_version: i32,
}

/// Retires it; gives it as it then is.
pub async fn retire(
    viewer: &Viewer,
    permit: Permit,
    command: RetireOperation,
) -> Result<operation::Model, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let operations = load(turn.connection()).await?;
            let found = operations.by_id.get(&command.operation).ok_or(Failure::NotFound)?;
            let mut row = operation::Model::clone(found);
            let seen_by_all = row.client_id.is_none();
            turn.permits(Action::ReadApiClients, |reach| {
                seen_by_all || covers(&viewer, &reach, row.client_id)
            })?;
            if !covers(&viewer, &turn.permit().reach(), row.client_id) {
                let sentence = "what everybody may ask for, the programme team retires";
                return Err(Failure::Forbidden(sentence.to_owned()).into());
            }
            if row.version != command.expected_version {
                viewer.store().publish_operations(operations.into());
                return Err(Declined::VersionConflict(row.id));
            }
            row.retired_at = Some(turn.at());
            row.version += 1;
            row.audit_id = turn.audit(None).await?;
            row.clone().into_active_model().reset_all().update(turn.connection()).await?;
            let id = row.id;
            commit(turn, id).await?;
            Ok(row)
        })
        .await
}
