//! Finding machine clients: all for the programme team, a hub's own for its team, a client
//! itself alone.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use entity::api_client_use;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{ApiClient, covers};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        page::{self, By, Direction, Key, Page, PageRequest},
        viewer::Viewer,
    },
};

/// The client of that id, if the viewer may see it.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<ApiClient>> {
    let reach = viewer.reach(Action::ReadApiClients);
    let clients = viewer.store().api_clients();
    clients.by_id(id).filter(|client| covers(viewer, &reach, client)).cloned()
}

/// The client of that code, if the viewer may see it.
pub fn find_code(viewer: &Viewer, code: &str) -> Result<Option<Arc<ApiClient>>, Failure> {
    viewer.permit(Action::ReadApiClients)?;
    let found = viewer.store().api_clients().find(code).map(|client| client.row.id);
    Ok(found.and_then(|id| find(viewer, id)))
}

/// One page of the clients that the viewer may see, by their codes.
pub fn list(viewer: &Viewer, request: &PageRequest) -> Result<Page<Arc<ApiClient>>, Failure> {
    viewer.permit(Action::ReadApiClients)?;
    let window = request.window()?;
    let keyed = seen(viewer).into_iter().map(|client| {
        (Key { by: By::Text(client.row.code.clone().into()), id: client.row.id }, client)
    });
    Ok(page::page(keyed, Direction::Ascending, &window))
}

/// How many the viewer may see.
pub fn count(viewer: &Viewer) -> usize {
    seen(viewer).len()
}

fn seen(viewer: &Viewer) -> Vec<Arc<ApiClient>> {
    let reach = viewer.reach(Action::ReadApiClients);
    let clients = viewer.store().api_clients();
    let within = |client: &&Arc<ApiClient>| covers(viewer, &reach, client);
    clients.by_code.values().filter(within).cloned().collect()
}

/// When each of some clients was last there, to the minute.
pub async fn last_used(
    viewer: &Viewer,
    clients: &[Arc<ApiClient>],
) -> Result<HashMap<i64, DateTime<Utc>>, Failure> {
    let reach = viewer.reach(Action::ReadApiClients);
    let seen = clients.iter().filter(|client| covers(viewer, &reach, client));
    let seen = seen.map(|client| client.row.id);
    let rows = api_client_use::Entity::find()
        .filter(api_client_use::Column::ClientId.is_in(seen))
        .all(&viewer.store().reader)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.client_id, row.last_used_at?))).collect())
}
