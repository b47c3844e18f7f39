//! Removing a webhook, with its secrets and its log.

use entity::{webhook, webhook_delivery, webhook_secret};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{AsRead, opened};
use crate::{
    auth::policy::Permit,
    domain::{error::Declined, turn::Turn, viewer::Viewer},
};

/// Removes the webhook; gives the id that it had.
pub async fn remove(viewer: &Viewer, permit: Permit, read: AsRead) -> Result<i64, Declined> {
    viewer
        .uninterrupted(|viewer| async move {
            let turn = Turn::begin(&viewer, permit).await?;
            let row = opened(&turn, read).await?;
            let secrets = webhook_secret::Column::WebhookId.eq(row.id);
            let secrets = webhook_secret::Entity::delete_many().filter(secrets);
            secrets.exec(turn.connection()).await?;
            let log = webhook_delivery::Column::WebhookId.eq(row.id);
            let log = webhook_delivery::Entity::delete_many().filter(log);
            log.exec(turn.connection()).await?;
            webhook::Entity::delete_by_id(row.id).exec(turn.connection()).await?;
            turn.commit(row.organisation_id, row.id).await?;
            Ok(row.id)
        })
        .await
}
