//! Publishing a draft: from then on figures are recorded under it, and it never changes.

use entity::{
    change::ChangeType,
    metric_version::{Column, Entity, State},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{check, say};
use crate::{
    auth::policy::Permit,
    domain::{
        error::{Declined, Failure, ProblemCode, Problems, invalid},
        turn::Turn,
        viewer::Viewer,
    },
};

/// The draft of that id, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct PublishMetricVersion {
    pub id: i64,
    pub expected_version: i32,
}

/// Publishes the draft; gives its id.
pub async fn publish(
    viewer: &Viewer,
    permit: Permit,
    command: PublishMetricVersion,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let draft = turn.catalogue().find(command.id).cloned().ok_or(Failure::NotFound)?;
            if draft.row.row_version != command.expected_version {
                turn.see_before();
                return Err(Declined::VersionConflict(command.id));
            }
            if draft.is_published() {
                return invalid("input.id", ProblemCode::Unchanged, "it is published already");
            }
            let mut problems = Problems::default();
            check(&draft.row, &mut problems);
            problems.check()?;
            Entity::update_many()
                .col_expr(
                    Column::State,
                    Expr::val(sea_orm::ActiveEnum::to_value(&State::Published)),
                )
                .col_expr(Column::RowVersion, Expr::val(draft.row.row_version + 1))
                .filter(Column::Id.eq(command.id))
                .exec(turn.connection())
                .await?;
            let name = format!("{} {}", draft.row.code, draft.version());
            let from = draft.row.effective_from;
            say(&mut turn, ChangeType::MetricPublished, from, None, name);
            turn.commit(None, command.id).await?;
            Ok(command.id)
        })
        .await
}
