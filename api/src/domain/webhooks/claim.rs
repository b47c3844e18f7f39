//! Taking webhooks to deliver to, so that of several instances one at a time does, for so
//! long; whoever goes away meanwhile leaves them to the others when that has passed.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use entity::webhook::{Column, Entity, Model, Status};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};
use tokio::time::Instant;

use crate::domain::{error::Failure, store::Store};

/// How long a webhook is one instance's own.
const LEASE: Duration = Duration::from_secs(60);

/// A webhook that is the caller's own for a while.
#[derive(Debug, Clone)]
pub struct Claim {
    pub webhook: Model,
    pub(super) by: String,
    /// Until when nobody else takes it, by a clock that nobody sets.
    pub until: Instant,
}

impl Claim {
    /// Whether the webhook is still as it was when it was taken, and the caller's own:
    /// nobody has paused, removed or changed it.
    ///
    /// # Errors
    ///
    /// Where the database does not answer.
    pub async fn holds(&self, store: &Store) -> Result<bool, Failure> {
        let found = Entity::find_by_id(self.webhook.id)
            .select_only()
            .columns([Column::Version, Column::ClaimedBy])
            .into_tuple::<(i32, Option<String>)>()
            .one(&store.reader)
            .await?;
        Ok(found.is_some_and(|(version, by)| {
            version == self.webhook.version && by.as_ref() == Some(&self.by)
        }))
    }
}

/// Whether there is any webhook to take.
///
/// # Errors
///
/// Where the database does not answer.
pub async fn is_any_due(store: &Store) -> Result<bool, Failure> {
    let (now, position) = (store.clock().unmoved(), store.position());
    Ok(due(now, position).one(&store.reader).await?.is_some())
}

/// Takes up to so many webhooks that there is something to send to, those first that have
/// waited longest.
///
/// # Errors
///
/// Where the database does not answer.
pub async fn claim(store: &Arc<Store>, most: u64) -> Result<Vec<Claim>, Failure> {
    let ours = store.clone();
    let taken = async move {
        let transaction = begin(&ours).await?;
        // Whoever had to wait for their turn to write has all of the time before them.
        let until = Instant::now() + LEASE;
        let (now, position) = (ours.clock().unmoved(), ours.position());
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
        Ok(found.into_iter().map(|webhook| Claim { webhook, by: by.clone(), until }).collect())
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
