//! Spending assertions: each is good once, on whichever instance it comes first.

use chrono::{DateTime, Utc};
use entity::client_assertion::{Column, Entity, Model};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, SqlErr};
use sha2::{Digest, Sha256};

use crate::domain::{error::Failure, viewer::Viewer};

/// Whether the assertion was good until now, and is no more. Only what was signed by the
/// client comes this far, so nobody else can fill the table.
pub async fn spend(
    viewer: &Viewer,
    client_id: i64,
    jti: &str,
    expires_at: DateTime<Utc>,
) -> Result<bool, Failure> {
    let digest = Sha256::digest(jti.as_bytes());
    let jti_digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let row = Model { client_id, jti_digest, expires_at };
    viewer
        .uninterrupted(|viewer| async move {
            let store = viewer.store();
            let row = row.into_active_model().reset_all();
            match Entity::insert(row).exec_without_returning(&store.writer).await {
                Ok(_) => {}
                Err(error)
                    if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) =>
                {
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
            let over = Entity::delete_many().filter(Column::ExpiresAt.lt(viewer.time_outside()));
            over.exec(&store.writer).await?;
            Ok(true)
        })
        .await
}
