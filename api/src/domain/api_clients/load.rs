//! Reading the clients from the database: few rows, so always all of them.

use std::collections::HashMap;

use entity::{
    api_client, api_client_grant, api_client_key, api_client_secret,
    organisation::{self, Kind},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{ApiClient, ApiClients};
use crate::auth::{actor::Scope, grants::Grants, keys::client_key};

/// A newer state, if there is one.
pub(in crate::domain) async fn refresh(
    known: &ApiClients,
    connection: &impl ConnectionTrait,
) -> Result<Option<ApiClients>, DbErr> {
    if position(connection).await? == known.position {
        return Ok(None);
    }
    load(connection).await.map(Some)
}

async fn position(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let highest = api_client::Entity::find()
        .select_only()
        .column_as(api_client::Column::AuditId.max(), "position")
        .into_tuple::<Option<i64>>()
        .one(connection)
        .await?;
    Ok(highest.flatten().unwrap_or(0))
}

pub(in crate::domain) async fn load(
    connection: &impl ConnectionTrait,
) -> Result<ApiClients, DbErr> {
    let rows = api_client::Entity::find().all(connection).await?;
    if rows.is_empty() {
        return Ok(ApiClients::default());
    }
    let position = rows.iter().map(|row| row.audit_id).max().unwrap_or(0);
    let mut keys: HashMap<i64, Vec<api_client_key::Model>> = HashMap::new();
    let by_kid = api_client_key::Entity::find().order_by_asc(api_client_key::Column::Kid);
    for key in by_kid.all(connection).await? {
        keys.entry(key.client_id).or_default().push(key);
    }
    let mut secrets: HashMap<i64, Vec<api_client_secret::Model>> = HashMap::new();
    let by_age = api_client_secret::Entity::find().order_by_asc(api_client_secret::Column::Id);
    for secret in by_age.all(connection).await? {
        secrets.entry(secret.client_id).or_default().push(secret);
    }
    let mut grants = grants(connection).await?;
    let client = |row: api_client::Model| {
        let (id, code) = (row.id, row.code.clone());
        let keys = keys.remove(&id).unwrap_or_default();
        let secrets = secrets.remove(&id).unwrap_or_default();
        (code, of(row, keys, secrets, grants.remove(&id).unwrap_or_default()).into())
    };
    Ok(ApiClients { position, by_code: rows.into_iter().map(client).collect() })
}

/// What each client is granted, for the organisations that are there.
async fn grants(
    connection: &impl ConnectionTrait,
) -> Result<HashMap<i64, Vec<(Scope, i64, Kind)>>, DbErr> {
    let rows = api_client_grant::Entity::find()
        .order_by_asc(api_client_grant::Column::OrganisationId)
        .order_by_asc(api_client_grant::Column::Scope)
        .all(connection)
        .await?;
    let named = organisation::Column::Id.is_in(rows.iter().map(|row| row.organisation_id));
    let organisations = organisation::Entity::find().filter(named).all(connection).await?;
    let kinds: HashMap<i64, Kind> = organisations.iter().map(|row| (row.id, row.kind)).collect();
    let mut grants: HashMap<i64, Vec<_>> = HashMap::new();
    for row in rows {
        let scope = Scope::named(&row.scope);
        if let (Some(scope), Some(kind)) = (scope, kinds.get(&row.organisation_id)) {
            let granted = (scope, row.organisation_id, *kind);
            grants.entry(row.client_id).or_default().push(granted);
        }
    }
    Ok(grants)
}

fn of(
    row: api_client::Model,
    keys: Vec<api_client_key::Model>,
    secrets: Vec<api_client_secret::Model>,
    granted: Vec<(Scope, i64, Kind)>,
) -> ApiClient {
    let readable = |key: &api_client_key::Model| match client_key(&key.jwk) {
        Ok(read) => Some(read),
        Err(why) => {
            tracing::error!(client = row.code, kid = key.kid, why, "a client's key is not read");
            None
        }
    };
    let verification = keys.iter().filter_map(readable).collect();
    ApiClient {
        granted: granted.iter().map(|(scope, id, _)| (*id, *scope)).collect(),
        grants: Grants::new(granted).into(),
        verification,
        row,
        keys,
        secrets,
    }
}
