//! Discarding an import that nobody will commit: its rows go, and the row that tells of
//! it stays.

use entity::{import_row, import_run::State};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{in_state, save};
use crate::{
    auth::policy::Permit,
    domain::{error::Declined, turn::Turn, viewer::Viewer},
};

pub async fn discard(
    viewer: &Viewer,
    permit: Permit,
    id: i64,
    expected_version: i32,
) -> Result<i64, Declined> {
    viewer
        .uninterrupted(move |viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            turn.take_time().await?;
            let asked = (id, expected_version, &[State::Previewed, State::Failed][..]);
            let directory = turn.directory().clone();
            let found =
                in_state(&viewer, turn.permit(), turn.connection(), &directory, asked).await;
            let mut run = found.inspect_err(|_| turn.see_before())?;
            import_row::Entity::delete_many()
                .filter(import_row::Column::ImportId.eq(id))
                .exec(turn.connection())
                .await?;
            run.state = State::Discarded;
            let whose = run.organisation_id;
            save(turn.connection(), run).await?;
            turn.commit(Some(whose), id).await?;
            Ok(id)
        })
        .await
}
