//! Giving a webhook a new secret, while it is signed with the old one too for a while.

use chrono::{DateTime, TimeDelta, Utc};
use entity::webhook_secret::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    AsRead, opened,
    secret::{self, SigningSecret},
    write,
};
use crate::{
    auth::policy::Permit,
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

/// A webhook as it was read, and how many hours its secret of now stays good.
#[derive(Debug, Clone, Copy)]
pub struct RotateSecret {
    pub read: AsRead,
    pub overlap_hours: i32,
}

/// What came of it.
pub struct Rotated {
    pub webhook: entity::webhook::Model,
    pub secret: SigningSecret,
    /// Until when messages bear a signature of the secret before this one, too.
    pub previous_until: DateTime<Utc>,
}

/// Gives the webhook a new secret. Whatever was older than the one before it ends at once.
pub async fn rotate(
    viewer: &Viewer,
    permit: Permit,
    command: RotateSecret,
) -> Result<Rotated, Declined> {
    if !(0..=LONGEST_OVERLAP).contains(&command.overlap_hours) {
        let sentence = format!("send 0 to {LONGEST_OVERLAP} hours; 0 ends the old one at once");
        return invalid("input.overlapHours", ProblemCode::OutOfRange, sentence);
    }
    let secret = SigningSecret::make()?;
    viewer
        .uninterrupted(|viewer| async move {
            let mut turn = Turn::begin(&viewer, permit).await?;
            let row = opened(&turn, command.read).await?;
            let previous_until =
                turn.viewer().time_outside() + TimeDelta::hours(command.overlap_hours.into());
            end(&turn, row.id, previous_until).await?;
            secret::keep(&mut turn, row.id, &secret).await?;
            let webhook = write(turn, row).await?;
            Ok(Rotated { webhook, secret, previous_until })
        })
        .await
}

/// Lets the newest secret end at a moment, and removes what is older.
async fn end(turn: &Turn, webhook: i64, until: DateTime<Utc>) -> Result<(), Declined> {
    let theirs = Column::WebhookId.eq(webhook);
    let older =
        Entity::delete_many().filter(theirs.clone()).filter(Column::ExpiresAt.is_not_null());
    older.exec(turn.connection()).await?;
    let newest = Entity::update_many().col_expr(Column::ExpiresAt, Expr::value(until));
    newest.filter(theirs).exec(turn.connection()).await?;
    Ok(())
}
