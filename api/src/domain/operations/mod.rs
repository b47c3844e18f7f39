//! Operations that were registered: a client's own, and everybody's. They can be asked for
//! by the digest of their document, a query also as a file by its name, and a client can be
//! held to them. Held in memory as one immutable snapshot.
//!
//! Whether a document makes sense is known before it comes here.

pub mod list;
mod load;
pub mod register;
pub mod retire;

use std::{collections::HashMap, sync::Arc};

use entity::operation;
use sha2::{Digest, Sha256};

pub(super) use self::load::{load, refresh};
use super::{
    api_clients,
    error::{Declined, Failure},
    turn::Turn,
    viewer::Viewer,
};
use crate::auth::{actor::Actor, policy::Reach};

/// Every operation that is registered and not retired.
#[derive(Default)]
pub struct Operations {
    position: i64,
    by_id: HashMap<i64, Arc<operation::Model>>,
    by_digest: HashMap<(Option<i64>, String), i64>,
    /// The newest of each name.
    by_name: HashMap<(Option<i64>, String), i64>,
}

impl Operations {
    /// The audit row of the last command that changed any of them.
    pub(super) fn position(&self) -> i64 {
        self.position
    }

    fn with_digest(&self, owner: Option<i64>, digest: &str) -> Option<&Arc<operation::Model>> {
        let id = self.by_digest.get(&(owner, digest.to_owned()))?;
        self.by_id.get(id)
    }

    fn named(&self, owner: Option<i64>, name: &str) -> Option<&Arc<operation::Model>> {
        let id = self.by_name.get(&(owner, name.to_owned()))?;
        self.by_id.get(id)
    }
}

/// What a document is known by: its SHA-256, in hexadecimal.
pub fn digest(document: &str) -> String {
    Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The operation of that digest, if it is registered for the viewer.
pub fn with_digest(viewer: &Viewer, digest: &str) -> Option<Arc<operation::Model>> {
    let operations = viewer.store().operations();
    owners(viewer).find_map(|owner| operations.with_digest(owner, digest).cloned())
}

/// The operation of that name, the viewer's own before everybody's.
pub fn named(viewer: &Viewer, name: &str) -> Option<Arc<operation::Model>> {
    let operations = viewer.store().operations();
    owners(viewer).find_map(|owner| operations.named(owner, name).cloned())
}

/// Whose operations the viewer may ask for, the nearest first.
fn owners(viewer: &Viewer) -> impl Iterator<Item = Option<i64>> {
    client(viewer).map(Some).into_iter().chain([None])
}

fn client(viewer: &Viewer) -> Option<i64> {
    match viewer.actor() {
        Actor::Holder(holder) => holder.client.as_ref().map(|client| client.id),
        Actor::Public => None,
    }
}

/// Whether the operations of an owner lie within a reach of the viewer's.
fn covers(viewer: &Viewer, reach: &Reach, owner: Option<i64>) -> bool {
    let clients = viewer.store().api_clients();
    match owner {
        None => *reach == Reach::Everywhere,
        Some(owner) => {
            clients.by_id(owner).is_some_and(|owner| api_clients::covers(viewer, reach, owner))
        }
    }
}

/// Ends a turn that changed operations, and lets every request from here on see it.
async fn commit(turn: Turn, outcome: i64) -> Result<(), Declined> {
    let operations = load(turn.connection()).await.map_err(Failure::from)?;
    let store = turn.viewer().store().clone();
    turn.commit(None, outcome).await?;
    store.publish_operations(Arc::new(operations));
    Ok(())
}
