//! Imports of figures: what a file would do is stored row by row before anything is done,
//! so that people can look at it; then it is committed, and can be undone.
//!
//! Nothing of a preview is a figure: it is written batch by batch, each in a transaction
//! of its own, while others write. A commit judges every row again by what is recorded
//! by then, and writes in one turn what still holds; what changed meanwhile becomes a
//! conflict and is left to people. Reading files is deliberately absent: see
//! [`crate::import::figures`].

pub mod claim;
pub mod commit;
pub mod discard;
pub mod expiry;
mod judge;
mod opening;
pub mod preview;
pub mod read;
mod returning;
mod rows;
pub mod undo;

use entity::import_run::{self, State};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    directory::Directory,
    error::{Declined, Failure, ProblemCode, invalid},
    viewer::Viewer,
};
use crate::auth::policy::Permit;

/// The import, if the permit reaches it, it is as the caller read it, and it is in that
/// state.
async fn in_state(
    viewer: &Viewer,
    permit: &Permit,
    connection: &impl ConnectionTrait,
    directory: &Directory,
    (id, expected_version, wanted): (i64, i32, &[State]),
) -> Result<import_run::Model, Declined> {
    let run = import_run::Entity::find_by_id(id).one(connection).await?;
    let mut run = run.ok_or(Failure::NotFound)?;
    let reached = directory
        .find(run.organisation_id)
        .is_some_and(|whose| directory.covers(&permit.reach(), whose, viewer.today()));
    if !reached {
        return Err(Failure::NotFound.into());
    }
    if run.version != expected_version {
        return Err(Declined::VersionConflict(id));
    }
    if expiry::has_expired(&run, viewer.now()) {
        run.state = State::Expired;
    }
    if !wanted.contains(&run.state) {
        let sentence = match run.state {
            State::Reading => "its file is still being read: wait until it is previewed",
            State::Previewed => "it was not committed yet",
            State::Committed => "it is committed: undo it, if it should not be",
            State::Undone => "it was undone: start it again",
            State::Failed => "its file was refused whole: start it again with a better one",
            State::Discarded => "it was discarded: start it again",
            State::Expired => "nobody committed it for 30 days: start it again",
        };
        return invalid("input.id", ProblemCode::Contradiction, sentence);
    }
    Ok(run)
}

/// Writes an import's row as it now is, one version on.
async fn save(
    connection: &impl ConnectionTrait,
    mut run: import_run::Model,
) -> Result<(), Failure> {
    use import_run::Column;
    let read = run.version;
    run.version += 1;
    let active = sea_orm::IntoActiveModel::into_active_model(run.clone());
    let done = import_run::Entity::update_many()
        .set(sea_orm::ActiveModelTrait::reset_all(active))
        .filter(Column::Id.eq(run.id))
        .filter(Column::Version.eq(read))
        .exec(connection)
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(sea_orm::DbErr::RecordNotUpdated.into()) }
}
