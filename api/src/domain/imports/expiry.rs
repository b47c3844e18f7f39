//! Imports that nobody commits and nobody discards. After a month what they were to do says
//! little of what they would do by then, and their rows are in the way: they read as expired
//! from that moment on, and the next import that anybody starts takes their rows away, under
//! its own row of the audit. That there was such an import is still known.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    import_row,
    import_run::{self, Column, State},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::save;
use crate::domain::{error::Failure, turn::Turn};

/// How long a preview waits for somebody, from when its file was last read in.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// The states that nothing was recorded in, and that somebody may still come back to.
const WAITING: [State; 3] = [State::Reading, State::Previewed, State::Failed];

/// As many imports as one command takes the rows of: a file may have a million of them.
const AT_ONCE: u64 = 10;

/// Whether an import waits no longer, and its rows are gone or about to go.
pub(super) fn has_expired(run: &import_run::Model, now: DateTime<Utc>) -> bool {
    run.state == State::Expired || WAITING.contains(&run.state) && run.progressed_at + KEPT < now
}

/// Takes away the rows of imports that have expired, the oldest first.
pub(super) async fn expire(turn: &Turn) -> Result<(), Failure> {
    let connection = turn.connection();
    let expired = import_run::Entity::find()
        .filter(Column::State.is_in(WAITING))
        .filter(Column::ProgressedAt.lt(turn.at() - KEPT))
        .order_by_asc(Column::Id)
        .limit(AT_ONCE)
        .all(connection)
        .await?;
    if !expired.is_empty() {
        turn.take_time().await?;
    }
    for mut run in expired {
        import_row::Entity::delete_many()
            .filter(import_row::Column::ImportId.eq(run.id))
            .exec(connection)
            .await?;
        run.state = State::Expired;
        save(connection, run).await?;
    }
    Ok(())
}
