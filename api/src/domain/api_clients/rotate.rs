//! Giving a machine client a new secret, while the old one is still good for a while.

use chrono::{DateTime, TimeDelta, Utc};
use entity::api_client_secret;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{
    change::write,
    commit, opened,
    register::{made, write_secret},
};
use crate::{
    auth::{policy::Permit, secret::Secret},
    domain::{
        error::{Declined, ProblemCode, invalid},
        turn::Turn,
        viewer::Viewer,
    },
};

/// How long the old secret can stay good: a week.
const LONGEST_OVERLAP: i32 = 168;

/// How long it stays good, unless it is said: a day.
pub const OVERLAP: i32 = 24;

/// A client as it was read, and how many hours its secret of now stays good.
#[derive(Debug, Clone, Copy)]
pub struct RotateSecret {
    pub client: i64,
    pub expected_version: i32,
    pub overlap_hours: i32,
}

/// What came of it.
pub struct Rotated {
    pub client: i64,
    pub secret: Secret,
    /// Until when the secret before this one is good, if there is one.
    pub previous_until: Option<DateTime<Utc>>,
}

/// Gives the client a new secret. Whatever was older than the one before it ends at once.
pub async fn rotate(
    viewer: &Viewer,
    permit: Permit,
    command: RotateSecret,
) -> Result<Rotated, Declined> {
    if !(0..=LONGEST_OVERLAP).contains(&command.overlap_hours) {
        let sentence = format!("send 0 to {LONGEST_OVERLAP} hours; 0 ends the old one at once");
        return invalid("input.overlapHours", ProblemCode::OutOfRange, sentence);
    }
    let (secret, hash) = made(viewer.store().hasher()).await?;
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let id = command.client;
            let client = opened(&turn, id, command.expected_version).await?;
            if !client.is_active() {
                return invalid("input.id", ProblemCode::Contradiction, "it is revoked, for good");
            }
            let until = viewer.time_outside() + TimeDelta::hours(command.overlap_hours.into());
            let newest = client.secrets.iter().rev().find(|secret| secret.expires_at.is_none());
            let newest = newest.map(|secret| secret.id);
            end(&turn, id, newest, until).await?;
            write_secret(&mut turn, id, &secret, hash).await?;
            write(&mut turn, client.row.clone()).await?;
            commit(turn, id).await?;
            let previous_until = newest.map(|_| until);
            Ok(Rotated { client: id, secret, previous_until })
        })
        .await
}

/// Lets the newest secret end at a moment, and removes what is older.
async fn end(
    turn: &Turn,
    client: i64,
    newest: Option<i64>,
    until: DateTime<Utc>,
) -> Result<(), Declined> {
    let mut older = api_client_secret::Entity::delete_many()
        .filter(api_client_secret::Column::ClientId.eq(client));
    if let Some(newest) = newest {
        older = older.filter(api_client_secret::Column::Id.ne(newest));
    }
    older.exec(turn.connection()).await?;
    let Some(newest) = newest else { return Ok(()) };
    let found = api_client_secret::Entity::find_by_id(newest).one(turn.connection()).await?;
    if let Some(mut row) = found {
        row.expires_at = Some(until);
        row.into_active_model().reset_all().update(turn.connection()).await?;
    }
    Ok(())
}
