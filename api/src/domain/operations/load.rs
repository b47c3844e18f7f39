//! Reading the operations from the database: few rows, so always all of them.

use std::sync::Arc;

use entity::operation;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::Operations;

/// A newer state, if there is one.
pub(in crate::domain) async fn refresh(
    known: &Operations,
    connection: &impl ConnectionTrait,
) -> Result<Option<Operations>, DbErr> {
    if position(connection).await? == known.position {
        return Ok(None);
    }
    load(connection).await.map(Some)
}

async fn position(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let highest = operation::Entity::find()
        .select_only()
        .column_as(operation::Column::AuditId.max(), "position")
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await?;
    Ok(highest.flatten().unwrap_or(0))
}

pub(in crate::domain) async fn load(
    connection: &impl ConnectionTrait,
) -> Result<Operations, DbErr> {
    let mut operations =
        Operations { position: position(connection).await?, ..Operations::default() };
    let rows = operation::Entity::find()
        .filter(operation::Column::RetiredAt.is_null())
        .order_by_asc(operation::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        operations.by_digest.insert((row.client_id, row.sha256.clone()), row.id);
        operations.by_name.insert((row.client_id, row.name.clone()), row.id);
        operations.by_id.insert(row.id, Arc::new(row));
    }
    Ok(operations)
}
