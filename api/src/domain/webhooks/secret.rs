//! What webhooks are signed with: made here, shown once, and read again for signing alone.

use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use entity::webhook_secret::{Column, Entity, Model};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::domain::{
    error::{Declined, Failure},
    store::Store,
    turn::{Turn, insert},
};

/// By which Standard Webhooks tells a secret.
const PREFIX: &str = "whsec_";
const BYTES: usize = 32;

/// A secret as its receiver has it. It is printed by nothing but [`SigningSecret::reveal`].
#[derive(Clone)]
pub struct SigningSecret(String);

impl SigningSecret {
    pub(super) fn make() -> Result<Self, DbErr> {
        let mut bytes = [0; BYTES];
        let broken = |_| DbErr::Custom("the machine gave no randomness".to_owned());
        rand::fill(&mut bytes).map_err(broken)?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(bytes))))
    }

    /// The secret itself: for the one answer that shows it, and for signing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// Keeps a secret as the newest of a webhook.
pub(super) async fn keep(
    turn: &mut Turn,
    webhook_id: i64,
    secret: &SigningSecret,
) -> Result<(), Declined> {
    let row = Model {
        id: turn.next_row_id(),
        webhook_id,
        secret: secret.0.clone(),
        created_at: turn.viewer().time_outside(),
        expires_at: None,
        audit_id: turn.audit(None).await?,
    };
    Ok(insert::<Entity>(turn.connection(), vec![row]).await?)
}

/// What a webhook is signed with at a moment: the newest first, and the one before it for
/// as long as it is good.
pub async fn good(
    store: &Store,
    webhook_id: i64,
    now: DateTime<Utc>,
) -> Result<Vec<SigningSecret>, Failure> {
    let lasting = Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now));
    let rows = Entity::find()
        .filter(Column::WebhookId.eq(webhook_id))
        .filter(lasting)
        .order_by_desc(Column::Id)
        .all(&store.reader)
        .await?;
    Ok(rows.into_iter().map(|row| SigningSecret(row.secret)).collect())
}
