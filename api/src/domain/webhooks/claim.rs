//! Taking webhooks to deliver to, so that of several instances one at a time does, for so
//! long; whoever goes away meanwhile leaves them to the others when that has passed.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::webhook::{Column, Entity, Model, Status};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};

use crate::domain::{error::Failure, store::Store};

/// How long a webhook is one instance's own. Whoever takes it sends nothing more after
/// half of that.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A webhook that is the caller's own for a while.
#[derive(Debug, Clone)]
pub struct Claim {
    pub webhook: Model,
    pub(super) by: String,
}

/// Takes up to so many webhooks that there is something to send to, those first that have
/// waited longest.
pub async fn claim(store: &Arc<Store>, most: u64) -> Result<Vec<Claim>, Failure> {
    let (now, position) = (store.clock().unmoved(), store.position());
    if due(now, position).one(&store.reader).await?.is_none() {
        return Ok(Vec::new());
    }
    let ours = store.clone();
    let taken = async move {
        let transaction = begin(&ours).await?;
        let found = due(now, position)
            .order_by_asc(Column::NextAttemptAt)
            .order_by_asc(Column::Id)
            .limit(most)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&transaction)
            .await?;
        let by = uuid::Uuid::now_v7().to_string();
        Entity::update_many()
            .col_expr(Column::ClaimedBy, Expr::value(by.clone()))
            .col_expr(Column::ClaimedUntil, Expr::value(now + LEASE))
            .filter(Column::Id.is_in(found.iter().map(|row| row.id)))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(found.into_iter().map(|webhook| Claim { webhook, by: by.clone() }).collect())
    };
    Store::uninterrupted(taken).await
}

/// The webhooks that nobody delivers to, and that there may be something to send to.
fn due(now: DateTime<Utc>, position: i64) -> Select<Entity> {
    let free =
        Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now));
    let behind = Condition::all()
        .add(Column::Status.eq(Status::Active))
        .add(Column::NextAttemptAt.lte(now))
        .add(Expr::col(Column::Cursor).lt(position));
    let wanted = Condition::any().add(behind).add(Column::WantsTest.eq(true));
    Entity::find().filter(free).filter(wanted)
}

/// A transaction to write in.
pub(super) async fn begin(store: &Store) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    store.writer.begin_with_options(options).await
}
