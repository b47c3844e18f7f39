//! Finding operations: whoever may ask for one may read it.

use std::sync::Arc;

use entity::operation;

use super::{covers, owners};
use crate::{
    auth::action::Action,
    domain::{
        error::Failure,
        page::{self, By, Direction, Key, Page, PageRequest},
        viewer::Viewer,
    },
};

/// Whose operations are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Whose {
    /// All that the viewer may ask for.
    Mine,
    /// One client's.
    Client(i64),
}

/// The operation of that id, if the viewer may read it.
pub fn find(viewer: &Viewer, id: i64) -> Option<Arc<operation::Model>> {
    let operations = viewer.store().operations();
    operations.by_id.get(&id).filter(|row| is_seen(viewer, row)).cloned()
}

/// One page of operations, by their names.
pub fn list(
    viewer: &Viewer,
    whose: Whose,
    request: &PageRequest,
) -> Result<Page<Arc<operation::Model>>, Failure> {
    viewer.permit(Action::ReadService)?;
    let window = request.window()?;
    let keyed = seen(viewer, whose)
        .into_iter()
        .map(|row| (Key { by: By::Text(row.name.clone().into()), id: row.id }, row));
    Ok(page::page(keyed, Direction::Ascending, &window))
}

/// How many there are.
pub fn count(viewer: &Viewer, whose: Whose) -> usize {
    seen(viewer, whose).len()
}

fn seen(viewer: &Viewer, whose: Whose) -> Vec<Arc<operation::Model>> {
    let operations = viewer.store().operations();
    let wanted = |row: &&Arc<operation::Model>| match whose {
        Whose::Mine => owners(viewer).any(|owner| owner == row.client_id),
        Whose::Client(client) => row.client_id == Some(client) && is_seen(viewer, row),
    };
    operations.by_id.values().filter(wanted).cloned().collect()
}

fn is_seen(viewer: &Viewer, row: &operation::Model) -> bool {
    row.client_id.is_none() || covers(viewer, &viewer.reach(Action::ReadApiClients), row.client_id)
}
