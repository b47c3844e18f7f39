//! Writing what was counted: added to what other instances wrote of the same.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{field_use, unregistered_document};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use super::{Counted, MOST_UNREGISTERED, Sent};
use crate::domain::store::Store;

/// As many rows as are written by one statement.
const AT_ONCE: usize = 1_000;

/// Writes everything that was counted until now.
pub(super) async fn flush(store: &Store) -> Result<(), DbErr> {
    let Counted { uses, unregistered } = std::mem::take(&mut *store.usage.counted());
    // Always in one order, so that instances that write at once wait and do not lock.
    let mut rows: BTreeMap<(String, String, NaiveDate), i64> = BTreeMap::new();
    for ((caller, day, _), (coordinates, requests)) in uses {
        for coordinate in coordinates.iter() {
            *rows.entry((caller.clone(), coordinate.clone(), day)).or_default() += requests;
        }
    }
    let model = |((caller, coordinate, day), requests)| {
        field_use::Model { caller, coordinate, day, requests }.into_active_model().reset_all()
    };
    let rows: Vec<_> = rows.into_iter().map(model).collect();
    use field_use::Column::{Caller, Coordinate, Day, Requests};
    for some in rows.chunks(AT_ONCE) {
        let added = (field_use::Entity, Requests);
        let added = Expr::col(added).add(Expr::cust("excluded.requests"));
        let again =
            OnConflict::columns([Caller, Coordinate, Day]).value(Requests, added).to_owned();
        let insert = field_use::Entity::insert_many(some.to_vec()).on_conflict(again);
        insert.exec_without_returning(&store.writer).await?;
    }
    for (client_id, documents) in unregistered {
        for (sha256, sent) in documents {
            write_unregistered(store, client_id, sha256, sent).await?;
        }
        keep_the_latest(store, client_id).await?;
    }
    Ok(())
}

async fn write_unregistered(
    store: &Store,
    client_id: i64,
    sha256: String,
    sent: Sent,
) -> Result<(), DbErr> {
    use unregistered_document::Column::{ClientId, LastSentAt, Requests, Sha256};
    let Sent { document, last, requests } = sent;
    let row = unregistered_document::Model {
        client_id,
        sha256,
        document,
        first_sent_at: last,
        last_sent_at: last,
        requests,
    };
    let added = Expr::col((unregistered_document::Entity, Requests)).add(requests);
    let again = OnConflict::columns([ClientId, Sha256])
        .value(LastSentAt, last)
        .value(Requests, added)
        .to_owned();
    let row = row.into_active_model().reset_all();
    let insert = unregistered_document::Entity::insert(row).on_conflict(again);
    insert.exec_without_returning(&store.writer).await?;
    Ok(())
}

/// Forgets all unregistered documents of a client but those that it sent last.
async fn keep_the_latest(store: &Store, client_id: i64) -> Result<(), DbErr> {
    use unregistered_document::Column::{ClientId, LastSentAt, Sha256};
    let of_client = unregistered_document::Entity::find().filter(ClientId.eq(client_id));
    let kept = of_client
        .select_only()
        .column(Sha256)
        .order_by_desc(LastSentAt)
        .order_by_asc(Sha256)
        .limit(MOST_UNREGISTERED as u64)
        .into_query();
    let others = Sha256.in_subquery(kept).not();
    let others =
        unregistered_document::Entity::delete_many().filter(ClientId.eq(client_id)).filter(others);
    others.exec(&store.writer).await?;
    Ok(())
}

/// Forgets what was used before a day.
pub(super) async fn forget(store: &Store, before: NaiveDate) -> Result<(), DbErr> {
    let old = field_use::Entity::delete_many().filter(field_use::Column::Day.lt(before));
    old.exec(&store.writer).await?;
    let before = before.and_time(chrono::NaiveTime::MIN).and_utc();
    let old = unregistered_document::Column::LastSentAt.lt(before);
    unregistered_document::Entity::delete_many().filter(old).exec(&store.writer).await?;
    Ok(())
}
