//! Noting when a client was last there: once a minute at most, whatever it sends, and
//! however many instances it sends it to.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::api_client_use;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::domain::viewer::Viewer;

const APART: TimeDelta = TimeDelta::minutes(1);

/// When this instance last wrote of each client.
#[derive(Default)]
pub(in crate::domain) struct Written(Mutex<HashMap<i64, DateTime<Utc>>>);

impl Written {
    fn is_due(&self, client: i64, now: DateTime<Utc>) -> bool {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if written.get(&client).is_some_and(|last| now - *last < APART) {
            return false;
        }
        written.insert(client, now);
        true
    }
}

/// Writes beside the request, which does not wait for it.
pub(super) fn note(viewer: &Viewer, client: i64) {
    let (store, now) = (viewer.store().clone(), viewer.time_outside());
    if !store.clients_used.is_due(client, now) {
        return;
    }
    tokio::spawn(async move {
        let stale = Condition::any()
            .add(api_client_use::Column::LastUsedAt.is_null())
            .add(api_client_use::Column::LastUsedAt.lte(now - APART));
        let written = api_client_use::Entity::update_many()
            .col_expr(api_client_use::Column::LastUsedAt, sea_orm::sea_query::Expr::value(now))
            .filter(api_client_use::Column::ClientId.eq(client))
            .filter(stale)
            .exec(&store.writer)
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "when a client was last there could not be written");
        }
    });
}
