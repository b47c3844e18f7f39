//! Who uses which field of the schema, by day, and which clients send what is not
//! registered: so that a field goes only when nobody needs it any more.
//!
//! Counted in memory beside the request, which waits for nothing, and written every few
//! seconds. A machine client is counted by itself, people together with all who sign in by
//! the same issuer, and the public as one. What is counted within the last seconds of an
//! instance that is killed is lost.

mod write;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{field_use, unregistered_document};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{error::Failure, operations::digest, store::Store, viewer::Viewer};
use crate::auth::{action::Action, actor::Actor};

/// Fields and arguments that one operation uses, worked out once for all of its requests.
pub type Coordinates = Arc<[String]>;

/// How long it is remembered who used what.
const KEPT: Days = Days::new(400);
/// As much of a document as is kept.
const LONGEST: usize = 20_000;
/// As many documents of one client are kept, and are listed: those that it sent last; of
/// what it sends within seconds, the first.
const MOST_UNREGISTERED: usize = 100;

/// What was counted and is not yet written.
#[derive(Default)]
pub(super) struct Pending(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    /// By caller, day, and the operation's coordinates by where they lie.
    uses: HashMap<(String, NaiveDate, usize), (Coordinates, i64)>,
    /// By client and digest.
    unregistered: HashMap<i64, HashMap<String, Sent>>,
}

struct Sent {
    document: String,
    last: DateTime<Utc>,
    requests: i64,
}

impl Pending {
    fn counted(&self) -> std::sync::MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a request.
pub fn note(viewer: &Viewer, coordinates: &Coordinates) {
    let place = coordinates.as_ptr().addr();
    let key = (caller(viewer.actor()), viewer.today(), place);
    let mut counted = viewer.store().usage.counted();
    counted.uses.entry(key).or_insert_with(|| (coordinates.clone(), 0)).1 += 1;
}

/// Counts a document that a client sent and nobody registered; so many at once, lest a
/// client whose every document is another fill the memory.
pub fn note_unregistered(viewer: &Viewer, client: i64, document: &str) {
    let end = document.floor_char_boundary(LONGEST);
    let (key, last) = (digest(document), viewer.now());
    let mut counted = viewer.store().usage.counted();
    let all = counted.unregistered.entry(client).or_default();
    if all.len() >= MOST_UNREGISTERED && !all.contains_key(&key) {
        return;
    }
    let fresh = || Sent { document: document[..end].to_owned(), last, requests: 0 };
    let sent = all.entry(key).or_insert_with(fresh);
    (sent.last, sent.requests) = (last, sent.requests + 1);
}

/// Whose use it is.
fn caller(actor: &Actor) -> String {
    match actor {
        Actor::Public => "public".to_owned(),
        Actor::Holder(holder) => match &holder.client {
            Some(client) => of_client(client.id),
            None => format!("issuer:{}", holder.issuer),
        },
    }
}

fn of_client(client: i64) -> String {
    format!("client:{client}")
}

/// How often something was used, and when last.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Used {
    /// What was used, or who used it.
    pub what: String,
    pub requests: i64,
    pub last_on: NaiveDate,
}

/// What the viewer's own client has used since a day.
pub async fn mine(viewer: &Viewer, since: Option<NaiveDate>) -> Result<Vec<Used>, Failure> {
    of_caller(viewer, caller(viewer.actor()), since).await
}

/// What a client has used since a day.
pub async fn by_client(
    viewer: &Viewer,
    client: i64,
    since: Option<NaiveDate>,
) -> Result<Vec<Used>, Failure> {
    let found = super::api_clients::list::find(viewer, client);
    found.ok_or(Failure::NotFound)?;
    of_caller(viewer, of_client(client), since).await
}

async fn of_caller(
    viewer: &Viewer,
    caller: String,
    since: Option<NaiveDate>,
) -> Result<Vec<Used>, Failure> {
    let narrow = field_use::Column::Caller.eq(caller);
    Ok(used(viewer, field_use::Column::Coordinate, narrow, since).await?)
}

/// Who has used a field or an argument since a day: clients by `client:` and what they call
/// themselves, people by `issuer:` and its name, everybody else as `public`.
pub async fn of_field(
    viewer: &Viewer,
    coordinate: &str,
    since: Option<NaiveDate>,
) -> Result<Vec<Used>, Failure> {
    viewer.permit(Action::ReadUsage)?;
    let narrow = field_use::Column::Coordinate.eq(coordinate);
    let mut found = used(viewer, field_use::Column::Caller, narrow, since).await?;
    let clients = viewer.store().api_clients();
    for used in &mut found {
        let id = used.what.strip_prefix("client:").and_then(|id| id.parse().ok());
        if let Some(client) = id.and_then(|id| clients.by_id(id)) {
            used.what = format!("client:{}", client.row.code);
        }
    }
    Ok(found)
}

async fn used(
    viewer: &Viewer,
    what: field_use::Column,
    narrow: sea_orm::sea_query::SimpleExpr,
    since: Option<NaiveDate>,
) -> Result<Vec<Used>, DbErr> {
    write::flush(viewer.store()).await?;
    field_use::Entity::find()
        .select_only()
        .column_as(what, "what")
        .column_as(field_use::Column::Requests.sum().cast_as("bigint"), "requests")
        .column_as(field_use::Column::Day.max(), "last_on")
        .filter(narrow)
        .filter(Condition::all().add_option(since.map(|day| field_use::Column::Day.gte(day))))
        .group_by(what)
        .order_by_asc(what)
        .into_model()
        .all(&viewer.store().reader)
        .await
}

/// What a client sent that is not registered, the latest first.
pub async fn unregistered(
    viewer: &Viewer,
    client: i64,
) -> Result<Vec<unregistered_document::Model>, Failure> {
    let found = super::api_clients::list::find(viewer, client);
    found.ok_or(Failure::NotFound)?;
    write::flush(viewer.store()).await?;
    let rows = unregistered_document::Entity::find()
        .filter(unregistered_document::Column::ClientId.eq(client))
        .order_by_desc(unregistered_document::Column::LastSentAt)
        .order_by_asc(unregistered_document::Column::Sha256)
        .limit(MOST_UNREGISTERED as u64);
    Ok(rows.all(&viewer.store().reader).await?)
}

impl Store {
    /// Writes for ever what was counted of requests.
    pub async fn keep_usage(self: Arc<Self>, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.write_usage().await {
                tracing::warn!(%error, "who used what could not be written");
            }
        }
    }

    /// Writes what was counted, and forgets what is old.
    pub(super) async fn write_usage(&self) -> Result<(), DbErr> {
        write::flush(self).await?;
        write::forget(self, self.clock().today() - KEPT).await
    }
}
