//! Machine clients of third parties, held in memory as one immutable snapshot: each request
//! of theirs is judged by it, so that what is revoked or granted holds at once here, and as
//! soon as the other instances have followed.

pub mod assertions;
pub mod change;
pub mod list;
mod load;
pub mod register;
pub mod revoke;
pub mod rotate;
pub(super) mod used;

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{api_client, api_client_key, api_client_secret};

pub(super) use self::load::{load, refresh};
use super::{
    error::{Declined, Failure},
    turn::Turn,
    viewer::Viewer,
};
use crate::{
    auth::{
        actor::{Actor, Scope, Terms},
        grants::Grants,
        keys::VerificationKey,
        policy::Reach,
    },
    ids::OrganisationId,
};

/// One machine client, with everything that it proves itself by and is granted.
pub struct ApiClient {
    pub row: api_client::Model,
    pub keys: Vec<api_client_key::Model>,
    /// Those that are good, and some that no longer are.
    pub secrets: Vec<api_client_secret::Model>,
    /// By organisation, in the order of their ids.
    pub granted: Vec<(OrganisationId, Scope)>,
    pub grants: Arc<Grants>,
    verification: HashMap<String, VerificationKey>,
}

impl ApiClient {
    /// Whether it may still come.
    pub fn is_active(&self) -> bool {
        self.row.revoked_at.is_none()
    }

    /// What it is held to.
    pub fn terms(&self) -> Terms {
        let cost_per_minute = self.row.cost_per_minute.map(i32::unsigned_abs);
        Terms { cost_per_minute, documents: self.row.documents }
    }

    pub fn key(&self, kid: &str) -> Option<&VerificationKey> {
        self.verification.get(kid)
    }

    /// Its secrets that are good at a moment, the newest last.
    pub fn good_secrets(&self, now: DateTime<Utc>) -> Vec<&api_client_secret::Model> {
        let good = |secret: &&api_client_secret::Model| {
            self.is_active() && secret.expires_at.is_none_or(|until| now < until)
        };
        self.secrets.iter().filter(good).collect()
    }
}

/// Every client that was ever registered.
#[derive(Default)]
pub struct ApiClients {
    position: i64,
    by_code: HashMap<String, Arc<ApiClient>>,
}

impl ApiClients {
    /// The audit row of the last command that changed any of them.
    pub(super) fn position(&self) -> i64 {
        self.position
    }

    pub(super) fn find(&self, code: &str) -> Option<&Arc<ApiClient>> {
        self.by_code.get(code)
    }

    pub(super) fn by_id(&self, id: i64) -> Option<&Arc<ApiClient>> {
        self.by_code.values().find(|client| client.row.id == id)
    }
}

/// The client of that code, if it is registered and not revoked.
pub fn active(viewer: &Viewer, code: &str) -> Option<Arc<ApiClient>> {
    let clients = viewer.store().api_clients();
    clients.find(code).filter(|client| client.is_active()).cloned()
}

/// Notes that a client was there.
pub fn was_here(viewer: &Viewer, client: i64) {
    used::note(viewer, client);
}

/// Whether a client lies within a reach of the viewer's. A training hub's own are those that
/// are granted that hub and nothing else.
pub(super) fn covers(viewer: &Viewer, reach: &Reach, client: &ApiClient) -> bool {
    match reach {
        Reach::Everywhere => true,
        Reach::Itself => match viewer.actor() {
            Actor::Holder(holder) => {
                holder.client.as_ref().is_some_and(|own| own.id == client.row.id)
            }
            Actor::Public => false,
        },
        Reach::TrainingHub(hub) => {
            let granted = &client.granted;
            !granted.is_empty() && granted.iter().all(|(to, _)| to == hub)
        }
        Reach::Nowhere
        | Reach::Site(_)
        | Reach::Area(_)
        | Reach::Region(_)
        | Reach::Provider(_)
        | Reach::Assigned
        | Reach::Granted(_) => false,
    }
}

/// The client as it is in this turn, as the caller has read it; what is revoked stays so.
async fn opened(turn: &Turn, id: i64, expected: i32) -> Result<Arc<ApiClient>, Declined> {
    use crate::auth::action::Action::ReadApiClients;
    let clients = load(turn.connection()).await?;
    let client = clients.by_id(id).ok_or(Failure::NotFound)?;
    turn.permits(ReadApiClients, |reach| covers(turn.viewer(), &reach, client))?;
    if client.row.version != expected {
        turn.viewer().store().publish_api_clients(Arc::new(clients));
        return Err(Declined::VersionConflict(id));
    }
    Ok(client.clone())
}

/// Ends a turn that changed a client, and lets every request from here on see it.
async fn commit(mut turn: Turn, id: i64) -> Result<(), Failure> {
    let clients = load(turn.connection()).await?;
    turn.leave_clients(clients);
    turn.commit(None, id).await
}
