//! The delivery log: what was sent to a webhook, and what came of it, for a month.

use chrono::TimeDelta;
use entity::webhook_delivery::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::list::find_all;
use crate::domain::{
    error::Failure,
    page::{Page, PageRequest, page_of},
    store::Store,
    viewer::Viewer,
};

/// How long what came of a try is kept.
const KEPT: TimeDelta = TimeDelta::days(30);

/// One page of what was sent to a webhook, the newest first.
pub async fn of(
    viewer: &Viewer,
    webhook: i64,
    request: &PageRequest,
) -> Result<Page<Model>, Failure> {
    let span = request.window()?.span();
    if find_all(viewer, &[webhook]).await?.is_empty() {
        return Ok(Page::empty());
    }
    let mut query = Entity::find().filter(Column::WebhookId.eq(webhook));
    if let Some(id) = span.after {
        query = query.filter(Column::Id.lt(id));
    }
    if let Some(id) = span.before {
        query = query.filter(Column::Id.gt(id));
    }
    query = if span.backward {
        query.order_by_asc(Column::Id)
    } else {
        query.order_by_desc(Column::Id)
    };
    let rows = query.limit(span.size as u64 + 1).all(&viewer.store().reader).await?;
    Ok(page_of(rows, &span, |row: &Model| row.id))
}

/// How much was sent to a webhook that the viewer may see.
pub async fn count(viewer: &Viewer, webhook: i64) -> Result<u64, Failure> {
    if find_all(viewer, &[webhook]).await?.is_empty() {
        return Ok(0);
    }
    let theirs = Entity::find().filter(Column::WebhookId.eq(webhook));
    Ok(theirs.count(&viewer.store().reader).await?)
}

/// Forgets what is older than a month.
pub async fn prune(store: &Store) -> Result<u64, Failure> {
    let over = Column::At.lt(store.clock().unmoved() - KEPT);
    Ok(Entity::delete_many().filter(over).exec(&store.writer).await?.rows_affected)
}
