//! A machine client as clients see it: everything but its secrets.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::input::ApiScope;
use crate::{
    domain::{
        api_clients::{ApiClient as Domain, list},
        viewer::Viewer,
    },
    graphql::{
        error::Result,
        ids,
        organisations::{interfaces::Organisation, parts, seen::viewer},
        refusal::Refusal,
    },
};

/// A machine of a third party that signs in by itself.
pub struct ApiClient {
    client: Arc<Domain>,
    used: Option<DateTime<Utc>>,
}

impl ApiClient {
    /// Some clients, with when they were last there.
    pub async fn of(viewer: &Viewer, clients: Vec<Arc<Domain>>) -> Result<Vec<Self>> {
        let ids: Vec<i64> = clients.iter().map(|client| client.row.id).collect();
        let mut used = list::last_used(viewer, &ids).await?;
        let one = |client: Arc<Domain>| Self { used: used.remove(&client.row.id), client };
        Ok(clients.into_iter().map(one).collect())
    }

    /// The client of that id, which the viewer has just read or changed.
    pub async fn find(viewer: &Viewer, id: i64) -> Result<Self> {
        let found = list::find(viewer, id).ok_or_else(Refusal::internal)?;
        let mut found = Self::of(viewer, vec![found]).await?;
        found.pop().ok_or_else(Refusal::internal)
    }
}

/// Some scopes of a machine client, for an organisation and what lies within it.
#[derive(SimpleObject)]
pub struct ApiGrant {
    /// For which; null if it is no longer in the register.
    organisation: Option<Organisation>,
    /// What for.
    scopes: Vec<ApiScope>,
}

/// A public key that a machine client signs its assertions with.
#[derive(SimpleObject)]
pub struct ApiClientKey {
    /// Its name, which assertions bear in their header.
    kid: String,
    /// The JSON Web Key.
    jwk: String,
    /// When it was registered.
    added_at: DateTime<Utc>,
}

/// A secret of a machine client, of which only the client has the rest.
#[derive(SimpleObject)]
pub struct ApiClientSecret {
    /// The eight characters after `gpa_`, which tell it from another.
    hint: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is good; null while it is the newest.
    expires_at: Option<DateTime<Utc>>,
}

/// A machine of a third party that signs in by itself.
#[Object]
impl ApiClient {
    /// Its id, for commands about it.
    async fn id(&self) -> ID {
        ids::id_of("ApiClient", self.client.row.id)
    }

    /// What it calls itself at the token endpoint: `client_id`, and `iss` and `sub` of its
    /// assertions.
    async fn client_id(&self) -> &str {
        &self.client.row.code
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.client.row.name
    }

    /// Whom to write to about it.
    async fn contact(&self) -> &str {
        &self.client.row.contact
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime<Utc> {
        self.client.row.registered_at
    }

    /// Since when its tokens are refused; null while they are not.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.client.row.revoked_at
    }

    /// When it last got or sent a token, to the minute; null if it never did.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.used
    }

    /// What it is granted.
    async fn grants(&self, ctx: &Context<'_>) -> Vec<ApiGrant> {
        let viewer = viewer(ctx);
        let mut grants: BTreeMap<i64, Vec<ApiScope>> = BTreeMap::new();
        for (organisation, scope) in &self.client.granted {
            grants.entry(*organisation).or_default().push((*scope).into());
        }
        let grant = |(id, scopes)| ApiGrant {
            organisation: parts::organisation(ctx, id, viewer.today()),
            scopes,
        };
        grants.into_iter().map(grant).collect()
    }

    /// The keys that it signs with.
    async fn keys(&self) -> Vec<ApiClientKey> {
        let key = |key: &entity::api_client_key::Model| ApiClientKey {
            kid: key.kid.clone(),
            jwk: key.jwk.clone(),
            added_at: key.added_at,
        };
        self.client.keys.iter().map(key).collect()
    }

    /// Its secrets that are good now, the newest last.
    async fn secrets(&self, ctx: &Context<'_>) -> Vec<ApiClientSecret> {
        let secret = |secret: &entity::api_client_secret::Model| ApiClientSecret {
            hint: secret.hint.clone(),
            created_at: secret.created_at,
            expires_at: secret.expires_at,
        };
        self.client.good_secrets(viewer(ctx).time_outside()).into_iter().map(secret).collect()
    }

    /// Rises by one with every change; send it back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.client.row.version
    }
}
